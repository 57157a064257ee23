// A custom topic for outcome events. Whoever wants to hear of decisions subscribes to it.

@description('Name of the topic.')
param name string

@description('Region of the topic.')
param location string

@description('Tags of the topic.')
param tags object

resource topic 'Microsoft.EventGrid/topics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    disableLocalAuth: true
    inputSchema: 'CloudEventSchemaV1_0'
    minimumTlsVersionAllowed: '1.2'
    publicNetworkAccess: 'Enabled'
  }
}

@description('Name of the topic.')
output name string = topic.name

@description('Where events are sent to.')
output endpoint string = topic.properties.endpoint
