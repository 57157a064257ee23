// Values from the environment, under the names of stage one's outputs: azd hands them to its hooks.
using 'main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION')
param watchedSubscriptions = json(readEnvironmentVariable('POSTERN_EVENT_SOURCES'))
param functionAppId = readEnvironmentVariable('POSTERN_FUNCTION_APP_ID')
param storageAccountId = readEnvironmentVariable('POSTERN_STORAGE_ACCOUNT_ID')
param eventsIdentityId = readEnvironmentVariable('POSTERN_EVENTS_IDENTITY_ID')
// Stage one tells whether Event Grid can reach the account.
param deadLetter = bool(readEnvironmentVariable(
  'POSTERN_DEAD_LETTER',
  readEnvironmentVariable('POSTERN_STORAGE_IS_OPEN')
))
param existingTopics = json(readEnvironmentVariable('POSTERN_EXISTING_TOPICS', '[]'))
param guestIdentityIds = json(readEnvironmentVariable('POSTERN_GUEST_IDENTITIES', '[]'))
param actionGroupIds = json(readEnvironmentVariable('POSTERN_ACTION_GROUP_IDS', '[]'))
