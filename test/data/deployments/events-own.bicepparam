using '../../../infra/events/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param functionAppId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-prod/providers/Microsoft.Web/sites/func-abcdefghijklm'
param storageAccountId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-prod/providers/Microsoft.Storage/storageAccounts/stabcdefghijklm'
param eventsIdentityId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-prod/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-events-abcdefghijklm'
param watchedSubscriptions = [
  '33333333-3333-4333-8333-333333333333'
]
