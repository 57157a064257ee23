// Creates a private endpoint with a manual connection: the target's owner must approve it.
targetScope = 'resourceGroup'

@description('Name of the private endpoint.')
param name string

@description('Region of the private endpoint: the same as its subnet.')
param location string = resourceGroup().location

@description('Resource id of the subnet that the endpoint gets its address from.')
param subnetId string

@description('Resource id of the target, e.g. a shared Key Vault in another subscription.')
param targetId string

@description('The part of the target to connect to, e.g. vault, managedhsm, Gateway or disks.')
param groupId string = 'vault'

@maxLength(140)
@description('The request message, which the target\'s owner and the policy can read.')
param requestMessage string

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: name
  location: location
  properties: {
    subnet: {
      id: subnetId
    }
    // Not privateLinkServiceConnections: they are approved immediately, which needs permissions on the target that a requester should not have.
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

@description('The id to pass to postern wait.')
output endpointId string = endpoint.id
