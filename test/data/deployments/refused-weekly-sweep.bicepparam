// Refused: must not leave out a day
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param sweepSchedule = '0 0 6 * * 1'
