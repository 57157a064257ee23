using '../../../infra/events/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param functionAppId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-test/providers/Microsoft.Web/sites/func-mlkjihgfedcba'
param storageAccountId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-test/providers/Microsoft.Storage/storageAccounts/stmlkjihgfedcba'
param eventsIdentityId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-test/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-events-mlkjihgfedcba'
param watchedSubscriptions = [
  '11111111-1111-4111-8111-111111111111'
  '22222222-2222-4222-8222-222222222222'
]
param existingTopics = [
  {
    subscriptionId: '11111111-1111-4111-8111-111111111111'
    operationsTopicId: '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-postern-events-prod/providers/Microsoft.EventGrid/systemTopics/egst-operations'
    notificationsTopicId: '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-postern-events-prod/providers/Microsoft.EventGrid/systemTopics/egst-notifications'
    carryIdentity: true
  }
  {
    subscriptionId: '22222222-2222-4222-8222-222222222222'
    operationsTopicId: '/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/rg-postern-events-prod/providers/Microsoft.EventGrid/systemTopics/egst-operations'
  }
]
