// A private endpoint that asks for its connection, and leaves the answer to the target's owner.
targetScope = 'resourceGroup'

@description('Name of the private endpoint.')
param name string

@description('Region of the private endpoint: that of its subnet.')
param location string = resourceGroup().location

@description('Resource id of the subnet that the endpoint gets its address from.')
param subnetId string

@description('Resource id of the target, e.g. a shared Key Vault in another subscription.')
param targetId string

@description('What of the target is asked for, e.g. vault, managedhsm, Gateway or disks.')
param groupId string = 'vault'

@maxLength(140)
@description('The request message: what the target\'s owner, and the policy, get to read.')
param requestMessage string

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: name
  location: location
  properties: {
    subnet: {
      id: subnetId
    }
    // Not privateLinkServiceConnections: those are approved at once, by rights on the target that nobody here should have.
    manualPrivateLinkServiceConnections: [
      {
        name: name
        properties: {
          privateLinkServiceId: targetId
          groupIds: [
            groupId
          ]
          requestMessage: requestMessage
        }
      }
    ]
  }
}

@description('What postern wait looks at.')
output endpointId string = endpoint.id
