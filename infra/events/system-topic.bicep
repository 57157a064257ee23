// A system topic of the subscription. Azure allows one of each type; several event subscriptions can share it.
import { identitiesOf, tagsType } from '../shared.bicep'

@description('Name of the system topic.')
param name string

@description('Which events: Microsoft.Resources.Subscriptions or Microsoft.ResourceNotifications.Resources.')
param topicType string

@description('Id of the identity that writes undelivered events.')
param eventsIdentityId string

@description('Ids of the identities of other Posterns that use the topic.')
param guestIdentityIds string[]

@description('Tags of the topic.')
param tags tagsType

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  // Events of a whole subscription belong to no region.
  location: 'global'
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: identitiesOf(eventsIdentityId, guestIdentityIds)
  }
  properties: {
    source: subscription().id
    topicType: topicType
  }
}
