import { foldText } from '../../connections/fold-text';
import { profileOf, targetTypeFrom } from '../../connections/target-type';
import { type FactField, type FactRoot, fieldsOf } from './fact-fields';
import { factsProblem } from './fact-limits';
import type { Facts } from './facts';

/** A group of facts as conditions see them. A fact that is absent has no property. */
export class FactGroup {
  readonly [name: string]: unknown;
}

/** A class for each group of facts, because CEL determines the types of objects by class. */
export const factGroups = {
  connection: class extends FactGroup {},
  endpoint: class extends FactGroup {},
  requester: class extends FactGroup {},
  target: class extends FactGroup {},
  expected: class extends FactGroup {},
  consumer: class extends FactGroup {},
} as const satisfies Readonly<Record<FactRoot, typeof FactGroup>>;

/**
 * The facts of one decision as conditions see them: ids in lower case, integers as `bigint`, tags
 * as a map with names in lower case. Every group is present, even if all its facts are absent.
 */
export type FactView = Readonly<Record<FactRoot, FactGroup>> & { readonly now: Date };

/** The facts as conditions see them, or why a policy cannot decide on them. */
export type FactViewResult =
  | {
      readonly kind: 'ready';
      readonly view: FactView;
      /** For examples: the same facts, with empty tags where the example says nothing of them. */
      readonly untagged?: FactView | undefined;
    }
  | { readonly kind: 'refused'; readonly problem: string };

/** Converts facts for conditions, unless they exceed a limit. */
export function viewFacts(facts: Facts, now: Date): FactViewResult {
  const problem = factsProblem(facts, now);
  if (problem !== undefined) return { kind: 'refused', problem };
  const view = {
    connection: groupOf('connection', facts),
    endpoint: groupOf('endpoint', facts),
    requester: groupOf('requester', facts),
    target: groupOf('target', facts),
    expected: groupOf('expected', facts),
    consumer: groupOf('consumer', facts),
    now: new Date(now),
  };
  return {
    kind: 'ready',
    view,
    ...(facts.unstatedTags === undefined ? {} : { untagged: untagged(view, facts) }),
  };
}

function untagged(view: FactView, { unstatedTags = [] }: Facts): FactView {
  // Nobody's tags can be checked.
  const present = unstatedTags.filter((root) => view[root]['id'] !== undefined);
  const emptied = present.map((root) => {
    const group: Record<string, unknown> = new factGroups[root]();
    const name = root === 'requester' ? 'subscriptionTags' : 'tags';
    return [root, Object.assign(group, view[root], { [name]: new Map() })] as const;
  });
  return { ...view, ...Object.fromEntries(emptied) };
}

function groupOf(root: FactRoot, facts: Facts): FactGroup {
  const group: Record<string, unknown> = new factGroups[root]();
  const given = (root === 'target' ? { ...facts.target, ...typeFacts(facts.target.type) } : facts[root]) as
    Readonly<Record<string, unknown>> | undefined;
  for (const [name, field] of Object.entries(fieldsOf(root))) {
    const value = given?.[name];
    if (value !== undefined) group[name] = converted(value, field);
  }
  return group;
}

/** Returns what the table of target types says about a type. */
function typeFacts(text: string): Readonly<Record<string, unknown>> {
  const type = targetTypeFrom(text);
  if (type === undefined) return {};
  const { service, evidence, opensMany } = profileOf(type);
  return { service, evidence, opensMany };
}

/** `value` has the type that `field` states. */
function converted(value: unknown, { type, withoutCase }: FactField): unknown {
  switch (type) {
    case 'string':
      return withoutCase ? foldText(value as string) : value;
    case 'list<string>':
      return withoutCase ? (value as readonly string[]).map(foldText) : [...(value as readonly string[])];
    case 'map<string, string>':
      return tagMap(value as Readonly<Record<string, string>>);
    case 'bool':
      return value;
    case 'int':
      return BigInt(value as number);
    case 'google.protobuf.Timestamp':
      return value;
  }
}

/** ARM compares tag names without case, and tag values with case. */
function tagMap(tags: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(tags).map(([name, value]) => [foldText(name), value]));
}
