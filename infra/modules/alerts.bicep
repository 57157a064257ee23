metadata description = 'Log search alerts over the audit records. What each means and what to do: docs/operate.md.'

import { tagsType } from '../shared.bicep'

@description('What the names of the alert rules begin with.')
param namePrefix string

@description('The region of the alert rules: the one of the workspace.')
param location string

@description('Tags of every alert rule.')
param tags tagsType

@description('Name of the Log Analytics workspace that the queries read, in the same resource group.')
param workspaceName string

@description('Name of the Application Insights component, in the same resource group: only its records count, whatever else the workspace holds.')
param applicationInsightsName string

@description('Name of the storage account: what is written to its container for undelivered events raises an alert.')
param storageAccountName string

@description('ARM ids of the action groups to call. Empty: alerts show in Azure Monitor and call nobody.')
param actionGroupIds string[] = []

@description('How many minutes a connection may be Pending before an alert fires.')
@minValue(5)
@maxValue(1440)
param pendingMinutes int = 60

@description('How long no sweep may have finished before an alert fires: schedule.bicep tells it from the schedule.')
param sweepWindow string

@description('How many invocations of one function may fail within half an hour before an alert fires.')
@minValue(0)
param functionFailures int = 10

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

var everyRecord = 'let components = dynamic([\'*\']);'
var ownRecords = 'let components = dynamic([\'${applicationInsights.id}\']);'

// The queries name what is open now, so that an alert ends by itself once somebody has seen to it. Their time range is two days,
// the most that an alert rule reads; what waits for longer is recorded anew every day (`waited`).
var alerts = [
  {
    name: 'pending'
    title: 'A connection is Pending for too long'
    description: 'Nobody has answered a connection of this target. What to do: docs/operate.md#a-connection-is-pending-for-too-long'
    query: replace(
      loadTextContent('../queries/oldest-pending.kql'),
      'let pendingMinutes = 60;',
      'let pendingMinutes = ${pendingMinutes};'
    )
    severity: 2
    window: 'P2D'
    measure: { timeAggregation: 'Count' }
    threshold: 0
    dimensions: ['target']
  }
  {
    name: 'abandoned'
    title: 'An operation or a message was given up'
    description: 'Postern has given something up, and a person must look. What to do: docs/operate.md#something-was-given-up'
    query: loadTextContent('../queries/abandoned.kql')
    severity: 1
    window: 'P2D'
    measure: { timeAggregation: 'Count' }
    threshold: 0
    dimensions: ['target']
  }
  {
    name: 'sweep'
    title: 'The sweep does not run'
    description: 'No sweep has seen everything for too long: a lost event stays lost. What to do: docs/operate.md#the-sweep-does-not-run'
    // One row when there was none: the absence of rows alone would never fire.
    query: loadTextContent('../queries/sweep-missing.kql')
    severity: 1
    window: sweepWindow
    measure: { timeAggregation: 'Count' }
    threshold: 0
    dimensions: []
  }
  {
    name: 'policy'
    title: 'The policy does not load'
    description: 'A version of the policy did not load: nothing is decided, or the version before it goes on. What to do: docs/operate.md#the-policy-does-not-load'
    query: loadTextContent('../queries/policy-broken.kql')
    severity: 1
    window: 'P2D'
    measure: { timeAggregation: 'Count' }
    threshold: 0
    dimensions: ['record']
  }
  {
    name: 'limit'
    title: 'A limit of the policy is reached'
    description: 'Rejections, deletions or revocations wait until a person lifts the limit. What to do: docs/operate.md#a-limit-is-reached'
    query: loadTextContent('../queries/limit-holds.kql')
    severity: 2
    window: 'P2D'
    measure: { timeAggregation: 'Count' }
    threshold: 0
    dimensions: ['limit']
  }
  {
    name: 'failures'
    title: 'A function fails again and again'
    description: 'Invocations of one function fail in a row. What to do: docs/operate.md#a-function-fails-again-and-again'
    query: loadTextContent('../queries/function-failures.kql')
    severity: 2
    window: 'PT30M'
    measure: { timeAggregation: 'Total', metricMeasureColumn: 'failures' }
    threshold: functionFailures
    dimensions: ['functionName']
  }
  {
    name: 'undelivered'
    title: 'Events are not delivered'
    description: 'Event Grid gave events up after a day: only the sweep finds what they told of. What to do: docs/operate.md#events-are-not-delivered'
    query: replace(
      loadTextContent('../queries/undelivered.kql'),
      'let accounts = dynamic([\'*\']);',
      'let accounts = dynamic([\'${storageAccountName}\']);'
    )
    severity: 2
    window: 'P1D'
    measure: { timeAggregation: 'Count' }
    threshold: 0
    dimensions: ['eventSubscription']
  }
]

resource rules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for alert in alerts: {
    name: '${namePrefix}-${alert.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Postern: ${alert.title}'
      description: alert.description
      enabled: true
      severity: alert.severity
      scopes: [workspace.id]
      evaluationFrequency: 'PT15M'
      windowSize: alert.window
      criteria: {
        allOf: [
          union(alert.measure, {
            query: replace(alert.query, everyRecord, ownRecords)
            operator: 'GreaterThan'
            threshold: alert.threshold
            dimensions: map(alert.dimensions, name => { name: name, operator: 'Include', values: ['*'] })
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          })
        ]
      }
      autoMitigate: true
      // The queries are checked by this repository's tests; a workspace that has seen no record yet could refuse them.
      skipQueryValidation: true
      actions: { actionGroups: actionGroupIds }
    }
  }
]

@description('ARM ids of the alert rules.')
output alertRuleIds string[] = [for (alert, index) in alerts: rules[index].id]
