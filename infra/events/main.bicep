// Stage two: events of each watched subscription are delivered to the deployed function onResourceEvent.
// Deploy it in Postern's own subscription, after the package: Event Grid asks the function whether it is there.
targetScope = 'subscription'

import { checkedEnvironmentName, distinctIds, tagsType, topicsResourceGroupName } from '../shared.bicep'

@description('Name of the deployment, as in stage one.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Where the resource groups of the system topics are kept. The topics themselves are global.')
@minLength(1)
param location string

@description('Tags of the resource groups and system topics.')
param tags tagsType = {}

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

@description('Name of the resource group, in each watched subscription, for its system topics. Empty: rg-postern-events- and the environment name.')
@maxLength(90)
param topicsResourceGroup string = ''

@description('System topics that are there already, for example those of another Postern: Azure allows one of each type in a subscription. To keep undelivered events, they must carry the identity.')
param existingTopics existingTopicsType[] = []

@description('Ids of the identities of other Posterns that use the topics which are made here: eventsIdentityId of each.')
param guestIdentityIds string[] = []

@description('Ids of the action groups that alerts notify. Empty: alerts fire and notify nobody.')
param actionGroupIds string[] = []

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

var deploymentName = checkedEnvironmentName(environmentName)
var subscriptions = distinctIds(watchedSubscriptions)
// What is said of one subscription in several places counts together.
var topics = map(
  subscriptions,
  id => shallowMerge(filter(existingTopics, each => toLower(trim(each.subscriptionId)) == id))
)

module watched 'watch-subscription.bicep' = [
  for (id, index) in subscriptions: {
    scope: subscription(id)
    params: {
      environmentName: deploymentName
      location: location
      // Not azd's own tag: it takes every resource group that bears it for the one of the app.
      tags: union(tags, { 'postern-environment': deploymentName })
      resourceGroupName: topicsResourceGroupName(deploymentName, topicsResourceGroup)
      functionAppId: functionAppId
      deadLetter: deadLetter
      storageAccountId: storageAccountId
      eventsIdentityId: eventsIdentityId
      guestIdentityIds: guestIdentityIds
      actionGroupIds: distinctIds(actionGroupIds)
      operationsTopicId: topics[index].?operationsTopicId ?? ''
      notificationsTopicId: topics[index].?notificationsTopicId ?? ''
      existingTopicsCarryIdentity: topics[index].?carryIdentity ?? false
    }
  }
]

@description('Ids of the event subscriptions, for each watched subscription.')
output eventSubscriptionIds string[][] = [
  for index in range(0, length(subscriptions)): watched[index].outputs.eventSubscriptionIds
]
