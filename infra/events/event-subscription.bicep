// Delivers what Postern can use of one system topic to its function, and tells when it is not delivered.
//
// Event Grid has no delivery by identity to a function: it fetches the host's key eventgrid_extension, through the rights of its own
// service principal in the function's subscription, and sends it along. The key never appears here. Whoever had it could only name
// targets to look at: an event is a hint, and the state is read from ARM. Undelivered events are written by identity.
import { deadLetterContainer } from '../shared.bicep'

@description('Name of the system topic, in this resource group.')
param topicName string

@description('Name of the event subscription.')
param name string

@description('Name of the alert rule.')
param alertName string

@description('Tells whether the event subscription is up to date.')
param label string

@description('Id of the function app.')
param functionAppId string

@description('Which events are delivered. Texts are compared without case; 25 values at most.')
param filter resourceInput<'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15'>.properties.filter

@description('How they are delivered.')
param delivery deliveryType

@description('Whether undelivered events are kept.')
param deadLetter bool

@description('Id of the storage account for undelivered events.')
param storageAccountId string

@description('Id of the identity that may write them; the topic must carry it.')
param eventsIdentityId string

@description('Ids of the action groups that the alert notifies.')
param actionGroupIds string[]

@export()
@description('How events are delivered.')
type deliveryType = {
  @description('How many events are handed over at once.')
  maxEventsPerBatch: int
  @description('How large such a batch should be.')
  preferredBatchSizeInKilobytes: int
  @description('How often a delivery is tried.')
  maxDeliveryAttempts: int
  @description('For how long a delivery is tried.')
  eventTimeToLiveInMinutes: int
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource eventSubscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: name
  properties: {
    labels: [label]
    destination: {
      endpointType: 'AzureFunction'
      properties: {
        resourceId: '${functionAppId}/functions/onResourceEvent'
        // Delivered as soon as they are there; if one of a batch fails, all come again, which changes nothing.
        maxEventsPerBatch: delivery.maxEventsPerBatch
        preferredBatchSizeInKilobytes: delivery.preferredBatchSizeInKilobytes
      }
    }
    eventDeliverySchema: 'EventGridSchema'
    filter: filter
    retryPolicy: {
      maxDeliveryAttempts: delivery.maxDeliveryAttempts
      eventTimeToLiveInMinutes: delivery.eventTimeToLiveInMinutes
    }
    deadLetterWithResourceIdentity: deadLetter
      ? {
          identity: {
            type: 'UserAssigned'
            userAssignedIdentity: eventsIdentityId
          }
          deadLetterDestination: {
            endpointType: 'StorageBlob'
            properties: {
              resourceId: storageAccountId
              blobContainerName: deadLetterContainer
            }
          }
        }
      : null
  }
}

// Single failures are tried again: a restart of the app makes some.
resource undelivered 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: alertName
  location: 'global'
  properties: {
    description: 'Event Grid cannot deliver events to Postern, only the sweep finds requests. What to do: docs/operate.md#events-are-not-delivered'
    enabled: true
    severity: 2
    scopes: [topic.id]
    evaluationFrequency: 'PT15M'
    windowSize: 'PT1H'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'failed-deliveries'
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          metricName: 'DeliveryAttemptFailCount'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 50
          dimensions: [
            {
              name: 'EventSubscriptionName'
              operator: 'Include'
              values: [name]
            }
          ]
          // Known only once the first delivery has failed.
          skipMetricValidation: true
        }
      ]
    }
    autoMitigate: true
    actions: map(actionGroupIds, id => { actionGroupId: id })
  }
  // A metric of a topic that nobody subscribes to is refused.
  dependsOn: [eventSubscription]
}

@description('Id of the event subscription.')
output id string = eventSubscription.id
