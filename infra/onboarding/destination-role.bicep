// What the onboarding policy's identity needs on Postern's own resources. Event Grid lets nobody name a destination who could not write
// to it, and Azure lets nobody attach an identity without the right to. Each right is on the one resource that it is for.

@description('What makes the roles\' names unique in the tenant.')
param nameSuffix string

@description('Object id of the policy assignment\'s identity.')
param principalId string

@description('Name of the function app.')
param functionAppName string

@description('Name of the storage account for undelivered events.')
param storageAccountName string

@description('Name of the identity of the system topics.')
param eventsIdentityName string

@description('Whether undelivered events are kept.')
param deadLetter bool

// Managed Identity Operator, a built-in role: read and attach.
var managedIdentityOperator = 'f1a07417-d97a-45cb-824c-7a7467783830'

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: functionAppName
}

resource account 'Microsoft.Storage/storageAccounts@2025-08-01' existing = {
  name: storageAccountName
}

resource eventsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: eventsIdentityName
}

resource functionRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(toLower(resourceGroup().id), 'function', nameSuffix)
  properties: {
    roleName: 'Postern Event Destination: function (${nameSuffix})'
    description: 'Lets the onboarding policy name Postern\'s function as the destination of events.'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
          'Microsoft.Web/sites/read'
          'Microsoft.Web/sites/functions/read'
          'Microsoft.Web/sites/functions/write'
        ]
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
    assignableScopes: [resourceGroup().id]
  }
}

resource storageRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (deadLetter) {
  name: guid(toLower(resourceGroup().id), 'storage', nameSuffix)
  properties: {
    roleName: 'Postern Event Destination: storage (${nameSuffix})'
    description: 'Lets the onboarding policy name Postern\'s storage account as the place of undelivered events.'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
          'Microsoft.Storage/storageAccounts/read'
          'Microsoft.Storage/storageAccounts/write'
        ]
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
    assignableScopes: [resourceGroup().id]
  }
}

resource functionAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(toLower(app.id), principalId, functionRole.id)
  scope: app
  properties: {
    roleDefinitionId: functionRole.id
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource storageAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (deadLetter) {
  name: guid(toLower(account.id), principalId, storageRole.id)
  scope: account
  properties: {
    roleDefinitionId: storageRole.id
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource identityAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(toLower(eventsIdentity.id), principalId, managedIdentityOperator)
  scope: eventsIdentity
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', managedIdentityOperator)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
