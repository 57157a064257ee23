using '../../../infra/main.bicep'

param environmentName = 'p'
param location = 'westeurope'
