using '../../../infra/main.bicep'

param environmentName = 'a-deployment-with-the-longest-name-of-al'
param location = 'southafricanorth'
