using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param tags = { owner: 'network' }
param policyMode = 'enforce'
param standbyAfter = 'PT1H'
param policySource = 'container'
param sweepSchedule = '0 0 */6 * * *'
param disabledFunctions = ['reviewTarget']
param nodeVersion = '22'
param alwaysReady = [{ name: 'function:onResourceEvent', instanceCount: 1 }]
param functionSubnetId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet/subnets/app'
param endpointSubnetId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet/subnets/endpoints'
param dnsZoneIds = [
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-network/providers/Microsoft.Network/privateDnsZones/privatelink.table.core.windows.net'
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-network/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net'
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-network/providers/Microsoft.Network/privateDnsZones/privatelink.queue.core.windows.net'
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-network/providers/Microsoft.Network/privateDnsZones/privatelink.eventgrid.azure.net'
]
param inboundFromEventGridOnly = true
param consoleClientId = '44444444-4444-4444-8444-444444444444'
param consoleTenantId = '55555555-5555-4555-8555-555555555555'
param consoleAllowedAddresses = ['203.0.113.0/24', '198.51.100.7/32']
param outcomeTopic = true
param dailyQuotaGb = 5
param watchedSubscriptions = [
  '11111111-1111-4111-8111-111111111111'
  '22222222-2222-4222-8222-222222222222'
]
param requesterSubscriptions = ['33333333-3333-4333-8333-333333333333']
param operators = [
  { principalId: 'aaaaaaaa-4444-4444-8444-444444444444', principalType: 'User' }
  { principalId: 'bbbbbbbb-5555-4555-8555-555555555555', principalType: 'Group' }
]
param actionGroupIds = [
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourcegroups/rg-alerts/providers/microsoft.insights/actiongroups/call'
]
param targetTypes = ['recorded', 'Maps', 'microsoft.web/sites/slots']
