// Postern's memory, the host's own storage, the deployed package, the policy and undelivered events. No keys.

@description('Name of the storage account.')
param name string

@description('Region of the storage account.')
param location string

@description('Tags of the storage account.')
param tags object

@description('How the account is replicated.')
param skuName string

@description('Whether the account can be reached from public networks, always with a token.')
@allowed(['Enabled', 'Disabled'])
param publicNetworkAccess string

@description('How many days undelivered events are kept.')
param deadLetterRetentionDays int

var packageContainer = 'app-package'
var policyContainer = 'policies'
var deadLetterContainer = 'dead-letter'
var containers = [packageContainer, policyContainer, deadLetterContainer, 'leases']
// The app makes what is missing; what stands here exists before it starts, under the eyes of whoever deploys.
var queues = [
  'reviews'
  'reviews-poison'
  'operations'
  'operations-poison'
  'outcomes'
  'outcomes-poison'
]
var tables = ['operations', 'ledger']

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: skuName
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: publicNetworkAccess
    supportsHttpsTrafficOnly: true
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: publicNetworkAccess == 'Enabled' ? 'Allow' : 'Deny'
    }
  }
}

// With every version of the policy kept, any decision can be made again.
resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    deleteRetentionPolicy: {
      enabled: true
      days: 14
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: 14
    }
  }
}

resource blobContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = [
  for container in containers: {
    parent: blobs
    name: container
    properties: {
      publicAccess: 'None'
    }
  }
]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource messageQueues 'Microsoft.Storage/storageAccounts/queueServices/queues@2024-01-01' = [
  for queue in queues: {
    parent: queueService
    name: queue
  }
]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2024-01-01' = {
  parent: account
  name: 'default'
}

resource entityTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' = [
  for table in tables: {
    parent: tableService
    name: table
  }
]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'undelivered-events'
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['${deadLetterContainer}/']
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: deadLetterRetentionDays
                }
              }
              version: {
                delete: {
                  daysAfterCreationGreaterThan: deadLetterRetentionDays
                }
              }
            }
          }
        }
        {
          // The host writes the state of its timers every minute.
          name: 'old-versions-of-the-host'
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['azure-webjobs-hosts/']
            }
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: 1
                }
              }
            }
          }
        }
      ]
    }
  }
  dependsOn: [blobs]
}

@description('Id of the storage account.')
output id string = account.id

@description('Name of the storage account.')
output name string = account.name

@description('URL of the container that the platform runs the package from.')
output packageContainerUrl string = '${account.properties.primaryEndpoints.blob}${packageContainer}'

@description('URL of the container for policies.')
output policyContainerUrl string = '${account.properties.primaryEndpoints.blob}${policyContainer}'

@description('Name of the container for policies.')
output policyContainerName string = policyContainer

@description('Name of the container for undelivered events.')
output deadLetterContainerName string = deadLetterContainer
