using '../../../infra/events/main.bicep'

param environmentName = 'a-deployment-with-the-longest-name-of-al'
param location = 'westeurope'
param functionAppId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-a-deployment-with-the-longest-name-of-al/providers/Microsoft.Web/sites/func-abcdefghijklm'
param storageAccountId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-a-deployment-with-the-longest-name-of-al/providers/Microsoft.Storage/storageAccounts/stabcdefghijklm'
param eventsIdentityId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-a-deployment-with-the-longest-name-of-al/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-events-abcdefghijklm'
param watchedSubscriptions = [
  '33333333-3333-4333-8333-333333333333'
]
