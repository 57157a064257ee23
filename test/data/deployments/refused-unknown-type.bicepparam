// Refused: targetTypes storge is no type or service that Postern knows
using '../../../infra/main.bicep'

param environmentName = 'prod'
param location = 'westeurope'
param targetTypes = ['storge']
