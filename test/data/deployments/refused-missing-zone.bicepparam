// Refused: has no zone privatelink.queue.
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param functionSubnetId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet/subnets/app'
param endpointSubnetId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet/subnets/endpoints'
param dnsZoneIds = [
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-network/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net'
]
