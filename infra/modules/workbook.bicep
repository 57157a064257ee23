metadata description = 'The workbook over the audit records, listed with the Application Insights component.'

@description('The region of the workbook.')
param location string

@description('Tags of the workbook.')
param tags object

@description('ARM id of the workspace-based Application Insights component that the workbook belongs to.')
param applicationInsightsId string

@description('What the workbook is called in the portal.')
param displayName string = 'Postern'

var parts = split(applicationInsightsId, '/')

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  scope: resourceGroup(parts[2], parts[4])
  name: last(parts)
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(applicationInsightsId, 'postern')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: displayName
    description: 'What Postern decided, what waits, and how it went. See docs/operate.md.'
    version: 'Notebook/1.0'
    sourceId: applicationInsightsId
    serializedData: replace(
      replace(loadTextContent('../workbook/postern.workbook.json'), 'WORKSPACE_ID', component.properties.WorkspaceResourceId),
      'APPLICATION_INSIGHTS_ID',
      applicationInsightsId
    )
  }
}

@description('ARM id of the workbook.')
output workbookId string = workbook.id
