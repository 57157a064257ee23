using '../../../infra/events/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param functionAppId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-prod/providers/Microsoft.Web/sites/func-abcdefghijklm'
param storageAccountId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-prod/providers/Microsoft.Storage/storageAccounts/stabcdefghijklm'
param eventsIdentityId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-prod/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-events-abcdefghijklm'
param watchedSubscriptions = [
  '11111111-1111-4111-8111-111111111111'
  '22222222-2222-4222-8222-222222222222'
]
param guestIdentityIds = [
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourcegroups/rg-test/providers/microsoft.managedidentity/userassignedidentities/id-events-mlkjihgfedcba'
]
param actionGroupIds = [
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourcegroups/rg-alerts/providers/microsoft.insights/actiongroups/call'
]
