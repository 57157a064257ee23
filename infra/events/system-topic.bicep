// A system topic of the subscription. Azure allows one of each type; several event subscriptions can share it.

@description('Name of the system topic.')
param name string

@description('Which events: Microsoft.Resources.Subscriptions or Microsoft.ResourceNotifications.Resources.')
param topicType string

@description('Id of the identity that the topic carries.')
param identityId string

@description('Tags of the topic.')
param tags object

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  // Events of a whole subscription belong to no region.
  location: 'global'
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    source: subscription().id
    topicType: topicType
  }
}

@description('Name of the system topic.')
output name string = topic.name
