// The text of a Terraform module that deploys one compiled template.
import { conditionsOf, isExpression, literal, snakeCase, typeOf, valueOf } from './types.mjs';

/** Where each template is deployed, and what only Terraform must know: the place and the deployment's name. */
export const modules = {
  'stage-one': {
    source: 'infra/main.bicep',
    deploymentName: 'postern-${var.environment_name}',
    parentId: '/subscriptions/${var.subscription_id}',
    own: { subscription_id: "Id of Postern's subscription." },
  },
  events: {
    source: 'infra/events/main.bicep',
    deploymentName: 'postern-events-${var.environment_name}',
    parentId: '/subscriptions/${var.subscription_id}',
    own: { subscription_id: "Id of Postern's subscription." },
  },
  onboarding: {
    source: 'infra/onboarding/main.bicep',
    deploymentName: 'postern-${var.environment_name}',
    parentId: '/providers/Microsoft.Management/managementGroups/${var.management_group_id}',
    own: { management_group_id: 'Name of the management group: the last segment of its id.' },
  },
};

// What the compiler gives nested deployments; the provider knows the same versions as the compiler.
const deployments = 'Microsoft.Resources/deployments@2025-04-01';

/** Returns the files of a module, by name, before they are formatted. */
export function filesOf({ source, deploymentName, parentId, own }, template) {
  const head = `# Written by npm run terraform from ${source}.\n\n`;
  const { parameters, outputs, definitions = {} } = template;
  return {
    'main.tf': head + mainText({ deploymentName, parentId }),
    'outputs.tf': head + blocks(Object.entries(outputs), outputText),
    'parameters.tf': head + parametersText(parameters, definitions),
    'variables.tf':
      head +
      blocks(Object.entries(own), ([name, description]) => ownText(name, description)) +
      blocks(Object.entries(parameters), (entry) => variableText(entry, definitions)),
    'versions.tf': head + versionsText,
  };
}

const versionsText = `terraform {
required_version = ">= 1.5.0"
required_providers {
azapi = {
source = "Azure/azapi"
version = ">= 2.4.0, < 3.0.0"
}
}
}
`;

function mainText({ deploymentName, parentId }) {
  return `# azapi, because azurerm deploys with an API version that does not know templates of language version 2.0.
resource "azapi_resource" "deployment" {
type = "${deployments}"
name = "${deploymentName}"
parent_id = "${parentId}"
location = var.location

body = {
properties = {
mode = "Incremental"
template = jsondecode(file("\${path.module}/template.json"))
parameters = local.parameters
}
}

response_export_values = ["properties.outputs"]
}

locals {
# ARM changes the case of the names of outputs.
outputs = { for name, output in azapi_resource.deployment.output.properties.outputs : lower(name) => output.value }
}
`;
}

function parametersText(parameters, definitions) {
  const lines = Object.entries(parameters).map(
    ([name, schema]) => `${name} = ${valueOf(snakeCase(name), schema, definitions)}`,
  );
  return `locals {
values = {
${lines.join('\n')}
}
# What is null takes the template's default.
parameters = { for name, value in local.values : name => { value = value } if value != null }
}
`;
}

function variableText([name, schema], definitions) {
  const variable = snakeCase(name);
  const isNullable = isExpression(schema.defaultValue);
  const lines = [
    `description = ${literal(descriptionOf(schema))}`,
    `type = ${typeOf(schema, definitions)}`,
    ...(schema.defaultValue === undefined ? [] : [`default = ${defaultOf(schema.defaultValue)}`]),
    `nullable = ${isNullable}`,
    ...conditionsOf(variable, schema, definitions).map(([condition, message]) =>
      validation(isNullable ? `var.${variable} == null ? true : ${condition}` : condition, message),
    ),
  ];
  return `variable "${variable}" {\n${lines.join('\n')}\n}`;
}

/** Returns the description, with the template's own default if Terraform cannot have it. */
export function descriptionOf({ metadata: { description }, defaultValue }) {
  return isExpression(defaultValue) ? `${description} Null: what the template computes.` : description;
}

function defaultOf(value) {
  return isExpression(value) ? 'null' : literal(value);
}

function ownText(name, description) {
  return `variable "${name}" {\ndescription = ${literal(description)}\ntype = string\nnullable = false\n${validation(`length(var.${name}) >= 1`, `${name} must not be empty.`)}\n}`;
}

function validation(condition, message) {
  return `\nvalidation {\ncondition = ${condition}\nerror_message = ${literal(message)}\n}`;
}

function outputText([name, { metadata }]) {
  const output = snakeCase(name);
  return `output "${output}" {\ndescription = ${literal(metadata.description)}\nvalue = local.outputs["${name.toLowerCase()}"]\n}`;
}

function blocks(entries, textOf) {
  return entries.map((entry) => `${textOf(entry)}\n`).join('\n') + (entries.length > 0 ? '\n' : '');
}
