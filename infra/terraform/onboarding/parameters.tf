# Written by npm run terraform from infra/onboarding/main.bicep.

locals {
  values = {
    environmentName     = var.environment_name
    location            = var.location
    posternPrincipalId  = var.postern_principal_id
    functionAppId       = var.function_app_id
    storageAccountId    = var.storage_account_id
    eventsIdentityId    = var.events_identity_id
    deadLetter          = var.dead_letter
    readEndpoints       = var.read_endpoints
    targetTypes         = var.target_types
    topicsResourceGroup = var.topics_resource_group
    guestIdentityIds    = var.guest_identity_ids
    effect              = var.effect
    notScopes           = var.not_scopes
  }
  # What is null takes the template's default.
  parameters = { for name, value in local.values : name => { value = value } if value != null }
}
