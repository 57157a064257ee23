// Private ways to what stands in Postern's resource group, for an app that reaches out through a virtual network.
import { tagsType } from '../shared.bicep'

@description('Region of the endpoints: the one of their subnet.')
param location string

@description('Tags of the endpoints.')
param tags tagsType

@description('Id of the subnet of the endpoints.')
param subnetId string

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
  @description('Id of the private DNS zone that gets its name. Left out: none, as where Azure Policy registers the names.')
  dnsZoneId: string?
}

var zoneNames = {
  blob: 'privatelink.blob.'
  queue: 'privatelink.queue.'
  table: 'privatelink.table.'
  topic: 'privatelink.eventgrid.'
}

@export()
@description('The private DNS zone for one service, of a list of all; none if the list is empty.')
func zoneOf(ids string[], service string) string? =>
  empty(ids)
    ? null
    : first(filter(ids, id => startsWith(toLower(last(split(id, '/'))!), zoneNames[service]))) ?? fail('dnsZoneIds has no zone ${zoneNames[service]}*: give one for each of blob, queue, table and, with outcomeTopic, eventgrid, or none at all')

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
  for (endpoint, index) in endpoints: if (endpoint.?dnsZoneId != null) {
    parent: privateEndpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.groupId
          properties: {
            privateDnsZoneId: endpoint.dnsZoneId!
          }
        }
      ]
    }
  }
]
