// Refused: give functionSubnetId, too
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param endpointSubnetId = '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet/subnets/endpoints'
