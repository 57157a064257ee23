# Written by npm run terraform from infra/events/main.bicep.

locals {
  values = {
    environmentName      = var.environment_name
    location             = var.location
    tags                 = var.tags
    watchedSubscriptions = var.watched_subscriptions
    functionAppId        = var.function_app_id
    deadLetter           = var.dead_letter
    storageAccountId     = var.storage_account_id
    eventsIdentityId     = var.events_identity_id
    topicsResourceGroup  = var.topics_resource_group
    existingTopics = [for one in var.existing_topics : {
      subscriptionId       = one.subscription_id
      operationsTopicId    = one.operations_topic_id
      notificationsTopicId = one.notifications_topic_id
      carryIdentity        = one.carry_identity
    }]
    guestIdentityIds = var.guest_identity_ids
    actionGroupIds   = var.action_group_ids
  }
  # What is null takes the template's default.
  parameters = { for name, value in local.values : name => { value = value } if value != null }
}
