// Stage one: everything that Postern needs, and its rights. Stage two, infra/events, needs the deployed function.
// Nothing in here is a secret: storage, telemetry and topics refuse keys, and every access is by identity.
targetScope = 'subscription'

import {
  checkedEnvironmentName
  deadLetterContainer
  distinctIds
  distinctNames
  distinctPrincipals
  operatorActions
  packageContainer
  policyContainer
  principalType
  tagsType
  typesNamed
} from 'shared.bicep'
import { zoneOf } from 'modules/private-endpoints.bicep'
import { sweepWindow } from 'schedule.bicep'

@description('Name of this deployment, of letters, digits and hyphens. Part of names and tags: one for each Postern that you run, for example postern-prod.')
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
param tags tagsType = {}

@description('Ids of the subscriptions whose connections Postern answers. It gets the Postern Operator role on each of them.')
@minLength(1)
param watchedSubscriptions string[] = [subscription().subscriptionId]

@description('Ids of the subscriptions whose private endpoints a policy may read: region, tags and subnet. Empty: none are read.')
param requesterSubscriptions string[] = []

@description('People, groups or pipelines that run postern doctor, retry and lift, and upload policies. To be one is to operate Postern.')
param operators principalType[] = []

@description('audit: decide and record, write nothing. enforce: act. policy: what the policy itself says.')
@allowed(['audit', 'enforce', 'policy'])
param policyMode string = 'audit'

@description('Where the policy is. package: the folder policies of the deployed package. container: the blob container policies, followed without a restart.')
@allowed(['package', 'container'])
param policySource string = 'package'

@description('When the sweep looks for what events missed: NCRONTAB with seconds, in UTC.')
@minLength(9)
param sweepSchedule string = '0 */15 * * * *'

@description('Whether the sweep looks at every subscription that the identity can read, new ones without a change here: for a management group. Else it looks at watchedSubscriptions.')
param sweepAll bool = false

@description('TARGET_TYPES: the types of target that Postern answers, as types or services, for example [\'recorded\', \'maps\']. Empty: the recorded ones. The operator role has the rights for these alone.')
param targetTypes string[] = []

@description('STANDBY_AFTER: how long this deployment leaves each request to another one, for example PT1H. Empty: it is the first, or the only one.')
param standbyAfter string = ''

@description('Names of functions that do not run, for example [\'reviewTarget\']: a pause that a deployment does not end.')
param disabledFunctions string[] = []

@description('The share of ARM\'s limits for a whole subscription that is left to others, in percent.')
@minValue(0)
@maxValue(95)
param armReservePercent int = 25

@description('The version of Node.js.')
@allowed(['22', '24'])
param nodeVersion string = '24'

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

@description('Id of a subnet for private endpoints. With it, storage and the topic are closed to public networks from the start, and functionSubnetId must be given. Empty: none are made.')
param endpointSubnetId string = ''

@description('Ids of the private DNS zones privatelink.blob, .queue and .table, and .eventgrid with outcomeTopic, in any order. Empty: the endpoints register no names, as where Azure Policy does it.')
param dnsZoneIds string[] = []

@description('Whether storage and the topic can be reached from public networks, always with a token. Disabled without endpointSubnetId: the private endpoints are made elsewhere.')
@allowed(['Enabled', 'Disabled'])
param dataPublicNetworkAccess string = empty(endpointSubnetId) ? 'Enabled' : 'Disabled'

@description('Id of a subnet, delegated to Microsoft.App/environments, through which the function app reaches out. Empty: no virtual network.')
param functionSubnetId string = ''

@description('Whether requests from public networks reach the function app. Disabled: no events and no deployment from outside, only the sweep.')
@allowed(['Enabled', 'Disabled'])
param appPublicNetworkAccess string = 'Enabled'

@description('Whether the function app takes requests from Event Grid\'s addresses only. Its deployment endpoint is not concerned.')
param inboundFromEventGridOnly bool = false

@description('Client id of the app registration with which people sign in to the console. Empty: there is no console.')
param consoleClientId string = ''

@description('The tenant whose people may sign in to the console.')
param consoleTenantId string = tenant().tenantId

@description('With inboundFromEventGridOnly: addresses, such as 203.0.113.0/24, from which people reach the console.')
param consoleAllowedAddresses string[] = []

