// The function app on Flex Consumption, and every setting that it reads.
import { tagsType } from '../shared.bicep'

@description('Name of the function app.')
param name string

@description('Name of its plan.')
param planName string

@description('Region of both.')
param location string

@description('Tags of both.')
param tags tagsType

@description('Id of the identity that the app acts as, also towards its package and the host\'s storage.')
param identityId string

@description('Client id of that identity.')
param identityClientId string

@description('Name of the storage account.')
param storageAccountName string

@description('URL of the container that the platform runs the package from.')
param packageContainerUrl string

@description('Name of the Application Insights component, in the same resource group.')
param applicationInsightsName string

@description('The version of Node.js that the app runs on.')
param nodeVersion string

@description('Memory of an instance in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('How many instances each function may have at most.')
param maximumInstanceCount int

@description('Instances that are kept warm: { name, instanceCount } each.')
param alwaysReady { name: string, instanceCount: int }[]

@description('Whether the plan is spread over availability zones.')
param zoneRedundant bool

@description('Id of the subnet through which the app reaches out. Empty: none.')
param subnetId string

@description('Whether only Event Grid\'s addresses may send requests.')
param inboundFromEventGridOnly bool

@description('CONSOLE_CLIENT_ID: the registration with which people sign in. Empty: there is no console.')
param consoleClientId string

@description('CONSOLE_TENANT_ID: the tenant whose people may sign in.')
param consoleTenantId string

@description('With inboundFromEventGridOnly: addresses from which people reach the console.')
param consoleAllowedAddresses string[]

@description('Whether requests from public networks are let in at all.')
@allowed(['Enabled', 'Disabled'])
param publicNetworkAccess string

@description('ARM_ENDPOINT: where ARM is, in another cloud than the public one. Empty: the public one.')
param armEndpoint string

@description('Names of functions that do not run.')
param disabledFunctions string[]

@description('POLICY_PATH: a folder of the package, or the URL of a blob container.')
param policyPath string

@description('POLICY_MODE: audit or enforce. Empty: what the policy says.')
param policyMode string

@description('SWEEP_SCHEDULE: NCRONTAB with seconds.')
param sweepSchedule string

@description('SWEEP_SUBSCRIPTIONS: ids of subscriptions. Empty: all that the identity can read.')
param sweepSubscriptions string[]

@description('TARGET_TYPES: types and services. Empty: the recorded types.')
param targetTypes string[]

@description('STANDBY_AFTER: an ISO 8601 duration. Empty: the deployment is the first, or the only one.')
param standbyAfter string

@description('ARM_RESERVE_PERCENT: the share of ARM\'s limits that is left to others.')
param armReservePercent int

@description('Whether outcome events are told of.')
param tellsOutcomes bool

@description('EVENT_TOPIC_ENDPOINT: where outcome events go.')
param eventTopicEndpoint string

var storageSuffix = environment().suffixes.storage
// In another cloud than the public one, a name does not say where the account is.
var storageSettings = empty(armEndpoint)
  ? { AzureWebJobsStorage__accountName: storageAccountName }
  : {
      AzureWebJobsStorage__blobServiceUri: 'https://${storageAccountName}.blob.${storageSuffix}'
      AzureWebJobsStorage__queueServiceUri: 'https://${storageAccountName}.queue.${storageSuffix}'
      AzureWebJobsStorage__tableServiceUri: 'https://${storageAccountName}.table.${storageSuffix}'
    }

var hostSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

var posternSettings = {
  AZURE_CLIENT_ID: identityClientId
  ARM_RESERVE_PERCENT: string(armReservePercent)
  POLICY_PATH: policyPath
  SWEEP_SCHEDULE: sweepSchedule
}

// Another cloud than the public one has a sign-in service of its own.
var consoleSettings = empty(consoleClientId)
  ? {}
  : union(
      { CONSOLE_CLIENT_ID: consoleClientId, CONSOLE_TENANT_ID: consoleTenantId },
      empty(armEndpoint) ? {} : { CONSOLE_AUTHORITY: environment().authentication.loginEndpoint }
    )

var peopleRules = map(consoleAllowedAddresses, (address, index) => {
  name: 'console-${index}'
  action: 'Allow'
  ipAddress: address
  priority: 200 + index
})

// The runtime is stated in functionAppConfig: FUNCTIONS_WORKER_RUNTIME and its like are refused on this plan.
var settings = union(
  storageSettings,
  hostSettings,
  posternSettings,
  toObject(disabledFunctions, name => 'AzureWebJobs.${name}.Disabled', name => 'true'),
  empty(armEndpoint) ? {} : { ARM_ENDPOINT: armEndpoint },
  empty(policyMode) ? {} : { POLICY_MODE: policyMode },
  empty(standbyAfter) ? {} : { STANDBY_AFTER: standbyAfter },
  empty(sweepSubscriptions) ? {} : { SWEEP_SUBSCRIPTIONS: join(sweepSubscriptions, ',') },
  empty(targetTypes) ? {} : { TARGET_TYPES: join(targetTypes, ',') },
  tellsOutcomes ? { EVENT_TOPIC_ENDPOINT: eventTopicEndpoint } : {},
  consoleSettings
)

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // azd finds the app by this tag.
  tags: union(tags, { 'azd-service-name': 'postern' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: publicNetworkAccess
    // Nobody reaches the host's own interface, not even with its master key. Known to Azure, but not to Bicep's types.
    #disable-next-line BCP037
    functionsRuntimeAdminIsolationEnabled: true
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'node'
        version: nodeVersion
      }
      scaleAndConcurrency: {
        alwaysReady: alwaysReady
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
      }
    }
    // Flex Consumption has no FTP, and refuses ftpsState with other settings of older plans.
    siteConfig: {
      http20Enabled: true
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ipSecurityRestrictionsDefaultAction: inboundFromEventGridOnly ? 'Deny' : 'Allow'
      ipSecurityRestrictions: inboundFromEventGridOnly
        ? concat(
            [
              {
                name: 'event-grid'
                action: 'Allow'
                tag: 'ServiceTag'
                ipAddress: 'AzureEventGrid'
                priority: 100
              }
            ],
            peopleRules
          )
        : []
      scmIpSecurityRestrictionsUseMain: false
      appSettings: map(items(settings), setting => { name: setting.key, value: setting.value })
    }
  }
}

// Deployment is by token: nobody signs in with a publishing profile.
resource noPublishingPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

@description('Id of the function app.')
output id string = app.id

@description('Name of the function app.')
output name string = app.name

@description('Host name of the function app.')
output hostName string = app.properties.defaultHostName
