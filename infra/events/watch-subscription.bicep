// One watched subscription: both kinds of system topics, unless they are there, and an event subscription to each.
targetScope = 'subscription'

import { eventsLabel, eventSubscriptionName, systemTopicName, tagsType } from '../shared.bicep'

@description('Name of the deployment: part of the event subscriptions\' names.')
param environmentName string

@description('Where the resource group is kept.')
param location string

@description('Tags of the resource group and the system topics.')
param tags tagsType

@description('Name of the resource group for new system topics.')
param resourceGroupName string

@description('Id of the function app.')
param functionAppId string

@description('Whether undelivered events are kept.')
param deadLetter bool

@description('Id of the storage account for undelivered events.')
param storageAccountId string

@description('Id of the identity that may write them.')
param eventsIdentityId string

@description('Ids of identities of other Posterns that use the topics which are made here.')
param guestIdentityIds string[]

@description('Ids of the action groups that alerts notify.')
param actionGroupIds string[]

@description('Id of the system topic of type Microsoft.Resources.Subscriptions. Empty: one is made.')
param operationsTopicId string

@description('Id of the system topic of type Microsoft.ResourceNotifications.Resources. Empty: one is made.')
param notificationsTopicId string

@description('Whether topics that are there already carry the identity.')
param existingTopicsCarryIdentity bool

var filters = loadJsonContent('filters.json')

var topics = [
  {
    key: 'operations'
    existingId: operationsTopicId
    settings: filters.operations
  }
  {
    key: 'notifications'
    existingId: notificationsTopicId
    settings: filters.notifications
  }
]

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = if (empty(operationsTopicId) || empty(notificationsTopicId)) {
  name: resourceGroupName
  location: location
  tags: tags
}

module newTopics 'system-topic.bicep' = [
  for topic in topics: if (empty(topic.existingId)) {
    scope: resourceGroup(resourceGroupName)
    params: {
      name: systemTopicName(topic.key, functionAppId)
      topicType: topic.settings.topicType
      eventsIdentityId: eventsIdentityId
      guestIdentityIds: guestIdentityIds
      tags: tags
    }
    dependsOn: [group]
  }
]

module eventSubscriptions 'event-subscription.bicep' = [
  for topic in topics: {
    scope: resourceGroup(empty(topic.existingId) ? resourceGroupName : split(topic.existingId, '/')[4])
    params: {
      topicName: empty(topic.existingId)
        ? systemTopicName(topic.key, functionAppId)
        : last(split(topic.existingId, '/'))!
      name: eventSubscriptionName(environmentName, functionAppId)
      alertName: '${eventSubscriptionName(environmentName, functionAppId)}-${topic.key}'
      label: eventsLabel(
        filters.digest,
        functionAppId,
        deadLetter && (empty(topic.existingId) || existingTopicsCarryIdentity)
          ? [storageAccountId, eventsIdentityId]
          : []
      )
      functionAppId: functionAppId
      filter: topic.settings.filter
      delivery: filters.delivery
      deadLetter: deadLetter && (empty(topic.existingId) || existingTopicsCarryIdentity)
      storageAccountId: storageAccountId
      eventsIdentityId: eventsIdentityId
      actionGroupIds: actionGroupIds
    }
    dependsOn: [newTopics]
  }
]

@description('Ids of the event subscriptions.')
output eventSubscriptionIds string[] = [for index in range(0, length(topics)): eventSubscriptions[index].outputs.id]
