# Written by npm run terraform from infra/events/main.bicep.

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
  description = "Where the resource groups of the system topics are kept. The topics themselves are global."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.location) >= 1
    error_message = "location must not be empty."
  }
}

variable "tags" {
  description = "Tags of the resource groups and system topics."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "watched_subscriptions" {
  description = "Ids of the subscriptions to watch. Postern must have its role there: watchedSubscriptions of stage one, or the onboarding of a management group."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.watched_subscriptions) >= 1
    error_message = "watched_subscriptions must not be empty."
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

variable "dead_letter" {
  description = "Whether events that could not be delivered are kept. Off where the storage account is closed to public networks: Event Grid cannot pass its firewall with this identity."
  type        = bool
  default     = true
  nullable    = false
}

variable "storage_account_id" {
  description = "Id of the storage account for undelivered events."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.storage_account_id) >= 1
    error_message = "storage_account_id must not be empty."
  }
}

variable "events_identity_id" {
  description = "Id of the identity that may write undelivered events."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.events_identity_id) >= 1
    error_message = "events_identity_id must not be empty."
  }
}

variable "topics_resource_group" {
  description = "Name of the resource group, in each watched subscription, for its system topics. Empty: rg-postern-events- and the environment name."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = length(var.topics_resource_group) <= 90
    error_message = "topics_resource_group must have at most 90 characters."
  }
}

variable "existing_topics" {
  description = "System topics that are there already, for example those of another Postern: Azure allows one of each type in a subscription. To keep undelivered events, they must carry the identity."
  type = list(object({
    subscription_id        = string
    operations_topic_id    = optional(string)
    notifications_topic_id = optional(string)
    carry_identity         = optional(bool)
  }))
  default  = []
  nullable = false
}

variable "guest_identity_ids" {
  description = "Ids of the identities of other Posterns that use the topics which are made here: eventsIdentityId of each."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "action_group_ids" {
  description = "Ids of the action groups that alerts notify. Empty: alerts fire and notify nobody."
  type        = list(string)
  default     = []
  nullable    = false
}
