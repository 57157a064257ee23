// What the onboarding policy's identity may do in every subscription of the management group. In a file of its own, because the name of an
// assignment must hold whom it is for, and whom it is for is known only once the policy is assigned.
targetScope = 'managementGroup'

@description('Object id of the policy assignment\'s identity.')
param principalId string

@description('Id of the role.')
param roleDefinitionId string

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(toLower(managementGroup().id), principalId, roleDefinitionId)
  properties: {
    roleDefinitionId: roleDefinitionId
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
