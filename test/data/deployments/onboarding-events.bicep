// What the onboarding policy deploys into a subscription, once for each kind of events: the same as stage two.
targetScope = 'subscription'

import { eventsLabel, eventSubscriptionName, identitiesOf, systemTopicName, topicsResourceGroupName } from '../../../infra/shared.bicep'

@description('Name of the deployment.')
param environmentName string

@description('Where resource groups are kept.')
param location string

@description('Id of the function app.')
param functionAppId string

@description('Id of the storage account.')
param storageAccountId string

@description('Id of the identity.')
param eventsIdentityId string

var filters = loadJsonContent('../../../infra/events/filters.json')

module made '../../../infra/onboarding/events-template.json' = [
  for kind in ['operations', 'notifications']: {
    params: {
      location: location
      resourceGroupName: topicsResourceGroupName(environmentName, '')
      tags: { 'postern-environment': environmentName }
      topicName: systemTopicName(kind, functionAppId)
      topicType: filters[kind].topicType
      identities: identitiesOf(eventsIdentityId, [])
      eventSubscriptionName: eventSubscriptionName(environmentName, functionAppId)
      label: eventsLabel(filters.digest, functionAppId, [storageAccountId, eventsIdentityId])
      functionAppId: functionAppId
      eventsIdentityId: eventsIdentityId
      storageAccountId: storageAccountId
      deadLetter: true
      filter: filters[kind].filter
      delivery: filters.delivery
    }
  }
]
