# Written by npm run terraform from infra/onboarding/main.bicep.

# azapi, because azurerm deploys with an API version that does not know templates of language version 2.0.
resource "azapi_resource" "deployment" {
  type      = "Microsoft.Resources/deployments@2025-04-01"
  name      = "postern-${var.environment_name}"
  parent_id = "/providers/Microsoft.Management/managementGroups/${var.management_group_id}"
  location  = var.location

  body = {
    properties = {
      mode       = "Incremental"
      template   = jsondecode(file("${path.module}/template.json"))
      parameters = local.parameters
    }
  }

  response_export_values = ["properties.outputs"]
}

locals {
  # ARM changes the case of the names of outputs.
  outputs = { for name, output in azapi_resource.deployment.output.properties.outputs : lower(name) => output.value }
}
