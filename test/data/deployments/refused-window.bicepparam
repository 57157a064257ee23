// Refused: is too short for sweepSchedule
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param sweepSchedule = '0 0 * * * *'
param sweepAlertWindow = 'PT1H'
