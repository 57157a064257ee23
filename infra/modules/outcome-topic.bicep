// A custom topic for outcome events. Whoever wants to hear of decisions subscribes to it.
import { tagsType } from '../shared.bicep'

@description('Name of the topic.')
param name string

@description('Region of the topic.')
param location string

@description('Tags of the topic.')
param tags tagsType

@description('Whether events can be sent from public networks, always with a token.')
@allowed(['Enabled', 'Disabled'])
param publicNetworkAccess string

resource topic 'Microsoft.EventGrid/topics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    disableLocalAuth: true
    inputSchema: 'CloudEventSchemaV1_0'
    minimumTlsVersionAllowed: '1.2'
    publicNetworkAccess: publicNetworkAccess
  }
}

@description('Id of the topic.')
output id string = topic.id

@description('Where events are sent to.')
output endpoint string = topic.properties.endpoint
