using '../../../infra/onboarding/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param posternPrincipalId = '77777777-7777-4777-8777-777777777777'
param functionAppId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-prod/providers/Microsoft.Web/sites/func-abcdefghijklm'
param storageAccountId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-prod/providers/Microsoft.Storage/storageAccounts/stabcdefghijklm'
param eventsIdentityId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-prod/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-events-abcdefghijklm'
param readEndpoints = true
param notScopes = ['/subscriptions/22222222-2222-4222-8222-222222222222']
