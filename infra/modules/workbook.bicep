metadata description = 'The workbook over the audit records, listed with the Application Insights component.'
import { tagsType } from '../shared.bicep'

@description('The region of the workbook.')
param location string

@description('Tags of the workbook.')
param tags tagsType

@description('Name of the Application Insights component that the workbook belongs to, in the same resource group.')
param applicationInsightsName string

@description('Name of its Log Analytics workspace, in the same resource group.')
param workspaceName string

@description('Address of the console, to which connections lead. Empty: there is none.')
param consoleUrl string = ''

@description('What the workbook is called in the portal.')
param displayName string = 'Postern'

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(toLower(component.id), 'postern')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: displayName
    description: 'What Postern decided, what waits, and how it went. See docs/operate.md.'
    version: 'Notebook/1.0'
    sourceId: component.id
    serializedData: replace(
      replace(
        replace(loadTextContent('../workbook/postern.workbook.json'), 'WORKSPACE_ID', workspace.id),
        'APPLICATION_INSIGHTS_ID',
        component.id
      ),
      'CONSOLE_URL',
      consoleUrl
    )
  }
}

@description('ARM id of the workbook.')
output workbookId string = workbook.id
