// Every subscription of a management group, those to come as well: Postern's role, and a policy that makes the event subscriptions.
// Deploy it once for each management group, after stage one and the package, and again with each new version of Postern.
targetScope = 'managementGroup'

import {
  checkedEnvironmentName
  distinctIds
  eventsLabel
  eventSubscriptionName
  identitiesOf
  operatorActions
  posternToken
  systemTopicName
  topicsResourceGroupName
  typesNamed
} from '../shared.bicep'

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

@description('The types of target that Postern answers: targetTypes of stage one. Empty: the recorded ones.')
param targetTypes string[] = []

@description('Name of the resource group, in each subscription, for its system topics. Empty: rg-postern-events- and the environment name.')
@maxLength(90)
param topicsResourceGroup string = ''

@description('Ids of the identities of other Posterns that use the topics which are made here: eventsIdentityId of each.')
param guestIdentityIds string[] = []

@description('What the policy does: make what is missing or old, report it, or nothing.')
@allowed(['DeployIfNotExists', 'AuditIfNotExists', 'Disabled'])
param effect string = 'DeployIfNotExists'

@description('Ids of subscriptions or management groups below that the policy leaves alone, for example those that stage two serves with system topics that were there.')
param notScopes string[] = []

var filters = loadJsonContent('../events/filters.json')
var policy = loadJsonContent('policy.json')
var policyRole = loadJsonContent('role.json')
// The role on the targets, and the one on the requesters' endpoints if it is asked for.
var typeRights = loadJsonContent('../roles/target-types.json')
var operatorRole = union(loadJsonContent('../roles/postern-operator.json'), {
  actions: operatorActions(typesNamed(targetTypes, typeRights), typeRights)
})
var roles = readEndpoints ? [operatorRole, loadJsonContent('../roles/postern-reader.json')] : [operatorRole]

var token = posternToken(functionAppId)
var deploymentName = checkedEnvironmentName(environmentName)
// A custom role's name must be unique in the tenant.
var nameSuffix = '${deploymentName} ${token}, ${managementGroup().name}'

var kinds = [
  {
    name: 'operations'
    settings: filters.operations
  }
  {
    name: 'notifications'
    settings: filters.notifications
  }
]

resource posternRoles 'Microsoft.Authorization/roleDefinitions@2022-04-01' = [
  for role in roles: {
    name: guid(toLower(managementGroup().id), role.roleName, nameSuffix)
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
    name: guid(toLower(managementGroup().id), posternPrincipalId, posternRoles[index].id)
    properties: {
      roleDefinitionId: posternRoles[index].id
      principalId: posternPrincipalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource onboardingRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(toLower(managementGroup().id), policyRole.roleName, nameSuffix)
  properties: {
    roleName: '${policyRole.roleName} (${nameSuffix})'
    description: policyRole.description
    type: 'CustomRole'
    permissions: [
      {
        actions: policyRole.actions
        notActions: policyRole.notActions
        dataActions: policyRole.dataActions
        notDataActions: policyRole.notDataActions
      }
    ]
    assignableScopes: [managementGroup().id]
  }
}

resource definition 'Microsoft.Authorization/policyDefinitions@2025-11-01' = {
  name: 'postern-events-${token}'
  properties: {
    policyType: 'Custom'
    displayName: '${policy.displayName} (${deploymentName})'
    description: policy.description
    mode: policy.mode
    metadata: policy.metadata
    parameters: policy.parameters
    policyRule: {
      if: policy.policyRule.if
      then: {
        effect: policy.policyRule.then.effect
        details: union(policy.policyRule.then.details, {
          roleDefinitionIds: [onboardingRole.id]
          deployment: union(policy.policyRule.then.details.deployment, {
            properties: union(policy.policyRule.then.details.deployment.properties, {
              template: loadJsonContent('events-template.json')
            })
          })
        })
      }
    }
  }
}

// A policy looks at one resource in each subscription: the set has it once for each kind of events.
resource both 'Microsoft.Authorization/policySetDefinitions@2025-11-01' = {
  name: 'postern-events-${token}'
  properties: {
    policyType: 'Custom'
    displayName: '${policy.displayName} (${deploymentName})'
    description: policy.description
    metadata: policy.metadata
    policyDefinitions: [
      for kind in kinds: {
        policyDefinitionId: definition.id
        policyDefinitionReferenceId: kind.name
        parameters: {
          effect: { value: effect }
          location: { value: location }
          resourceGroupName: { value: topicsResourceGroupName(deploymentName, topicsResourceGroup) }
          tags: { value: { 'postern-environment': deploymentName } }
          topicName: { value: systemTopicName(kind.name, functionAppId) }
          topicType: { value: kind.settings.topicType }
          identities: { value: identitiesOf(eventsIdentityId, guestIdentityIds) }
          eventSubscriptionName: { value: eventSubscriptionName(deploymentName, functionAppId) }
          label: {
            value: eventsLabel(filters.digest, functionAppId, deadLetter ? [storageAccountId, eventsIdentityId] : [])
          }
          functionAppId: { value: functionAppId }
          eventsIdentityId: { value: eventsIdentityId }
          storageAccountId: { value: storageAccountId }
          deadLetter: { value: deadLetter }
          filter: { value: kind.settings.filter }
          delivery: { value: filters.delivery }
        }
      }
    ]
  }
}

// A name of a policy assignment at a management group has 24 characters at most.
resource assignment 'Microsoft.Authorization/policyAssignments@2025-11-01' = {
  name: 'postern-${token}'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    displayName: '${policy.displayName} (${deploymentName})'
    description: policy.description
    policyDefinitionId: both.id
    notScopes: distinctIds(notScopes)
    nonComplianceMessages: [
      {
        message: 'Events of this subscription do not reach Postern, or not all: only its sweep finds requests here.'
      }
    ]
  }
}

module onboardingAssignment 'policy-role.bicep' = {
  params: {
    // Known only once the policy is assigned.
    #disable-next-line what-if-short-circuiting
    principalId: assignment.identity.principalId
    roleDefinitionId: onboardingRole.id
  }
}

module destinationRole 'destination-role.bicep' = {
  scope: resourceGroup(split(functionAppId, '/')[2], split(functionAppId, '/')[4])
  params: {
    nameSuffix: nameSuffix
    // Known only once the policy is assigned.
    #disable-next-line what-if-short-circuiting
    principalId: assignment.identity.principalId
    functionAppName: last(split(functionAppId, '/'))!
    storageAccountName: last(split(storageAccountId, '/'))!
    eventsIdentityName: last(split(eventsIdentityId, '/'))!
    deadLetter: deadLetter
  }
}

@description('Id of the policy assignment: remediation tasks name it.')
output policyAssignmentId string = assignment.id

@description('Id of the policy definition.')
output policyDefinitionId string = definition.id
