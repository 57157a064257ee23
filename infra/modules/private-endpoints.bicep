// Private ways to what stands in Postern's resource group, for an app that reaches out through a virtual network.
import { tagsType } from '../shared.bicep'

@description('Region of the endpoints: the one of their subnet.')
param location string

@description('Tags of the endpoints.')
param tags tagsType

@description('Id of the subnet of the endpoints.')
param subnetId string

@description('Ids of private DNS zones, in any order. Empty: no names are registered, as where Azure Policy does it.')
param dnsZoneIds string[]

@description('What gets an endpoint.')
param endpoints endpointType[]

@description('A private endpoint.')
type endpointType = {
  @description('Name of the endpoint.')
  name: string
  @description('Id of what it leads to.')
  targetId: string
  @description('Which of its services.')
  groupId: 'blob' | 'queue' | 'table' | 'topic'
}

var zoneNames = {
  blob: 'privatelink.blob.'
  queue: 'privatelink.queue.'
  table: 'privatelink.table.'
  topic: 'privatelink.eventgrid.'
}

func zoneOf(ids string[], prefix string) string =>
  first(filter(ids, id => startsWith(toLower(last(split(id, '/'))!), prefix))) ?? fail('dnsZoneIds has no zone ${prefix}*: give one for each of blob, queue, table and, with outcomeTopic, eventgrid, or none at all')

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2025-05-01' = [
  for endpoint in endpoints: {
    name: endpoint.name
    location: location
    tags: tags
    properties: {
      subnet: {
        id: subnetId
      }
      customNetworkInterfaceName: '${endpoint.name}-nic'
      privateLinkServiceConnections: [
        {
          name: endpoint.groupId
          properties: {
            privateLinkServiceId: endpoint.targetId
            groupIds: [endpoint.groupId]
          }
        }
      ]
    }
  }
]

resource names 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = [
  for (endpoint, index) in endpoints: if (!empty(dnsZoneIds)) {
    parent: privateEndpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.groupId
          properties: {
            privateDnsZoneId: zoneOf(dnsZoneIds, zoneNames[endpoint.groupId])
          }
        }
      ]
    }
  }
]
