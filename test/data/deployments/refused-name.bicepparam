// Refused: must be of letters, digits and hyphens only
using '../../../infra/main.bicep'

param environmentName = 'prod_1.2'
param location = 'westeurope'
