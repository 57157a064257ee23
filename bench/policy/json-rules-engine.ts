import type { ConditionProperties } from 'json-rules-engine';
import { lower } from '../../src/base/compare';
import type { Facts } from '../../src/policy/facts/facts';
import { type Engine, strongest } from './engine';
import { now } from './random-facts';
import { type Atom, lists, patterns, rules } from './rules';

/**
 * Loads the rules into json-rules-engine, with flat facts, because paths are slow in it, and with
 * the operators that it lacks.
 */
export async function loadJsonRules(): Promise<Engine> {
  const { Engine: JsonRules } = await import('json-rules-engine');
  const engine = new JsonRules([], { allowUndefinedFacts: true });
  engine.addOperator<string, Set<string>>('among', (text, members) => members.has(text));
  engine.addOperator<string, Set<string>>('notAmong', (text, members) => !members.has(text));
  engine.addOperator<string, string>('startsWith', (text, prefix) => text.startsWith(prefix));
  engine.addOperator<string, RegExp>('matches', (text, expression) => expression.test(text));
  const sets = new Map(Object.entries(lists).map(([name, members]) => [name, new Set(members)]));
  for (const { name, atoms } of rules) {
    const all = atoms.flatMap((atom) => conditions(atom, sets));
    engine.addRule({ name, conditions: { all }, event: { type: name } });
  }
  return {
    decide: async (facts) => {
      const { events } = await engine.run(factsOf(facts));
      return strongest(events.map(({ type }) => type));
    },
  };
}

function factsOf({ connection, endpoint, target, consumer }: Facts): Record<string, unknown> {
  const tags = Object.entries(target.tags ?? {}).map(
    ([name, value]) => [`tag.${lower(name)}`, value] as const,
  );
  return {
    subscription: lower(endpoint?.subscriptionId ?? ''),
    location: lower(endpoint?.location ?? ''),
    network: lower(endpoint?.virtualNetworkId ?? ''),
    message: connection.message,
    age: now.getTime() - connection.firstSeen.getTime(),
    approved: consumer?.approved,
    ...Object.fromEntries(tags),
  };
}

function conditions(atom: Atom, sets: ReadonlyMap<string, ReadonlySet<string>>): ConditionProperties[] {
  switch (atom.kind) {
    case 'inList':
      return [{ fact: 'subscription', operator: 'among', value: sets.get(atom.list) }];
    case 'notInList':
      return [{ fact: 'subscription', operator: 'notAmong', value: sets.get(atom.list) }];
    case 'locationIn':
      return [{ fact: 'location', operator: 'in', value: atom.places }];
    case 'tag':
      // An absent fact is undefined and equal to nothing, so no guard is needed.
      return [{ fact: `tag.${atom.name}`, operator: 'equal', value: atom.value }];
    case 'messageStarts':
      return [{ fact: 'message', operator: 'startsWith', value: atom.prefix }];
    case 'messageEmpty':
      return [{ fact: 'message', operator: 'equal', value: '' }];
    case 'messageMatches':
      return [{ fact: 'message', operator: 'matches', value: new RegExp(patterns[atom.pattern]!) }];
    case 'networkLike':
      return [{ fact: 'network', operator: 'matches', value: likeExpression(atom.pattern) }];
    case 'olderThan':
      return [{ fact: 'age', operator: 'greaterThan', value: atom.hours * 3_600_000 }];
    case 'approvedAtLeast':
      return [{ fact: 'approved', operator: 'greaterThanInclusive', value: atom.count }];
  }
}

function likeExpression(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
}
