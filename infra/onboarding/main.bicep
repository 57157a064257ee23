// Every subscription of a management group, those to come as well: Postern's role, and a policy that makes the event subscriptions.
// Deploy it once for each management group, after stage one and the package. docs/deploy.md tells of remediation.
targetScope = 'managementGroup'

@description('Name of the deployment, as in stage one.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Where the policy\'s identity and deployments, and the resource groups of the system topics, are kept.')
@minLength(1)
param location string

@description('Object id of the identity that Postern acts as.')
@minLength(36)
@maxLength(36)
param posternPrincipalId string

@description('Id of the function app.')
@minLength(1)
param functionAppId string

@description('Id of the storage account for undelivered events. It must be in the function app\'s resource group.')
@minLength(1)
param storageAccountId string

@description('Id of the identity of the system topics. It must be in the function app\'s resource group.')
@minLength(1)
param eventsIdentityId string

@description('Whether undelivered events are kept. Off where the storage account is closed to public networks.')
param deadLetter bool = true

@description('Whether a policy may also read all private endpoints of the management group: region, tags and subnet.')
param readEndpoints bool = false

@description('Name of the resource group, in each subscription, for its system topics.')
@minLength(1)
@maxLength(90)
param topicsResourceGroupName string = 'rg-postern-events'

@description('What the policy does: make what is missing, report it, or nothing.')
@allowed(['DeployIfNotExists', 'AuditIfNotExists', 'Disabled'])
param effect string = 'DeployIfNotExists'

@description('Ids of subscriptions or management groups below that the policy leaves alone, for example those that stage two serves with system topics that were there.')
param notScopes string[] = []

var abbreviations = loadJsonContent('../abbreviations.json')
var filters = loadJsonContent('../events/filters.json')
var policy = loadJsonContent('policy.json')
var onboarding = loadJsonContent('role.json')
// The role on the targets, and the one on the requesters' endpoints if it is asked for.
var roles = readEndpoints
  ? [loadJsonContent('../roles/postern-operator.json'), loadJsonContent('../roles/postern-reader.json')]
  : [loadJsonContent('../roles/postern-operator.json')]

// A custom role's name must be unique in the tenant.
var nameSuffix = '${environmentName} ${uniqueString(functionAppId)}, ${managementGroup().name}'

resource posternRoles 'Microsoft.Authorization/roleDefinitions@2022-04-01' = [
  for role in roles: {
    name: guid(managementGroup().id, role.roleName, nameSuffix)
    properties: {
      roleName: '${role.roleName} (${nameSuffix})'
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
      assignableScopes: [managementGroup().id]
    }
  }
]

resource posternAssignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (role, index) in roles: {
    name: guid(managementGroup().id, posternPrincipalId, role.roleName, nameSuffix)
    properties: {
      roleDefinitionId: posternRoles[index].id
      principalId: posternPrincipalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource onboardingRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, onboarding.roleName, nameSuffix)
  properties: {
    roleName: '${onboarding.roleName} (${nameSuffix})'
    description: onboarding.description
    type: 'CustomRole'
    permissions: [
      {
        actions: onboarding.actions
        notActions: onboarding.notActions
        dataActions: onboarding.dataActions
        notDataActions: onboarding.notDataActions
      }
    ]
    assignableScopes: [managementGroup().id]
  }
}

resource definition 'Microsoft.Authorization/policyDefinitions@2025-01-01' = {
  name: 'postern-events-${uniqueString(functionAppId)}'
  properties: {
    policyType: 'Custom'
    displayName: '${policy.displayName} (${environmentName})'
    description: policy.description
    mode: policy.mode
    metadata: policy.metadata
    parameters: policy.parameters
    policyRule: {
      if: policy.policyRule.if
      then: {
        effect: policy.policyRule.then.effect
        details: union(policy.policyRule.then.details, { roleDefinitionIds: [onboardingRole.id] })
      }
    }
  }
}

// A name of a policy assignment at a management group has 24 characters at most.
resource assignment 'Microsoft.Authorization/policyAssignments@2025-01-01' = {
  name: 'postern-${uniqueString(functionAppId)}'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    displayName: '${policy.displayName} (${environmentName})'
    description: policy.description
    policyDefinitionId: definition.id
    notScopes: notScopes
    nonComplianceMessages: [
      {
        message: 'Events of this subscription do not reach Postern; only its sweep finds requests here.'
      }
    ]
    parameters: {
      effect: { value: effect }
      location: { value: location }
      resourceGroupName: { value: topicsResourceGroupName }
      eventSubscriptionName: { value: '${abbreviations.eventGridEventSubscriptions}${environmentName}' }
      functionAppId: { value: functionAppId }
      eventsIdentityId: { value: eventsIdentityId }
      storageAccountId: { value: storageAccountId }
      deadLetter: { value: deadLetter }
      filters: { value: filters }
    }
  }
}

resource onboardingAssignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, assignment.id, onboardingRole.id)
  properties: {
    roleDefinitionId: onboardingRole.id
    principalId: assignment.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

module destinationRole 'destination-role.bicep' = {
  name: 'postern-onboarding-${uniqueString(managementGroup().id)}'
  scope: resourceGroup(split(functionAppId, '/')[2], split(functionAppId, '/')[4])
  params: {
    nameSuffix: nameSuffix
    principalId: assignment.identity.principalId
    functionAppName: last(split(functionAppId, '/'))
    storageAccountName: last(split(storageAccountId, '/'))
    eventsIdentityName: last(split(eventsIdentityId, '/'))
    deadLetter: deadLetter
  }
}

@description('Id of the policy assignment: a remediation task names it.')
output policyAssignmentId string = assignment.id

@description('Id of the policy definition.')
output policyDefinitionId string = definition.id
