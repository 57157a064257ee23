using '../../../infra/main.bicep'

param environmentName = 'Prod'
param location = 'West Europe'
param armEndpoint = 'https://management.usgovcloudapi.net'
param sweepSchedule = '30 */20 * * * *'
param sweepAll = true
param policyMode = 'policy'
param consoleClientId = '44444444-4444-4444-8444-444444444444'
param consoleTenantId = '55555555-5555-4555-8555-555555555555'
