// Delivers what Postern can use of one system topic to its function.
//
// Event Grid has no delivery by identity to a function: it fetches the host's key eventgrid_extension, through the rights of its own
// service principal in the function's subscription, and sends it along. The key never appears here. Whoever had it could only name
// targets to look at: an event is a hint, and the state is read from ARM. Undelivered events are written by identity.

@description('Name of the system topic, in this resource group.')
param topicName string

@description('Name of the event subscription.')
param name string

@description('Id of the function app.')
param functionAppId string

@description('Event types that are delivered.')
param includedEventTypes array

@description('Conditions on the events\' fields, all of which must hold. Texts are compared without case; 25 values at most.')
param advancedFilters array

@description('Whether undelivered events are kept.')
param deadLetter bool

@description('Id of the storage account for undelivered events.')
param storageAccountId string

@description('Id of the identity that may write them; the topic must carry it.')
param eventsIdentityId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource eventSubscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: name
  properties: {
    destination: {
      endpointType: 'AzureFunction'
      properties: {
        resourceId: '${functionAppId}/functions/onResourceEvent'
        // Delivered as soon as they are there; if one of a batch fails, all come again, which changes nothing.
        maxEventsPerBatch: 10
        preferredBatchSizeInKilobytes: 64
      }
    }
    eventDeliverySchema: 'EventGridSchema'
    filter: {
      includedEventTypes: includedEventTypes
      advancedFilters: advancedFilters
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
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
              blobContainerName: 'dead-letter'
            }
          }
        }
      : null
  }
}

@description('Id of the event subscription.')
output id string = eventSubscription.id
