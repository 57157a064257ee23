// Stage two: events of each watched subscription are delivered to the deployed function onResourceEvent.
// Deploy it in Postern's own subscription, after the package: Event Grid asks the function whether it is there.
targetScope = 'subscription'

@description('Name of the deployment, as in stage one.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Where the resource groups of the system topics are kept. The topics themselves are global.')
@minLength(1)
param location string

@description('Tags of the resource groups and system topics.')
param tags object = {}

@description('Ids of the subscriptions to watch. Postern must have its role there: watchedSubscriptions of stage one, or the onboarding of a management group.')
@minLength(1)
param watchedSubscriptions string[]

@description('Id of the function app.')
@minLength(1)
param functionAppId string

@description('Whether events that could not be delivered are kept. Off where the storage account is closed to public networks: Event Grid cannot pass its firewall with this identity.')
param deadLetter bool = true

@description('Id of the storage account for undelivered events.')
@minLength(1)
param storageAccountId string

@description('Id of the identity that may write undelivered events.')
@minLength(1)
param eventsIdentityId string

@description('Name of the resource group, in each watched subscription, for its system topics.')
@minLength(1)
@maxLength(90)
param topicsResourceGroupName string = 'rg-postern-events'

@description('System topics that are there already: Azure allows one of each type in a subscription. To keep undelivered events, they must carry the identity.')
param existingTopics existingTopicsType[] = []

@description('The system topics that a subscription has already.')
type existingTopicsType = {
  @description('Id of the subscription.')
  subscriptionId: string
  @description('Id of its system topic of type Microsoft.Resources.Subscriptions.')
  operationsTopicId: string?
  @description('Id of its system topic of type Microsoft.ResourceNotifications.Resources.')
  notificationsTopicId: string?
  @description('Whether these topics carry the identity of eventsIdentityId. Else their undelivered events are not kept.')
  carryIdentity: bool?
}

var topicsBySubscription = toObject(existingTopics, each => toLower(each.subscriptionId))

module watched 'watch-subscription.bicep' = [
  for id in watchedSubscriptions: {
    name: 'postern-events-${environmentName}'
    scope: subscription(id)
    params: {
      environmentName: environmentName
      location: location
      tags: union(tags, { 'azd-env-name': environmentName })
      resourceGroupName: topicsResourceGroupName
      functionAppId: functionAppId
      deadLetter: deadLetter
      storageAccountId: storageAccountId
      eventsIdentityId: eventsIdentityId
      operationsTopicId: topicsBySubscription[?toLower(id)].?operationsTopicId ?? ''
      notificationsTopicId: topicsBySubscription[?toLower(id)].?notificationsTopicId ?? ''
      existingTopicsCarryIdentity: topicsBySubscription[?toLower(id)].?carryIdentity ?? false
    }
  }
]

@description('Ids of the event subscriptions, for each watched subscription.')
output eventSubscriptionIds array = [for index in range(0, length(watchedSubscriptions)): watched[index].outputs.eventSubscriptionIds]
