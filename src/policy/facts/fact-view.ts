import { foldText } from '../../connections/fold-text';
import { type FactField, type FactRoot, fieldsOf } from './fact-fields';
import { factsProblem } from './fact-limits';
import type { Facts } from './facts';

/** The facts below one root as conditions see them. A fact that is absent has no property. */
export class FactGroup {
  readonly [name: string]: unknown;
}

/** A class for each root, because CEL tells the types of objects by their classes. */
export const factGroups = {
  connection: class extends FactGroup {},
  endpoint: class extends FactGroup {},
  target: class extends FactGroup {},
  consumer: class extends FactGroup {},
} as const satisfies Readonly<Record<FactRoot, typeof FactGroup>>;

/**
 * The facts of one decision as conditions see them: ids in lower case, integers as `bigint`, tags as a map with names in
 * lower case. Every root is there, even when all its facts are absent.
 */
export type FactView = Readonly<Record<FactRoot, FactGroup>> & { readonly now: Date };

/** The facts for conditions, or why they cannot be decided on. */
export type FactViewResult =
  | { readonly kind: 'ready'; readonly view: FactView }
  | { readonly kind: 'refused'; readonly problem: string };

/** Converts facts for conditions, unless they break a limit. */
export function viewFacts(facts: Facts, now: Date): FactViewResult {
  const problem = factsProblem(facts, now);
  if (problem !== undefined) return { kind: 'refused', problem };
  const view = {
    connection: groupOf('connection', facts),
    endpoint: groupOf('endpoint', facts),
    target: groupOf('target', facts),
    consumer: groupOf('consumer', facts),
    now: new Date(now),
  };
  return { kind: 'ready', view };
}

function groupOf(root: FactRoot, facts: Facts): FactGroup {
  const group: Record<string, unknown> = new factGroups[root]();
  const given = facts[root] as Readonly<Record<string, unknown>> | undefined;
  if (given === undefined) return group;
  for (const [name, convert] of conversions[root]) {
    const value = given[name];
    if (value !== undefined) group[name] = convert(value);
  }
  return group;
}

type Conversion = readonly [name: string, convert: (value: unknown) => unknown];

const conversions = {
  connection: conversionsOf('connection'),
  endpoint: conversionsOf('endpoint'),
  target: conversionsOf('target'),
  consumer: conversionsOf('consumer'),
} as const satisfies Readonly<Record<FactRoot, readonly Conversion[]>>;

function conversionsOf(root: FactRoot): readonly Conversion[] {
  // A fact has the type that the table says.
  return Object.entries(fieldsOf(root)).map(([name, field]) => [
    name,
    conversionOf(field) as (value: unknown) => unknown,
  ]);
}

/** How a fact of the type that the table tells reaches conditions. */
function conversionOf({ type, withoutCase }: FactField): (value: never) => unknown {
  switch (type) {
    case 'string':
      return withoutCase ? foldText : (text: string) => text;
    case 'list<string>':
      return (texts: readonly string[]) => (withoutCase ? texts.map(foldText) : [...texts]);
    case 'map<string, string>':
      return tagMap;
    case 'int':
      return (count: number) => BigInt(count);
    case 'google.protobuf.Timestamp':
      return (time: Date) => time;
  }
}

/** Tag names are compared without case in ARM, tag values with. */
function tagMap(tags: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(tags).map(([name, value]) => [foldText(name), value]));
}
