using '../../../infra/onboarding/main.bicep'

param environmentName = 'test'
param location = 'westeurope'
param posternPrincipalId = '88888888-8888-4888-8888-888888888888'
param functionAppId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-test/providers/Microsoft.Web/sites/func-mlkjihgfedcba'
param storageAccountId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-test/providers/Microsoft.Storage/storageAccounts/stmlkjihgfedcba'
param eventsIdentityId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-test/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-events-mlkjihgfedcba'
