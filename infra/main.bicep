// Stage one: everything that Postern needs, and its rights. Stage two, infra/events, needs the deployed function.
// Nothing in here is a secret: storage, telemetry and topics refuse keys, and every access is by identity.
targetScope = 'subscription'

@description('Name of this deployment. Part of names and tags: one for each Postern that you run, for example postern-prod.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('Region of all resources. It must offer the Flex Consumption plan: az functionapp list-flexconsumption-locations.')
@minLength(1)
@metadata({
  azd: {
    type: 'location'
  }
})
param location string

@description('Name of the resource group. Empty: rg- and the environment name.')
@maxLength(90)
param resourceGroupName string = ''

@description('Tags for all resources, beside those that azd needs.')
param tags object = {}

@description('Ids of the subscriptions whose connections Postern answers. It gets the Postern Operator role on each of them.')
@minLength(1)
param watchedSubscriptions string[] = [subscription().subscriptionId]

@description('Ids of the subscriptions whose private endpoints a policy may read: region, tags and subnet. Empty: none are read.')
param requesterSubscriptions string[] = []

@description('People, groups or pipelines that run postern doctor, retry and lift, and upload policies. To be one is to operate Postern.')
param operators operatorType[] = []

@description('audit: decide and record, write nothing. enforce: act. policy: what the policy itself says.')
@allowed(['audit', 'enforce', 'policy'])
param policyMode string = 'audit'

@description('Where the policy is. package: the folder policies of the deployed package. container: the blob container policies, followed without a restart.')
@allowed(['package', 'container'])
param policySource string = 'package'

@description('When the sweep looks for what events missed: NCRONTAB with seconds, in UTC.')
@minLength(9)
param sweepSchedule string = '0 */15 * * * *'

@description('Ids of the subscriptions to sweep. Empty: all that the identity can read, new ones without a change here; with requesterSubscriptions, those in watchedSubscriptions.')
param sweepSubscriptions string[] = []

@description('The share of ARM\'s limits for a whole subscription that is left to others, in percent.')
@minValue(0)
@maxValue(95)
param armReservePercent int = 25

@description('Memory of an instance in MB. 512 is enough.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 512

@description('How many instances each function may have at most.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances that are kept warm, for example [{ name: \'function:onResourceEvent\', instanceCount: 1 }]. Empty: none, and cold starts of a few seconds.')
param alwaysReady alwaysReadyType[] = []

@description('Whether the plan is spread over availability zones. The region must have them; two always-ready instances per function are then the least.')
param zoneRedundant bool = false

@description('How the storage account is replicated. ZRS needs a region with availability zones; else take LRS or GRS.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Whether storage can be reached from public networks, always with a token. Disabled needs functionSubnetId and private endpoints for blob, queue and table.')
@allowed(['Enabled', 'Disabled'])
param storagePublicNetworkAccess string = 'Enabled'

@description('Id of a subnet, delegated to Microsoft.App/environments, through which the function app reaches out. Empty: no virtual network.')
param functionSubnetId string = ''

@description('Whether the function app takes requests from Event Grid\'s addresses only. Its deployment endpoint is not concerned.')
param inboundFromEventGridOnly bool = false

@description('How many days Log Analytics and Application Insights keep records.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('How many days undelivered events are kept.')
@minValue(1)
@maxValue(365)
param deadLetterRetentionDays int = 30

@description('Whether to make a custom Event Grid topic and tell it of every decision and every end of an operation.')
param outcomeTopic bool = false

@description('Ids of the action groups that alerts notify. Empty: alerts fire and notify nobody.')
param actionGroupIds string[] = []

@description('After how many minutes a Pending connection raises an alert.')
@minValue(15)
@maxValue(1440)
param pendingMinutes int = 60

@description('For how long no sweep may have ended before an alert fires: at least three times sweepSchedule.')
@allowed(['PT1H', 'PT2H', 'PT3H', 'PT6H', 'P1D', 'P2D'])
param sweepAlertWindow string = 'PT1H'

@description('Somebody who operates this deployment.')
type operatorType = {
  @description('Object id in Microsoft Entra ID.')
  principalId: string
  @description('What kind of principal it is.')
  principalType: 'User' | 'Group' | 'ServicePrincipal'
}

@description('How many instances of a function are kept warm.')
type alwaysReadyType = {
  @description('function: and the name of the function.')
  name: string
  @description('How many.')
  instanceCount: int
}

var abbreviations = loadJsonContent('abbreviations.json')
var operatorRole = loadJsonContent('roles/postern-operator.json')
var readerRole = loadJsonContent('roles/postern-reader.json')
var doctorRole = loadJsonContent('roles/postern-doctor.json')

var resourceToken = uniqueString(subscription().id, environmentName, location)
var allTags = union(tags, { 'azd-env-name': environmentName })
// A custom role's name must be unique in the tenant.
var roleSuffix = '${environmentName} ${resourceToken}'
var outcomeTopicName = outcomeTopic ? '${abbreviations.eventGridTopics}${resourceToken}' : ''

resource group 'Microsoft.Resources/resourceGroups@2024-11-01' = {
  name: empty(resourceGroupName) ? '${abbreviations.resourcesResourceGroups}${environmentName}' : resourceGroupName
  location: location
  tags: allTags
}

module identities 'modules/identities.bicep' = {
  name: 'identities'
  scope: group
  params: {
    appIdentityName: '${abbreviations.managedIdentityUserAssignedIdentities}app-${resourceToken}'
    eventsIdentityName: '${abbreviations.managedIdentityUserAssignedIdentities}events-${resourceToken}'
    location: location
    tags: allTags
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: '${abbreviations.storageStorageAccounts}${resourceToken}'
    location: location
    tags: allTags
    skuName: storageSku
    publicNetworkAccess: storagePublicNetworkAccess
    deadLetterRetentionDays: deadLetterRetentionDays
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: '${abbreviations.operationalInsightsWorkspaces}${resourceToken}'
    applicationInsightsName: '${abbreviations.insightsComponents}${resourceToken}'
    location: location
    tags: allTags
    retentionInDays: logRetentionDays
  }
}

module topic 'modules/outcome-topic.bicep' = if (outcomeTopic) {
  name: 'outcome-topic'
  scope: group
  params: {
    name: outcomeTopicName
    location: location
    tags: allTags
  }
}

module roleAssignments 'modules/role-assignments.bicep' = {
  name: 'role-assignments'
  scope: group
  params: {
    storageAccountName: storage.outputs.name
    policyContainerName: storage.outputs.policyContainerName
    deadLetterContainerName: storage.outputs.deadLetterContainerName
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    outcomeTopicName: outcomeTopic ? topic!.outputs.name : ''
    appPrincipalId: identities.outputs.appPrincipalId
    eventsPrincipalId: identities.outputs.eventsPrincipalId
    operators: operators
  }
}

module watchedRoles 'modules/role-assignments-subscription.bicep' = [
  for id in watchedSubscriptions: {
    name: 'postern-operator-${resourceToken}'
    scope: subscription(id)
    params: {
      role: operatorRole
      nameSuffix: roleSuffix
      principals: [{ principalId: identities.outputs.appPrincipalId, principalType: 'ServicePrincipal' }]
    }
  }
]

module requesterRoles 'modules/role-assignments-subscription.bicep' = [
  for id in requesterSubscriptions: {
    name: 'postern-reader-${resourceToken}'
    scope: subscription(id)
    params: {
      role: readerRole
      nameSuffix: roleSuffix
      principals: [{ principalId: identities.outputs.appPrincipalId, principalType: 'ServicePrincipal' }]
    }
  }
]

module doctorRoles 'modules/role-assignments-subscription.bicep' = [
  for id in watchedSubscriptions: if (!empty(operators)) {
    name: 'postern-doctor-${resourceToken}'
    scope: subscription(id)
    params: {
      role: doctorRole
      nameSuffix: roleSuffix
      principals: operators
    }
  }
]

module functionApp 'modules/function-app.bicep' = {
  name: 'function-app'
  scope: group
  params: {
    name: '${abbreviations.webSitesFunctions}${resourceToken}'
    planName: '${abbreviations.webServerFarms}${resourceToken}'
    location: location
    tags: allTags
    identityId: identities.outputs.appIdentityId
    identityClientId: identities.outputs.appClientId
    storageAccountName: storage.outputs.name
    packageContainerUrl: storage.outputs.packageContainerUrl
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: alwaysReady
    zoneRedundant: zoneRedundant
    subnetId: functionSubnetId
    inboundFromEventGridOnly: inboundFromEventGridOnly
    policyPath: policySource == 'container' ? storage.outputs.policyContainerUrl : 'policies'
    policyMode: policyMode == 'policy' ? '' : policyMode
    sweepSchedule: sweepSchedule
    // Requesters' subscriptions can be read, too, and hold nothing that Postern may list.
    sweepSubscriptions: empty(sweepSubscriptions) && !empty(requesterSubscriptions) ? watchedSubscriptions : sweepSubscriptions
    armReservePercent: armReservePercent
    eventTopicEndpoint: outcomeTopic ? topic!.outputs.endpoint : ''
  }
  // The app reads its package and takes leases as soon as it starts.
  dependsOn: [roleAssignments]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    namePrefix: environmentName
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    actionGroupIds: actionGroupIds
    pendingMinutes: pendingMinutes
    sweepWindow: sweepAlertWindow
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: allTags
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    displayName: 'Postern ${environmentName}'
  }
}

@description('The resource group of Postern itself.')
output AZURE_RESOURCE_GROUP string = group.name

@description('Name of the function app.')
output POSTERN_FUNCTION_APP_NAME string = functionApp.outputs.name

@description('Id of the function app: stage two delivers events to its function onResourceEvent.')
output POSTERN_FUNCTION_APP_ID string = functionApp.outputs.id

@description('Id of the storage account: stage two puts undelivered events into its container dead-letter.')
output POSTERN_STORAGE_ACCOUNT_ID string = storage.outputs.id

@description('Name of the storage account.')
output POSTERN_STORAGE_ACCOUNT_NAME string = storage.outputs.name

@description('Where a policy is uploaded to; it is read from there if policySource is container.')
output POSTERN_POLICY_CONTAINER_URL string = storage.outputs.policyContainerUrl

@description('Id of the identity of the system topics: stage two attaches it.')
output POSTERN_EVENTS_IDENTITY_ID string = identities.outputs.eventsIdentityId

@description('Object id of the identity that Postern acts as.')
output POSTERN_PRINCIPAL_ID string = identities.outputs.appPrincipalId

@description('The watched subscriptions as a JSON array: stage two makes event subscriptions in each.')
output POSTERN_WATCHED_SUBSCRIPTIONS string = string(watchedSubscriptions)

@description('Where outcome events go; empty if there is no topic for them.')
output POSTERN_OUTCOME_TOPIC_ENDPOINT string = outcomeTopic ? topic!.outputs.endpoint : ''
