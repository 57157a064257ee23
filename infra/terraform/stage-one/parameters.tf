# Written by npm run terraform from infra/main.bicep.

locals {
  values = {
    environmentName        = var.environment_name
    location               = var.location
    resourceGroupName      = var.resource_group_name
    tags                   = var.tags
    watchedSubscriptions   = var.watched_subscriptions
    requesterSubscriptions = var.requester_subscriptions
    operators = [for one in var.operators : {
      principalId   = one.principal_id
      principalType = one.principal_type
    }]
    policyMode           = var.policy_mode
    policySource         = var.policy_source
    sweepSchedule        = var.sweep_schedule
    sweepAll             = var.sweep_all
    targetTypes          = var.target_types
    standbyAfter         = var.standby_after
    disabledFunctions    = var.disabled_functions
    armReservePercent    = var.arm_reserve_percent
    nodeVersion          = var.node_version
    instanceMemoryMB     = var.instance_memory_mb
    maximumInstanceCount = var.maximum_instance_count
    alwaysReady = [for one in var.always_ready : {
      name          = one.name
      instanceCount = one.instance_count
    }]
    zoneRedundant            = var.zone_redundant
    storageSku               = var.storage_sku
    endpointSubnetId         = var.endpoint_subnet_id
    dnsZoneIds               = var.dns_zone_ids
    dataPublicNetworkAccess  = var.data_public_network_access
    functionSubnetId         = var.function_subnet_id
    appPublicNetworkAccess   = var.app_public_network_access
    inboundFromEventGridOnly = var.inbound_from_event_grid_only
    consoleClientId          = var.console_client_id
    consoleTenantId          = var.console_tenant_id
    consoleAllowedAddresses  = var.console_allowed_addresses
    logRetentionDays         = var.log_retention_days
    dailyQuotaGb             = var.daily_quota_gb
    lockLedger               = var.lock_ledger
    deadLetterRetentionDays  = var.dead_letter_retention_days
    outcomeTopic             = var.outcome_topic
    actionGroupIds           = var.action_group_ids
    pendingMinutes           = var.pending_minutes
    sweepAlertWindow         = var.sweep_alert_window
    armEndpoint              = var.arm_endpoint
  }
  # What is null takes the template's default.
  parameters = { for name, value in local.values : name => { value = value } if value != null }
}
