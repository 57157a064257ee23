# Written by npm run terraform from infra/main.bicep.

variable "subscription_id" {
  description = "Id of Postern's subscription."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.subscription_id) >= 1
    error_message = "subscription_id must not be empty."
  }
}

variable "environment_name" {
  description = "Name of this deployment, of letters, digits and hyphens. Part of names and tags: one for each Postern that you run, for example postern-prod."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.environment_name) >= 1
    error_message = "environment_name must not be empty."
  }

  validation {
    condition     = length(var.environment_name) <= 40
    error_message = "environment_name must have at most 40 characters."
  }
}

variable "location" {
  description = "Region of all resources. It must offer the Flex Consumption plan: az functionapp list-flexconsumption-locations."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.location) >= 1
    error_message = "location must not be empty."
  }
}

variable "resource_group_name" {
  description = "Name of the resource group. Empty: rg- and the environment name."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.resource_group_name) <= 90
    error_message = "resource_group_name must have at most 90 characters."
  }
}

variable "tags" {
  description = "Tags for all resources, beside those that azd needs."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "watched_subscriptions" {
  description = "Ids of the subscriptions whose connections Postern answers. It gets the Postern Operator role on each of them. Null: what the template computes."
  type        = list(string)
  default     = null
  nullable    = true

  validation {
    condition     = var.watched_subscriptions == null ? true : length(var.watched_subscriptions) >= 1
    error_message = "watched_subscriptions must not be empty."
  }
}

variable "requester_subscriptions" {
  description = "Ids of the subscriptions whose private endpoints a policy may read: region, tags and subnet. Empty: none are read."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "operators" {
  description = "People, groups or pipelines that run postern doctor, retry and lift, and upload policies. To be one is to operate Postern."
  type = list(object({
    principal_id   = string
    principal_type = string
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for one in var.operators : contains(["Group", "ServicePrincipal", "User"], one.principal_type)])
    error_message = "operators must have a principal_type of \"Group\", \"ServicePrincipal\", \"User\" in each entry."
  }
}

variable "policy_mode" {
  description = "audit: decide and record, write nothing. enforce: act. policy: what the policy itself says."
  type        = string
  default     = "audit"
  nullable    = false

  validation {
    condition     = contains(["audit", "enforce", "policy"], var.policy_mode)
    error_message = "policy_mode must be one of \"audit\", \"enforce\", \"policy\"."
  }
}

variable "policy_source" {
  description = "Where the policy is. package: the folder policies of the deployed package. container: the blob container policies, followed without a restart."
  type        = string
  default     = "package"
  nullable    = false

  validation {
    condition     = contains(["package", "container"], var.policy_source)
    error_message = "policy_source must be one of \"package\", \"container\"."
  }
}

variable "sweep_schedule" {
  description = "When the sweep looks for what events missed: NCRONTAB with seconds, in UTC."
  type        = string
  default     = "0 */15 * * * *"
  nullable    = false

  validation {
    condition     = length(var.sweep_schedule) >= 9
    error_message = "sweep_schedule must have at least 9 characters."
  }
}

variable "sweep_all" {
  description = "Whether the sweep looks at every subscription that the identity can read, new ones without a change here: for a management group. Else it looks at watchedSubscriptions."
  type        = bool
  default     = false
  nullable    = false
}

variable "target_types" {
  description = "TARGET_TYPES: the types of target that Postern answers, as types or services, for example ['recorded', 'maps']. Empty: the recorded ones. The operator role has the rights for these alone."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "standby_after" {
  description = "STANDBY_AFTER: how long this deployment leaves each request to another one, for example PT1H. Empty: it is the first, or the only one."
  type        = string
  default     = ""
  nullable    = false
}

variable "disabled_functions" {
  description = "Names of functions that do not run, for example ['reviewTarget']: a pause that a deployment does not end."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "arm_reserve_percent" {
  description = "The share of ARM's limits for a whole subscription that is left to others, in percent."
  type        = number
  default     = 25
  nullable    = false

  validation {
    condition     = var.arm_reserve_percent >= 0
    error_message = "arm_reserve_percent must be at least 0."
  }

  validation {
    condition     = var.arm_reserve_percent <= 95
    error_message = "arm_reserve_percent must be at most 95."
  }

  validation {
    condition     = floor(var.arm_reserve_percent) == var.arm_reserve_percent
    error_message = "arm_reserve_percent must be a whole number."
  }
}

variable "node_version" {
  description = "The version of Node.js."
  type        = string
  default     = "24"
  nullable    = false

  validation {
    condition     = contains(["22", "24"], var.node_version)
    error_message = "node_version must be one of \"22\", \"24\"."
  }
}

variable "instance_memory_mb" {
  description = "Memory of an instance in MB. 512 is enough."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = contains([512, 2048, 4096], var.instance_memory_mb)
    error_message = "instance_memory_mb must be one of 512, 2048, 4096."
  }

  validation {
    condition     = floor(var.instance_memory_mb) == var.instance_memory_mb
    error_message = "instance_memory_mb must be a whole number."
  }
}

variable "maximum_instance_count" {
  description = "How many instances each function may have at most."
  type        = number
  default     = 40
  nullable    = false

  validation {
    condition     = var.maximum_instance_count >= 40
    error_message = "maximum_instance_count must be at least 40."
  }

  validation {
    condition     = var.maximum_instance_count <= 1000
    error_message = "maximum_instance_count must be at most 1000."
  }

  validation {
    condition     = floor(var.maximum_instance_count) == var.maximum_instance_count
    error_message = "maximum_instance_count must be a whole number."
  }
}

variable "always_ready" {
  description = "Instances that are kept warm, for example [{ name: 'function:onResourceEvent', instanceCount: 1 }]. Empty: none, and cold starts of a few seconds."
  type = list(object({
    name           = string
    instance_count = number
  }))
  default  = []
  nullable = false
}

variable "zone_redundant" {
  description = "Whether the plan is spread over availability zones. The region must have them; two always-ready instances per function are then the least."
  type        = bool
  default     = false
  nullable    = false
}

variable "storage_sku" {
  description = "How the storage account is replicated. ZRS needs a region with availability zones; else take LRS or GRS."
  type        = string
  default     = "Standard_ZRS"
  nullable    = false

  validation {
    condition     = contains(["Standard_LRS", "Standard_ZRS", "Standard_GRS", "Standard_GZRS"], var.storage_sku)
    error_message = "storage_sku must be one of \"Standard_LRS\", \"Standard_ZRS\", \"Standard_GRS\", \"Standard_GZRS\"."
  }
}

variable "endpoint_subnet_id" {
  description = "Id of a subnet for private endpoints. With it, storage and the topic are closed to public networks from the start, and functionSubnetId must be given. Empty: none are made."
  type        = string
  default     = ""
  nullable    = false
}

variable "dns_zone_ids" {
  description = "Ids of the private DNS zones privatelink.blob, .queue and .table, and .eventgrid with outcomeTopic, in any order. Empty: the endpoints register no names, as where Azure Policy does it."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "data_public_network_access" {
  description = "Whether storage and the topic can be reached from public networks, always with a token. Disabled without endpointSubnetId: the private endpoints are made elsewhere. Null: what the template computes."
  type        = string
  default     = null
  nullable    = true

  validation {
    condition     = var.data_public_network_access == null ? true : contains(["Enabled", "Disabled"], var.data_public_network_access)
    error_message = "data_public_network_access must be one of \"Enabled\", \"Disabled\"."
  }
}

variable "function_subnet_id" {
  description = "Id of a subnet, delegated to Microsoft.App/environments, through which the function app reaches out. Empty: no virtual network."
  type        = string
  default     = ""
  nullable    = false
}

variable "app_public_network_access" {
  description = "Whether requests from public networks reach the function app. Disabled: no events and no deployment from outside, only the sweep."
  type        = string
  default     = "Enabled"
  nullable    = false

  validation {
    condition     = contains(["Enabled", "Disabled"], var.app_public_network_access)
    error_message = "app_public_network_access must be one of \"Enabled\", \"Disabled\"."
  }
}

variable "inbound_from_event_grid_only" {
  description = "Whether the function app takes requests from Event Grid's addresses only. Its deployment endpoint is not concerned."
  type        = bool
  default     = false
  nullable    = false
}

variable "console_client_id" {
  description = "Client id of the app registration with which people sign in to the console. Empty: there is no console."
  type        = string
  default     = ""
  nullable    = false
}

variable "console_tenant_id" {
  description = "The tenant whose people may sign in to the console. Null: what the template computes."
  type        = string
  default     = null
  nullable    = true
}

variable "console_allowed_addresses" {
  description = "With inboundFromEventGridOnly: addresses, such as 203.0.113.0/24, from which people reach the console."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "log_retention_days" {
  description = "How many days Log Analytics and Application Insights keep records."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.log_retention_days >= 30
    error_message = "log_retention_days must be at least 30."
  }

  validation {
    condition     = var.log_retention_days <= 730
    error_message = "log_retention_days must be at most 730."
  }

  validation {
    condition     = floor(var.log_retention_days) == var.log_retention_days
    error_message = "log_retention_days must be a whole number."
  }
}

variable "daily_quota_gb" {
  description = "How many GB a day Log Analytics takes before it drops what comes, alerts among it. -1: no bound."
  type        = number
  default     = -1
  nullable    = false

  validation {
    condition     = var.daily_quota_gb >= -1
    error_message = "daily_quota_gb must be at least -1."
  }

  validation {
    condition     = floor(var.daily_quota_gb) == var.daily_quota_gb
    error_message = "daily_quota_gb must be a whole number."
  }
}

variable "lock_ledger" {
  description = "Whether a lock keeps the storage account, which holds the ledger, from being deleted: by azd down, too. Null: what the template computes."
  type        = bool
  default     = null
  nullable    = true
}

variable "dead_letter_retention_days" {
  description = "How many days undelivered events are kept, the last fourteen as deleted ones that can be brought back."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.dead_letter_retention_days >= 15
    error_message = "dead_letter_retention_days must be at least 15."
  }

  validation {
    condition     = var.dead_letter_retention_days <= 365
    error_message = "dead_letter_retention_days must be at most 365."
  }

  validation {
    condition     = floor(var.dead_letter_retention_days) == var.dead_letter_retention_days
    error_message = "dead_letter_retention_days must be a whole number."
  }
}

variable "outcome_topic" {
  description = "Whether to make a custom Event Grid topic and tell it of every decision and every end of an operation."
  type        = bool
  default     = false
  nullable    = false
}

variable "action_group_ids" {
  description = "Ids of the action groups that alerts notify. Empty: alerts fire and notify nobody."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "pending_minutes" {
  description = "After how many minutes a Pending connection raises an alert."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.pending_minutes >= 15
    error_message = "pending_minutes must be at least 15."
  }

  validation {
    condition     = var.pending_minutes <= 1440
    error_message = "pending_minutes must be at most 1440."
  }

  validation {
    condition     = floor(var.pending_minutes) == var.pending_minutes
    error_message = "pending_minutes must be a whole number."
  }
}

variable "sweep_alert_window" {
  description = "For how long no sweep may have ended before an alert fires. Empty: as long as sweepSchedule asks for."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = contains(["", "PT1H", "PT2H", "PT3H", "PT6H", "P1D", "P2D"], var.sweep_alert_window)
    error_message = "sweep_alert_window must be one of \"\", \"PT1H\", \"PT2H\", \"PT3H\", \"PT6H\", \"P1D\", \"P2D\"."
  }
}

variable "arm_endpoint" {
  description = "Where ARM is, in another cloud than the public one, for example https://management.usgovcloudapi.net. Storage is then named by its endpoints."
  type        = string
  default     = ""
  nullable    = false
}
