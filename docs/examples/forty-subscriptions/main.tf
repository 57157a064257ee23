# Postern for the forty subscriptions of a management group, in a closed network. Apply it twice: the package is deployed in between.

terraform {
  required_version = ">= 1.5.0"
  required_providers {
    azapi = {
      source  = "Azure/azapi"
      version = ">= 2.4.0, < 3.0.0"
    }
  }

  # The state is in a storage account of yours: its settings are given to terraform init.
  backend "azurerm" {
    use_oidc = true
  }
}

provider "azapi" {
  use_oidc = true
}

variable "subscription_id" {
  type        = string
  description = "Id of the subscription that Postern itself is in."
}

variable "management_group_id" {
  type        = string
  description = "Name of the management group above the forty subscriptions."
}

variable "package_is_deployed" {
  type        = bool
  default     = false
  description = "Whether the function app has its package: events can be delivered only to a function that is there."
}

variable "network" {
  type = object({
    function_subnet_id = string
    endpoint_subnet_id = string
    dns_zone_ids       = list(string)
  })
  description = "The subnets that Postern uses, and the private DNS zones of blob, queue and table."
}

variable "subscriptions_with_topics" {
  type        = list(string)
  default     = []
  description = "Ids of subscriptions that had a system topic before: stage two serves these, the policy leaves them alone."
}

variable "existing_topics" {
  type = list(object({
    subscription_id        = string
    operations_topic_id    = optional(string)
    notifications_topic_id = optional(string)
    carry_identity         = optional(bool)
  }))
  default     = []
  description = "The system topics that these subscriptions have."
}

variable "operators" {
  type = list(object({
    principal_id   = string
    principal_type = string
  }))
  description = "Who runs doctor and uploads policies: a group of people, and the identity of the self-hosted runner."
}

locals {
  environment_name = "postern-prod"
  location         = "westeurope"
}

module "stage_one" {
  source = "../../../infra/terraform/stage-one"

  subscription_id    = var.subscription_id
  environment_name   = local.environment_name
  location           = local.location
  sweep_all          = true
  operators          = var.operators
  policy_source      = "container"
  function_subnet_id = var.network.function_subnet_id
  endpoint_subnet_id = var.network.endpoint_subnet_id
  dns_zone_ids       = var.network.dns_zone_ids
}

module "onboarding" {
  source = "../../../infra/terraform/onboarding"
  count  = var.package_is_deployed ? 1 : 0

  management_group_id  = var.management_group_id
  environment_name     = local.environment_name
  location             = local.location
  postern_principal_id = module.stage_one.postern_principal_id
  function_app_id      = module.stage_one.postern_function_app_id
  storage_account_id   = module.stage_one.postern_storage_account_id
  events_identity_id   = module.stage_one.postern_events_identity_id
  dead_letter          = module.stage_one.postern_storage_is_open == "true"
  not_scopes           = [for id in var.subscriptions_with_topics : "/subscriptions/${id}"]
}

module "events" {
  source = "../../../infra/terraform/events"
  count  = var.package_is_deployed && length(var.subscriptions_with_topics) > 0 ? 1 : 0

  subscription_id       = var.subscription_id
  environment_name      = local.environment_name
  location              = local.location
  watched_subscriptions = var.subscriptions_with_topics
  function_app_id       = module.stage_one.postern_function_app_id
  storage_account_id    = module.stage_one.postern_storage_account_id
  events_identity_id    = module.stage_one.postern_events_identity_id
  dead_letter           = module.stage_one.postern_storage_is_open == "true"
  existing_topics       = var.existing_topics
}

output "resource_group" {
  description = "The resource group of Postern."
  value       = module.stage_one.azure_resource_group
}

output "function_app" {
  description = "The name of the function app that gets the package."
  value       = module.stage_one.postern_function_app_name
}

output "policy_assignment" {
  description = "The policy assignment that remediation tasks name."
  value       = one(module.onboarding[*].policy_assignment_id)
}
