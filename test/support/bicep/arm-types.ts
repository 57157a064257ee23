import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployed } from './deployment';
import { findingOf, type Finding } from './project';
import { isObject, isUnknown, shown, type Value } from './values';

/** The type of a value in a resource, from Azure's own type definitions; numbers are places in `shapes`. */
type Shape =
  | {
      readonly t: 'string';
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly pattern?: string;
    }
  | { readonly t: 'int'; readonly minValue?: number; readonly maxValue?: number }
  | { readonly t: 'bool' | 'any' }
  /** `open`: Azure says that others may come; here they count as typing errors all the same. */
  | { readonly t: 'enum'; readonly v: readonly string[]; readonly open?: true }
  | { readonly t: 'array'; readonly i: number }
  /** A name that ends with `!` is required; `x` is the type of any other name. */
  | { readonly t: 'object'; readonly p: Shapes; readonly x?: number }
  /** Which further properties there are depends on the property `on`. */
  | { readonly t: 'choice'; readonly on: string; readonly p: Shapes; readonly of: Shapes };

type Shapes = Readonly<Record<string, number>>;

export interface ArmTypes {
  readonly _source: { readonly from: string };
  /** By `Type@version`; `writableScopes` is a set of bits. */
  readonly types: Readonly<Record<string, { readonly writableScopes: number; readonly body: number }>>;
  readonly shapes: readonly Shape[];
}

export function readArmTypes(): ArmTypes {
  const text = readFileSync(join(__dirname, '../../data/arm-types.json'), 'utf8');
  return JSON.parse(text) as ArmTypes;
}

const scopeBits: Readonly<Record<string, number>> = {
  tenant: 1,
  managementGroup: 2,
  subscription: 4,
  resourceGroup: 8,
};
const extensionBit = 16;

/** What Azure Resource Manager would refuse of a resource, as far as its values are known here. */
export function typeFindings(deployed: Deployed, types: ArmTypes): Finding[] {
  const { path, at, type, apiVersion, existing, body, targetScope } = deployed;
  const wanted = `${type}@${apiVersion}`;
  const found = types.types[wanted];
  if (found === undefined) return [findingOf(path, at, `${wanted} is not among the known types`)];
  if (existing) return [];
  const bit = 'scope' in body ? extensionBit : (scopeBits[targetScope] ?? 0);
  const misplaced = (found.writableScopes & bit) === 0;
  const messages = [
    ...(misplaced ? [`${type} cannot be deployed to ${'scope' in body ? 'a resource' : targetScope}`] : []),
    ...new Check(types).object(withoutBicep(body), found.body, deployed.symbol),
  ];
  return messages.map((message) => findingOf(path, at, message));
}

/** What stands in the braces for Bicep alone. */
function withoutBicep(body: Deployed['body']): { [name: string]: Value } {
  const own = ['parent', 'scope', 'dependsOn'];
  return Object.fromEntries(Object.entries(body).filter(([name]) => !own.includes(name)));
}

class Check {
  constructor(private readonly types: ArmTypes) {}

  object(value: Value, index: number, path: string): string[] {
    if (isUnknown(value)) return value.options.flatMap((option) => this.object(option, index, path));
    const shape = this.types.shapes[index];
    // Azure takes null for a property that is left out.
    if (shape === undefined || value === null) return [];
    switch (shape.t) {
      case 'any':
        return [];
      case 'bool':
        return typeof value === 'boolean' ? [] : [`${path} is no bool`];
      case 'int':
        return typeof value === 'number' ? [] : [`${path} is no number`];
      case 'string':
        return stringMessages(value, shape, path);
      case 'enum':
        return enumMessages(value, shape, path);
      case 'array':
        if (!Array.isArray(value)) return [`${path} is no array`];
        return value.flatMap((item, place) => this.object(item, shape.i, `${path}[${place}]`));
      case 'object':
        return this.properties(value, shape.p, shape.x, path);
      case 'choice':
        return this.choice(value, shape, path);
    }
  }

  private choice(value: Value, shape: Extract<Shape, { t: 'choice' }>, path: string): string[] {
    if (!isObject(value)) return [`${path} is no object`];
    const kind = value[shape.on];
    if (isUnknown(kind)) return [];
    const chosen = this.types.shapes[shape.of[shown(kind)] ?? -1];
    if (chosen?.t !== 'object') return [`${path}.${shape.on} cannot be ${shown(kind)}`];
    return this.properties(value, { ...shape.p, ...chosen.p }, chosen.x, path);
  }

  private properties(value: Value, shapes: Shapes, rest: number | undefined, path: string): string[] {
    if (!isObject(value)) return [`${path} is no object`];
    const missing = Object.keys(shapes)
      .filter((name) => name.endsWith('!') && !(name.slice(0, -1) in value))
      .map((name) => `${path} has no ${name.slice(0, -1)}`);
    const wrong = Object.entries(value).flatMap(([name, inner]) => {
      const index = shapes[name] ?? shapes[`${name}!`] ?? rest;
      // A name that is only known when it is deployed.
      if (index === undefined) return name.includes('‹') ? [] : [`${path} cannot have ${name}`];
      return this.object(inner, index, `${path}.${name}`);
    });
    return [...missing, ...wrong];
  }
}

function stringMessages(value: Value, shape: Extract<Shape, { t: 'string' }>, path: string): string[] {
  if (typeof value !== 'string') return [`${path} is no text`];
  if (value.includes('‹')) return [];
  const { minLength = 0, maxLength = Infinity, pattern } = shape;
  if (value.length < minLength || value.length > maxLength)
    return [`${path} has ${value.length} characters, not ${minLength} to ${maxLength}`];
  return pattern === undefined || new RegExp(pattern).test(value)
    ? []
    : [`${path} does not match ${pattern}`];
}

function enumMessages(value: Value, shape: Extract<Shape, { t: 'enum' }>, path: string): string[] {
  if (typeof value !== 'string') return [`${path} is no text`];
  if (value.includes('‹') || shape.v.includes(value)) return [];
  return [`${path} is ${value}, not one of ${shape.v.join(', ')}`];
}
