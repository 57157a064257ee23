// One watched subscription: both kinds of system topics, unless they are there, and an event subscription to each.
targetScope = 'subscription'

@description('Name of the deployment: part of the event subscriptions\' names.')
param environmentName string

@description('Where the resource group is kept.')
param location string

@description('Tags of the resource group and the system topics.')
param tags object

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

@description('Id of the system topic of type Microsoft.Resources.Subscriptions. Empty: one is made.')
param operationsTopicId string

@description('Id of the system topic of type Microsoft.ResourceNotifications.Resources. Empty: one is made.')
param notificationsTopicId string

@description('Whether topics that are there already carry the identity.')
param existingTopicsCarryIdentity bool

var abbreviations = loadJsonContent('../abbreviations.json')
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

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = if (empty(operationsTopicId) || empty(notificationsTopicId)) {
  name: resourceGroupName
  location: location
  tags: tags
}

module newTopics 'system-topic.bicep' = [
  for topic in topics: if (empty(topic.existingId)) {
    name: 'postern-topic-${topic.key}'
    scope: resourceGroup(resourceGroupName)
    params: {
      name: '${abbreviations.eventGridSystemTopics}postern-${topic.key}'
      topicType: topic.settings.topicType
      identityId: eventsIdentityId
      tags: tags
    }
    dependsOn: [group]
  }
]

module eventSubscriptions 'event-subscription.bicep' = [
  for topic in topics: {
    name: 'postern-events-${topic.key}-${environmentName}'
    scope: resourceGroup(empty(topic.existingId) ? resourceGroupName : split(topic.existingId, '/')[4])
    params: {
      topicName: empty(topic.existingId)
        ? '${abbreviations.eventGridSystemTopics}postern-${topic.key}'
        : last(split(topic.existingId, '/'))
      name: '${abbreviations.eventGridEventSubscriptions}${environmentName}'
      functionAppId: functionAppId
      includedEventTypes: topic.settings.includedEventTypes
      advancedFilters: topic.settings.advancedFilters
      deadLetter: deadLetter && (empty(topic.existingId) || existingTopicsCarryIdentity)
      storageAccountId: storageAccountId
      eventsIdentityId: eventsIdentityId
    }
    dependsOn: [newTopics]
  }
]

@description('Ids of the event subscriptions.')
output eventSubscriptionIds array = [for index in range(0, length(topics)): eventSubscriptions[index].outputs.id]
