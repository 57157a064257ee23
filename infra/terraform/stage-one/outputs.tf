# Written by npm run terraform from infra/main.bicep.

output "azure_resource_group" {
  description = "The resource group of Postern itself."
  value       = local.outputs["azure_resource_group"]
}

output "postern_function_app_name" {
  description = "Name of the function app."
  value       = local.outputs["postern_function_app_name"]
}

output "postern_function_app_id" {
  description = "Id of the function app: stage two delivers events to its function onResourceEvent."
  value       = local.outputs["postern_function_app_id"]
}

output "postern_storage_account_id" {
  description = "Id of the storage account: stage two puts undelivered events into its container dead-letter."
  value       = local.outputs["postern_storage_account_id"]
}

output "postern_storage_account_name" {
  description = "Name of the storage account."
  value       = local.outputs["postern_storage_account_name"]
}

output "postern_storage_is_open" {
  description = "Whether Event Grid can put undelivered events there: not past a firewall. What stage two takes unless POSTERN_DEAD_LETTER says otherwise."
  value       = local.outputs["postern_storage_is_open"]
}

output "postern_policy_container_url" {
  description = "Where a policy is uploaded to; it is read from there if policySource is container."
  value       = local.outputs["postern_policy_container_url"]
}

output "postern_events_identity_id" {
  description = "Id of the identity of the system topics: stage two attaches it."
  value       = local.outputs["postern_events_identity_id"]
}

output "postern_principal_id" {
  description = "Object id of the identity that Postern acts as."
  value       = local.outputs["postern_principal_id"]
}

output "postern_event_sources" {
  description = "The watched subscriptions as a JSON array: stage two makes event subscriptions in each. Not the variable that azd takes the list from: azd down deletes the variables of outputs."
  value       = local.outputs["postern_event_sources"]
}

output "postern_outcome_topic_endpoint" {
  description = "Where outcome events go; empty if there is no topic for them."
  value       = local.outputs["postern_outcome_topic_endpoint"]
}