@description('How many days Log Analytics and Application Insights keep records.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('How many GB a day Log Analytics takes before it drops what comes, alerts among it. -1: no bound.')
@minValue(-1)
param dailyQuotaGb int = -1

@description('Whether a lock keeps the storage account, which holds the ledger, from being deleted: by azd down, too.')
param lockLedger bool = policyMode != 'audit'

@description('How many days undelivered events are kept, the last fourteen as deleted ones that can be brought back.')
@minValue(15)
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

@description('For how long no sweep may have ended before an alert fires. Empty: as long as sweepSchedule asks for.')
@allowed(['', 'PT1H', 'PT2H', 'PT3H', 'PT6H', 'P1D', 'P2D'])
param sweepAlertWindow string = ''

@description('Where ARM is, in another cloud than the public one, for example https://management.usgovcloudapi.net. Storage is then named by its endpoints.')
param armEndpoint string = ''

@description('How many instances of a function are kept warm.')
type alwaysReadyType = {
  @description('function: and the name of the function.')
  name: string
  @description('How many.')
  instanceCount: int
}

var abbreviations = loadJsonContent('abbreviations.json')
var typeRights = loadJsonContent('roles/target-types.json')
var operatorRole = union(loadJsonContent('roles/postern-operator.json'), {
  actions: operatorActions(typesNamed(targetTypes, typeRights), typeRights)
})
var readerRole = loadJsonContent('roles/postern-reader.json')
var doctorRole = loadJsonContent('roles/postern-doctor.json')

var watched = distinctIds(watchedSubscriptions)
var requesters = distinctIds(requesterSubscriptions)
var operatorList = distinctPrincipals(operators)

// However name and region are written, it is the same deployment.
var deploymentName = checkedEnvironmentName(environmentName)
var resourceToken = uniqueString(subscription().id, deploymentName, toLower(replace(location, ' ', '')))
var allTags = union(tags, { 'azd-env-name': environmentName })
// A custom role's name must be unique in the tenant.
var roleSuffix = '${deploymentName} ${resourceToken}'

// Handed down by name, not by output: a preview then shows what stands behind them.
var storageAccountName = '${abbreviations.storageStorageAccounts}${resourceToken}'
var workspaceName = '${abbreviations.operationalInsightsWorkspaces}${resourceToken}'
var applicationInsightsName = '${abbreviations.insightsComponents}${resourceToken}'
var outcomeTopicName = outcomeTopic ? '${abbreviations.eventGridTopics}${resourceToken}' : ''
var blobEndpoint = 'https://${storageAccountName}.blob.${environment().suffixes.storage}'

var isClosed = !empty(endpointSubnetId)
var appSubnetId = isClosed && empty(functionSubnetId)
  ? fail('endpointSubnetId closes storage to public networks: give functionSubnetId, too, a subnet from which the app reaches the endpoints')
  : functionSubnetId

// Before anything is made, what could not succeed is refused.
var storageServices = ['blob', 'queue', 'table']
var storageZones = isClosed ? map(storageServices, service => zoneOf(dnsZoneIds, service)) : []
var topicZone = isClosed && outcomeTopic ? zoneOf(dnsZoneIds, 'topic') : null
var alertWindow = sweepWindow(sweepSchedule, sweepAlertWindow)

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: empty(resourceGroupName) ? '${abbreviations.resourcesResourceGroups}${deploymentName}' : resourceGroupName
  location: location
  tags: allTags
}

module identities 'modules/identities.bicep' = {
  scope: group
  params: {
    appIdentityName: '${abbreviations.managedIdentityUserAssignedIdentities}app-${resourceToken}'
    eventsIdentityName: '${abbreviations.managedIdentityUserAssignedIdentities}events-${resourceToken}'
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: workspaceName
    applicationInsightsName: applicationInsightsName
    location: location
    tags: allTags
    retentionInDays: logRetentionDays
    dailyQuotaGb: dailyQuotaGb
  }
}

module storage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: storageAccountName
    location: location
    tags: allTags
    skuName: storageSku
    publicNetworkAccess: dataPublicNetworkAccess
    deadLetterRetentionDays: deadLetterRetentionDays
    workspaceName: workspaceName
    locked: lockLedger
  }
  dependsOn: [monitoring]
}

module topic 'modules/outcome-topic.bicep' = if (outcomeTopic) {
  scope: group
  params: {
    name: outcomeTopicName
    location: location
    tags: allTags
    publicNetworkAccess: dataPublicNetworkAccess
  }
}

module storageEndpoints 'modules/private-endpoints.bicep' = if (isClosed) {
  scope: group
  params: {
    location: location
    tags: allTags
    subnetId: endpointSubnetId
    endpoints: map(storageServices, (service, index) => {
      name: '${abbreviations.networkPrivateEndpoints}${service}-${resourceToken}'
      targetId: storage.outputs.id
      groupId: service
      dnsZoneId: storageZones[index]
    })
  }
}

module topicEndpoint 'modules/private-endpoints.bicep' = if (isClosed && outcomeTopic) {
  scope: group
  params: {
    location: location
    tags: allTags
    subnetId: endpointSubnetId
    endpoints: [
      {
        name: '${abbreviations.networkPrivateEndpoints}topic-${resourceToken}'
        targetId: topic!.outputs.id
        groupId: 'topic'
        dnsZoneId: topicZone
      }
    ]
  }
}

// Who they are is known only once the identities are there.
module roleAssignments 'modules/role-assignments.bicep' = {
  scope: group
  params: {
    storageAccountName: storageAccountName
    policyContainerName: policyContainer
    deadLetterContainerName: deadLetterContainer
    applicationInsightsName: applicationInsightsName
    outcomeTopicName: outcomeTopicName
    #disable-next-line what-if-short-circuiting
    appPrincipalId: identities.outputs.appPrincipalId
    #disable-next-line what-if-short-circuiting
    eventsPrincipalId: identities.outputs.eventsPrincipalId
    operators: operatorList
  }
  dependsOn: [storage, monitoring, topic]
}

