// Two identities, so that what Event Grid may do and what Postern may do stay apart.
import { tagsType } from '../shared.bicep'

@description('Name of the identity that Postern acts as.')
param appIdentityName string

@description('Name of the identity that the system topics use for undelivered events.')
param eventsIdentityName string

@description('Region of the identities.')
param location string

@description('Tags of the identities.')
param tags tagsType

resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: appIdentityName
  location: location
  tags: tags
}

resource events 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: eventsIdentityName
  location: location
  tags: tags
}

@description('Id of the identity that Postern acts as.')
output appIdentityId string = app.id

@description('Its client id.')
output appClientId string = app.properties.clientId

@description('Its object id.')
output appPrincipalId string = app.properties.principalId

@description('Id of the identity of the system topics.')
output eventsIdentityId string = events.id

@description('Its object id.')
output eventsPrincipalId string = events.properties.principalId
