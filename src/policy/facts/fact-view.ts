import { foldText } from '../../connections/fold-text';
import { type FactField, factRoots, fieldsOf, type FactRoot } from './fact-fields';
import { factsProblem } from './fact-limits';
import type { Facts } from './facts';

/** The name under which the view finds itself. No condition can write it. */
export const wholeView = 'facts~';

/**
 * The facts of one decision as conditions see them, by path (`endpoint.name`; `now` on top): ids in lower case, integers
 * as `bigint`, tags as a map with names in lower case. What is `undefined` is absent. Each is made when it is first read.
 */
export class FactView extends Map<string, unknown> {
  constructor(
    private readonly facts: Facts,
    now: Date,
  ) {
    super();
    this.set('now', new Date(now)).set(wholeView, this);
  }

  override get(path: string): unknown {
    const known = super.get(path);
    if (known !== undefined) return known;
    const value = readers.get(path)?.(this.facts);
    if (value !== undefined) this.set(path, value);
    return value;
  }
}

/** The facts for conditions, or why they cannot be decided on. */
export type FactViewResult =
  | { readonly kind: 'ready'; readonly view: FactView }
  | { readonly kind: 'refused'; readonly problem: string };

/** Case is folded here; see `FactField.withoutCase`. `facts` must not change while the view is in use. */
export function viewFacts(facts: Facts, now: Date): FactViewResult {
  const problem = factsProblem(facts, now);
  if (problem !== undefined) return { kind: 'refused', problem };
  return { kind: 'ready', view: new FactView(facts, now) };
}

const readers: ReadonlyMap<string, (facts: Facts) => unknown> = new Map(
  factRoots.flatMap((root) =>
    Object.entries(fieldsOf(root)).map(([name, field]) => [`${root}.${name}`, readerOf(root, name, field)]),
  ),
);

function readerOf(root: FactRoot, name: string, field: FactField): (facts: Facts) => unknown {
  // A fact has the type that the table tells.
  const seen = conversionOf(field) as (value: unknown) => unknown;
  return (facts) => {
    const part = facts[root] as Readonly<Record<string, unknown>> | undefined;
    const value = part?.[name];
    return value === undefined ? undefined : seen(value);
  };
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