module watchedRoles 'modules/role-assignments-subscription.bicep' = [
  for id in watched: {
    scope: subscription(id)
    params: {
      role: operatorRole
      nameSuffix: roleSuffix
      #disable-next-line what-if-short-circuiting
      principals: [{ principalId: identities.outputs.appPrincipalId, principalType: 'ServicePrincipal' }]
    }
  }
]

module requesterRoles 'modules/role-assignments-subscription.bicep' = [
  for id in requesters: {
    scope: subscription(id)
    params: {
      role: readerRole
      nameSuffix: roleSuffix
      #disable-next-line what-if-short-circuiting
      principals: [{ principalId: identities.outputs.appPrincipalId, principalType: 'ServicePrincipal' }]
    }
  }
]

module doctorRoles 'modules/role-assignments-subscription.bicep' = [
  for id in watched: if (!empty(operatorList)) {
    scope: subscription(id)
    params: {
      role: doctorRole
      nameSuffix: roleSuffix
      principals: operatorList
    }
  }
]

module functionApp 'modules/function-app.bicep' = {
  scope: group
  params: {
    name: '${abbreviations.webSitesFunctions}${resourceToken}'
    planName: '${abbreviations.webServerFarms}${resourceToken}'
    location: location
    tags: allTags
    identityId: identities.outputs.appIdentityId
    identityClientId: identities.outputs.appClientId
    storageAccountName: storageAccountName
    packageContainerUrl: '${blobEndpoint}/${packageContainer}'
    applicationInsightsName: applicationInsightsName
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReady: map(
      distinctNames(map(alwaysReady, one => one.name)),
      name => first(filter(alwaysReady, one => toLower(one.name) == toLower(name)))!
    )
    zoneRedundant: zoneRedundant
    subnetId: appSubnetId
    publicNetworkAccess: appPublicNetworkAccess
    inboundFromEventGridOnly: inboundFromEventGridOnly
    consoleClientId: consoleClientId
    consoleTenantId: consoleTenantId
    consoleAllowedAddresses: consoleAllowedAddresses
    armEndpoint: armEndpoint
    disabledFunctions: distinctNames(disabledFunctions)
    policyPath: policySource == 'container' ? '${blobEndpoint}/${policyContainer}' : 'policies'
    policyMode: policyMode == 'policy' ? '' : policyMode
    sweepSchedule: sweepSchedule
    // A subscription that is taken off the list is left alone, although the identity may still read it.
    sweepSubscriptions: sweepAll ? [] : watched
    targetTypes: targetTypes
    standbyAfter: standbyAfter
    armReservePercent: armReservePercent
    tellsOutcomes: outcomeTopic
    eventTopicEndpoint: outcomeTopic ? topic!.outputs.endpoint : ''
  }
  // The app reads its package and takes leases as soon as it starts.
  dependsOn: [roleAssignments, storageEndpoints, topicEndpoint]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    namePrefix: deploymentName
    location: location
    tags: allTags
    workspaceName: workspaceName
    applicationInsightsName: applicationInsightsName
    storageAccountName: storageAccountName
    actionGroupIds: distinctIds(actionGroupIds)
    pendingMinutes: pendingMinutes
    sweepWindow: alertWindow
  }
  dependsOn: [monitoring]
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: {
    location: location
    tags: allTags
    applicationInsightsName: applicationInsightsName
    workspaceName: workspaceName
    consoleUrl: empty(consoleClientId) ? '' : 'https://${functionApp.outputs.hostName}/console/'
    displayName: 'Postern ${deploymentName}'
  }
  dependsOn: [monitoring]
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
output POSTERN_STORAGE_ACCOUNT_NAME string = storageAccountName

@description('Whether Event Grid can put undelivered events there: not past a firewall. What stage two takes unless POSTERN_DEAD_LETTER says otherwise.')
output POSTERN_STORAGE_IS_OPEN string = dataPublicNetworkAccess == 'Enabled' ? 'true' : 'false'

@description('Where a policy is uploaded to; it is read from there if policySource is container.')
output POSTERN_POLICY_CONTAINER_URL string = '${blobEndpoint}/${policyContainer}'

@description('Id of the identity of the system topics: stage two attaches it.')
output POSTERN_EVENTS_IDENTITY_ID string = identities.outputs.eventsIdentityId

@description('Object id of the identity that Postern acts as.')
output POSTERN_PRINCIPAL_ID string = identities.outputs.appPrincipalId

@description('The watched subscriptions as a JSON array: stage two makes event subscriptions in each. Not the variable that azd takes the list from: azd down deletes the variables of outputs.')
output POSTERN_EVENT_SOURCES string = string(watched)

@description('Where outcome events go; empty if there is no topic for them.')
output POSTERN_OUTCOME_TOPIC_ENDPOINT string = outcomeTopic ? topic!.outputs.endpoint : ''
