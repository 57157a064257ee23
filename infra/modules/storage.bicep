// Postern's memory, the host's own storage, the deployed package, the policy and undelivered events. No keys.
import { deadLetterContainer, packageContainer, policyContainer, tagsType } from '../shared.bicep'

@description('Name of the storage account.')
param name string

@description('Region of the storage account.')
param location string

@description('Tags of the storage account.')
param tags tagsType

@description('How the account is replicated.')
param skuName string

@description('Whether the account can be reached from public networks, always with a token.')
@allowed(['Enabled', 'Disabled'])
param publicNetworkAccess string

@description('How many days undelivered events are kept, the last fourteen as deleted ones that can be brought back.')
@minValue(15)
param deadLetterRetentionDays int

@description('Name of the Log Analytics workspace that is told of every change, in the same resource group.')
param workspaceName string

@description('Whether a lock keeps the account, and with it the ledger, from being deleted.')
param locked bool

var softDeleteDays = 14
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

resource account 'Microsoft.Storage/storageAccounts@2025-08-01' = {
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
resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-08-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    deleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
  }
}

resource blobContainers 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-08-01' = [
  for container in containers: {
    parent: blobs
    name: container
    properties: {
      publicAccess: 'None'
    }
  }
]

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-08-01' = {
  parent: account
  name: 'default'
}

resource messageQueues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-08-01' = [
  for queue in queues: {
    parent: queueService
    name: queue
  }
]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2025-08-01' = {
  parent: account
  name: 'default'
}

resource entityTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-08-01' = [
  for table in tables: {
    parent: tableService
    name: table
  }
]

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2025-08-01' = {
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
                  daysAfterModificationGreaterThan: deadLetterRetentionDays - softDeleteDays
                }
              }
              version: {
                delete: {
                  daysAfterCreationGreaterThan: deadLetterRetentionDays - softDeleteDays
                }
              }
            }
          }
        }
        {
          // The one that runs is no version; these are what one could go back to.
          name: 'old-packages'
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: ['blockBlob']
              prefixMatch: ['${packageContainer}/']
            }
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: 90
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

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

var logged = [
  {
    category: 'StorageWrite'
    enabled: true
  }
  {
    category: 'StorageDelete'
    enabled: true
  }
]

// Who changed policy, ledger, queues or leases, and when.
// Azure has no newer version of this type that knows single categories.
#disable-next-line use-recent-api-versions
resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'changes'
  properties: {
    workspaceId: workspace.id
    logs: logged
  }
}

#disable-next-line use-recent-api-versions
resource queueLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: queueService
  name: 'changes'
  properties: {
    workspaceId: workspace.id
    logs: logged
  }
}

#disable-next-line use-recent-api-versions
resource tableLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: tableService
  name: 'changes'
  properties: {
    workspaceId: workspace.id
    logs: logged
  }
}

// The ledger is the truth: whoever deletes the account, or its resource group, must take the lock away first.
resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (locked) {
  scope: account
  name: 'postern-ledger'
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the ledger of Postern. How to remove a deployment: docs/deploy.md'
  }
}

@description('Id of the storage account.')
output id string = account.id
