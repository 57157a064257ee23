# A private endpoint that asks for its connection, and leaves the answer to the target's owner.

terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}

provider "azurerm" {
  features {}
}

variable "name" {
  type        = string
  description = "Name of the private endpoint."
}

variable "location" {
  type        = string
  description = "Region of the private endpoint: that of its subnet."
}

variable "resource_group_name" {
  type        = string
  description = "Resource group of the private endpoint."
}

variable "subnet_id" {
  type        = string
  description = "Resource id of the subnet that the endpoint gets its address from."
}

variable "target_id" {
  type        = string
  description = "Resource id of the target, e.g. a shared Key Vault in another subscription."
}

variable "group_id" {
  type        = string
  default     = "vault"
  description = "What of the target is asked for, e.g. vault, managedhsm, Gateway or disks."
}

variable "request_message" {
  type        = string
  description = "The request message: what the target's owner, and the policy, get to read."

  validation {
    condition     = length(var.request_message) > 0 && length(var.request_message) <= 140
    error_message = "The request message has 1 to 140 characters."
  }
}

resource "azurerm_private_endpoint" "this" {
  name                = var.name
  location            = var.location
  resource_group_name = var.resource_group_name
  subnet_id           = var.subnet_id

  private_service_connection {
    name                           = var.name
    private_connection_resource_id = var.target_id
    subresource_names              = [var.group_id]
    is_manual_connection           = true
    request_message                = var.request_message
  }
}

output "endpoint_id" {
  description = "What postern wait looks at."
  value       = azurerm_private_endpoint.this.id
}
