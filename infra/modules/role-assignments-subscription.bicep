// One custom role, defined and assigned on one subscription. Its actions are generated: infra/roles.
targetScope = 'subscription'

import { principalType, roleType } from '../shared.bicep'

@description('The role.')
param role roleType

@description('What makes the role\'s name unique in the tenant, beside the subscription\'s id.')
param nameSuffix string

@description('Who gets the role.')
param principals principalType[]

resource definition 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(toLower(subscription().id), role.roleName, nameSuffix)
  properties: {
    roleName: '${role.roleName} (${nameSuffix}, ${subscription().subscriptionId})'
    description: role.description
    type: 'CustomRole'
    permissions: [
      {
        actions: role.actions
        notActions: role.notActions
        dataActions: role.dataActions
        notDataActions: role.notDataActions
      }
    ]
    assignableScopes: [subscription().id]
  }
}

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for principal in principals: {
    name: guid(toLower(subscription().id), principal.principalId, definition.id)
    properties: {
      roleDefinitionId: definition.id
      principalId: principal.principalId
      principalType: principal.principalType
    }
  }
]

@description('Id of the role.')
output roleDefinitionId string = definition.id
