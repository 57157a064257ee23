# Written by npm run terraform from infra/onboarding/main.bicep.

variable "management_group_id" {
  description = "Name of the management group: the last segment of its id."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.management_group_id) >= 1
    error_message = "management_group_id must not be empty."
  }
}

variable "environment_name" {
  description = "Name of the deployment, as in stage one."
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
  description = "Where the policy's identity and deployments, and the resource groups of the system topics, are kept."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.location) >= 1
    error_message = "location must not be empty."
  }
}

variable "postern_principal_id" {
  description = "Object id of the identity that Postern acts as."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.postern_principal_id) >= 36
    error_message = "postern_principal_id must have at least 36 characters."
  }

  validation {
    condition     = length(var.postern_principal_id) <= 36
    error_message = "postern_principal_id must have at most 36 characters."
  }
}

variable "function_app_id" {
  description = "Id of the function app."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.function_app_id) >= 1
    error_message = "function_app_id must not be empty."
  }
}

variable "storage_account_id" {
  description = "Id of the storage account for undelivered events. It must be in the function app's resource group."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.storage_account_id) >= 1
    error_message = "storage_account_id must not be empty."
  }
}

variable "events_identity_id" {
  description = "Id of the identity of the system topics. It must be in the function app's resource group."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.events_identity_id) >= 1
    error_message = "events_identity_id must not be empty."
  }
}

variable "dead_letter" {
  description = "Whether undelivered events are kept. Off where the storage account is closed to public networks."
  type        = bool
  default     = true
  nullable    = false
}

variable "read_endpoints" {
  description = "Whether a policy may also read all private endpoints of the management group: region, tags and subnet."
  type        = bool
  default     = false
  nullable    = false
}

variable "target_types" {
  description = "The types of target that Postern answers: targetTypes of stage one. Empty: the recorded ones."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "topics_resource_group" {
  description = "Name of the resource group, in each subscription, for its system topics. Empty: rg-postern-events- and the environment name."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.topics_resource_group) <= 90
    error_message = "topics_resource_group must have at most 90 characters."
  }
}

variable "guest_identity_ids" {
  description = "Ids of the identities of other Posterns that use the topics which are made here: eventsIdentityId of each."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "effect" {
  description = "What the policy does: make what is missing or old, report it, or nothing."
  type        = string
  default     = "DeployIfNotExists"
  nullable    = false

  validation {
    condition     = contains(["DeployIfNotExists", "AuditIfNotExists", "Disabled"], var.effect)
    error_message = "effect must be one of \"DeployIfNotExists\", \"AuditIfNotExists\", \"Disabled\"."
  }
}

variable "not_scopes" {
  description = "Ids of subscriptions or management groups below that the policy leaves alone, for example those that stage two serves with system topics that were there."
  type        = list(string)
  default     = []
  nullable    = false
}
