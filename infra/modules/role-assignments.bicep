// Every right on Postern's own resources, in one file. Bicep wants another file for another kind of scope:
//   role-assignments-subscription.bicep     the custom roles on watched and requesters' subscriptions
//   ../onboarding/main.bicep                the same on a management group
//   ../onboarding/policy-role.bicep         the onboarding policy's own role there
//   ../onboarding/destination-role.bicep    what the onboarding policy needs on the resources here
// What each right is for stands beside it. There are no others.
import { principalType } from '../shared.bicep'

@description('Name of the storage account.')
param storageAccountName string

@description('Name of the container for policies, which the app only reads.')
param policyContainerName string

@description('Name of the container for undelivered events.')
param deadLetterContainerName string

@description('Name of the Application Insights component.')
param applicationInsightsName string

@description('Name of the topic for outcome events. Empty: there is none.')
param outcomeTopicName string

@description('Object id of the identity that Postern acts as.')
param appPrincipalId string

@description('Object id of the identity of the system topics.')
param eventsPrincipalId string

@description('Who operates Postern.')
param operators principalType[]

// Built-in roles, the same in every tenant.
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var blobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'
var eventGridDataSender = 'd5a91429-5739-47e2-a06b-3470a27159e7'

// Postern reads its policy and never writes it. Everywhere else the host needs to write.
var policyIsReadOnly = '''
(
 (
  !(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'})
  AND
  !(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action'})
  AND
  !(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete'})
  AND
  !(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/deleteBlobVersion/action'})
  AND
  !(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/runAsSuperUser/action'})
 )
 OR
 (
  @Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringNotEquals 'POLICY_CONTAINER'
 )
)
'''

// Of the account: see that everything is there, give up what is stuck, lift limits.
var operatorAccountRoles = [blobDataReader, queueDataContributor, tableDataContributor]
var operatorAccountGrants = flatten(map(
  operators,
  operator =>
    map(operatorAccountRoles, role => {
      principalId: operator.principalId
      principalType: operator.principalType
      role: role
    })
))

resource account 'Microsoft.Storage/storageAccounts@2025-08-01' existing = {
  name: storageAccountName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource policies 'containers' existing = {
      name: policyContainerName
    }

    resource deadLetters 'containers' existing = {
      name: deadLetterContainerName
    }
  }
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource topic 'Microsoft.EventGrid/topics@2025-02-15' existing = if (!empty(outcomeTopicName)) {
  name: outcomeTopicName
}

// The host's locks, keys and timers, its package, the policy, and Postern's leases. The host requires this role.
resource appBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(toLower(account.id), appPrincipalId, blobDataOwner)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataOwner)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
    condition: replace(policyIsReadOnly, 'POLICY_CONTAINER', policyContainerName)
    conditionVersion: '2.0'
  }
}

// Queue triggers, and Postern's own messages.
resource appQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(toLower(account.id), appPrincipalId, queueDataContributor)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', queueDataContributor)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Operations and the ledger, and the host's diagnostic events.
resource appTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(toLower(account.id), appPrincipalId, tableDataContributor)
  scope: account
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', tableDataContributor)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Audit records and logs: Application Insights takes no keys.
resource appTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(toLower(applicationInsights.id), appPrincipalId, monitoringMetricsPublisher)
  scope: applicationInsights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Outcome events.
resource appOutcomes 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(outcomeTopicName)) {
  name: guid(toLower(topic.id), appPrincipalId, eventGridDataSender)
  scope: topic
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', eventGridDataSender)
    principalId: appPrincipalId
    principalType: 'ServicePrincipal'
  }
}

// Undelivered events, and nothing else of the account.
resource eventsDeadLetters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(toLower(account::blobs::deadLetters.id), eventsPrincipalId, blobDataContributor)
  scope: account::blobs::deadLetters
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
    principalId: eventsPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource operatorAccount 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for grant in operatorAccountGrants: {
    name: guid(toLower(account.id), grant.principalId, grant.role)
    scope: account
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', grant.role)
      principalId: grant.principalId
      principalType: grant.principalType
    }
  }
]

// A new policy.
resource operatorPolicies 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for operator in operators: {
    name: guid(toLower(account::blobs::policies.id), operator.principalId, blobDataContributor)
    scope: account::blobs::policies
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
      principalId: operator.principalId
      principalType: operator.principalType
    }
  }
]
