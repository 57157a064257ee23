# Creates a private endpoint with a manual connection: the target's owner must approve it.

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
  description = "Region of the private endpoint: the same as its subnet."
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
  description = "The part of the target to connect to, e.g. vault, managedhsm, Gateway or disks."
}

variable "request_message" {
  type        = string
  description = "The request message, which the target's owner and the policy can read."

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
  description = "The id to pass to postern wait."
  value       = azurerm_private_endpoint.this.id
}
