# Written by npm run terraform from infra/onboarding/main.bicep.

output "policy_assignment_id" {
  description = "Id of the policy assignment: remediation tasks name it."
  value       = local.outputs["policyassignmentid"]
}

output "policy_definition_id" {
  description = "Id of the policy definition."
  value       = local.outputs["policydefinitionid"]
}
