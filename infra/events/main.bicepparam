// Values from the environment, under the names of stage one's outputs: azd hands them to its hooks.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param watchedSubscriptions = json(readEnvironmentVariable('POSTERN_WATCHED_SUBSCRIPTIONS'))
param functionAppId = readEnvironmentVariable('POSTERN_FUNCTION_APP_ID')
param storageAccountId = readEnvironmentVariable('POSTERN_STORAGE_ACCOUNT_ID')
param eventsIdentityId = readEnvironmentVariable('POSTERN_EVENTS_IDENTITY_ID')
param deadLetter = bool(readEnvironmentVariable('POSTERN_DEAD_LETTER', 'true'))
param existingTopics = json(readEnvironmentVariable('POSTERN_EXISTING_TOPICS', '[]'))
