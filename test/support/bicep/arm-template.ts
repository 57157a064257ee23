import type { Deployed } from './deployment';
import { isObject, shown, Unknown, type Value } from './values';

/** An ARM template in JSON, as far as it is looked at here. */
export interface ArmTemplate {
  readonly $schema: string;
  readonly parameters?: { readonly [name: string]: Value };
  readonly variables?: { readonly [name: string]: Value };
  readonly resources: readonly { readonly [name: string]: Value }[];
}

/** Every template inside a JSON file, the outer before the inner. */
export function templatesIn(value: unknown): ArmTemplate[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(templatesIn);
  return '$schema' in value && 'resources' in value ? [value as unknown as ArmTemplate, ...inner] : inner;
}

const ofTheLanguage: readonly string[] = ['type', 'apiVersion', 'condition'];
/** Where an inner deployment goes. */
const inner: readonly string[] = ['resourceGroup', 'subscriptionId'];

/** The resources of one template; an expression in them is unknown, a variable is what it stands for. */
export function armTemplateResources(template: ArmTemplate, path: string): Deployed[] {
  const isForSubscription = /subscriptionDeploymentTemplate/i.test(template.$schema);
  return template.resources.map((resource) => {
    const type = shown(resource['type']);
    const own = type === 'Microsoft.Resources/deployments' ? [...ofTheLanguage, ...inner] : ofTheLanguage;
    const rest = Object.entries(resource).filter(([name]) => !own.includes(name));
    const body = valueOf(Object.fromEntries(rest), template);
    return {
      type,
      apiVersion: shown(resource['apiVersion']),
      existing: false,
      body: isObject(body) ? body : {},
      targetScope: isForSubscription ? 'subscription' : 'resourceGroup',
      conditional: 'condition' in resource,
      path,
      symbol: type,
      at: { line: 1, column: 1 },
    };
  });
}

function valueOf(value: Value, template: ArmTemplate): Value {
  if (typeof value === 'string') {
    if (!value.startsWith('[') || value.startsWith('[[')) return value;
    const [, variable] = /^\[variables\('(\w+)'\)\]$/.exec(value) ?? [];
    const known = variable === undefined ? undefined : template.variables?.[variable];
    return known === undefined ? new Unknown(value.slice(1, -1)) : valueOf(known, template);
  }
  if (Array.isArray(value)) return value.map((item) => valueOf(item, template));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.startsWith('[') ? `‹${name.slice(1, -1)}›` : name,
      valueOf(inner, template),
    ]),
  );
}
