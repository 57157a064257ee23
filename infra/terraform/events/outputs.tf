# Written by npm run terraform from infra/events/main.bicep.

output "event_subscription_ids" {
  description = "Ids of the event subscriptions, for each watched subscription."
  value       = local.outputs["eventsubscriptionids"]
}
