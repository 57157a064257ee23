// Terraform's types, names and values for the parameters of a compiled template.

/** Returns `endpointSubnetId` as `endpoint_subnet_id`, and `instanceMemoryMB` as `instance_memory_mb`. */
export function snakeCase(name) {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}

/** Returns what `$ref` points to, with what stands beside it. */
export function resolved(schema, definitions) {
  if (schema.$ref === undefined) return schema;
  const { $ref, ...own } = schema;
  return { ...resolved(definitions[$ref.replace('#/definitions/', '')], definitions), ...own };
}

const simpleTypes = { string: 'string', securestring: 'string', int: 'number', bool: 'bool' };

/** Returns the type constraint of a schema. @throws Error for a schema that no Terraform type expresses */
export function typeOf(schema, definitions) {
  const { type, items, properties, additionalProperties } = resolved(schema, definitions);
  if (type in simpleTypes) return simpleTypes[type];
  if (type === 'array' && items !== undefined) return `list(${typeOf(items, definitions)})`;
  if (type === 'object' && additionalProperties) return `map(${typeOf(additionalProperties, definitions)})`;
  if (type === 'object' && Object.keys(properties ?? {}).length > 0) {
    const members = Object.entries(properties).map(([name, property]) => {
      const member = typeOf(property, definitions);
      return `${snakeCase(name)} = ${property.nullable ? `optional(${member})` : member}`;
    });
    return `object({\n${members.join('\n')}\n})`;
  }
  throw new Error(`No Terraform type for ${JSON.stringify(schema)}`);
}

/** Is true for a default that only the template can compute. */
export function isExpression(value) {
  if (Array.isArray(value)) return value.some(isExpression);
  return typeof value === 'string' && /^\[(?!\[)/.test(value);
}

/** Returns a value that is no expression as HCL: JSON is, except for what begins a template. */
export function literal(value) {
  return JSON.stringify(value).replaceAll('${', '$${').replaceAll('%{', '%%{');
}

/** Returns the conditions that the template sets, each with a sentence for people. */
export function conditionsOf(name, schema, definitions) {
  const it = `var.${name}`;
  const { type, allowedValues, minLength, maxLength, minValue, maxValue, items } = resolved(
    schema,
    definitions,
  );
  const count = type === 'string' ? 'characters' : 'entries';
  const sentences = [
    allowedValues && [
      `contains(${literal(allowedValues)}, ${it})`,
      `must be one of ${allowedValues.map((one) => JSON.stringify(one)).join(', ')}`,
    ],
    minLength && [
      `length(${it}) >= ${minLength}`,
      minLength === 1 ? 'must not be empty' : `must have at least ${minLength} ${count}`,
    ],
    maxLength && [`length(${it}) <= ${maxLength}`, `must have at most ${maxLength} ${count}`],
    minValue !== undefined && [`${it} >= ${minValue}`, `must be at least ${minValue}`],
    maxValue !== undefined && [`${it} <= ${maxValue}`, `must be at most ${maxValue}`],
    type === 'int' && [`floor(${it}) == ${it}`, 'must be a whole number'],
    ...memberConditions(it, items, definitions),
  ];
  return sentences.filter(Boolean).map(([condition, sentence]) => [condition, `${name} ${sentence}.`]);
}

function memberConditions(it, items, definitions) {
  const { properties = {} } = items === undefined ? {} : resolved(items, definitions);
  return Object.entries(properties).flatMap(([name, { allowedValues }]) =>
    allowedValues === undefined
      ? []
      : [
          [
            `alltrue([for one in ${it} : contains(${literal(allowedValues)}, one.${snakeCase(name)})])`,
            `must have a ${snakeCase(name)} of ${allowedValues.map((one) => JSON.stringify(one)).join(', ')} in each entry`,
          ],
        ],
  );
}

/** Returns the expression that gives the template what the variable holds. */
export function valueOf(name, schema, definitions) {
  const { items } = resolved(schema, definitions);
  const { properties = {} } = items === undefined ? {} : resolved(items, definitions);
  const members = Object.keys(properties).map((key) => `${key} = one.${snakeCase(key)}`);
  return members.length === 0 ? `var.${name}` : `[for one in var.${name} : {\n${members.join('\n')}\n}]`;
}
