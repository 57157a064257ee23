import type { AuthorizationAnswer } from '@cedar-policy/cedar-wasm/nodejs';
import { lower } from '../../src/base/compare';
import type { Facts } from '../../src/policy/facts/facts';
import { type Answer, type Engine, strongest } from './engine';
import { now } from './random-facts';
import { type Atom, lists, patterns, rules } from './rules';

const policySet = 'fifty-rules';

/**
 * Loads the rules into Cedar: approving rules as `permit`, all others as `forbid`. An answer names
 * all rules that matched on the side that won. Lists are groups that the principal is in. Cedar has
 * no regular expressions, so this host matches them.
 */
export async function loadCedar(): Promise<Engine> {
  const cedar = await import('@cedar-policy/cedar-wasm/nodejs');
  const staticPolicies = Object.fromEntries(
    rules.map(({ name, effect, atoms }) => [
      name,
      `${effect === 'approve' ? 'permit' : 'forbid'}(principal, action, resource) when { ${atoms.map(condition).join(' && ')} };`,
    ]),
  );
  const parsed = cedar.preparsePolicySet(policySet, { staticPolicies });
  if (parsed.type === 'failure') throw new Error(JSON.stringify(parsed.errors));
  const groups = groupsBySubscription();
  const expressions = Object.entries(patterns).map(([name, source]) => [name, new RegExp(source)] as const);
  return {
    decide: (facts) => answerOf(cedar.statefulIsAuthorized(callOf(facts, groups, expressions))),
  };
}

type Groups = ReadonlyMap<string, { type: string; id: string }[]>;

function groupsBySubscription(): Groups {
  const groups = new Map<string, { type: string; id: string }[]>();
  for (const [list, members] of Object.entries(lists)) {
    for (const member of members)
      groups.set(member, [...(groups.get(member) ?? []), { type: 'List', id: list }]);
  }
  return groups;
}

function callOf(facts: Facts, groups: Groups, expressions: readonly (readonly [string, RegExp])[]) {
  const { connection, endpoint, target, consumer } = facts;
  if (endpoint === undefined || consumer === undefined || target.tags === undefined)
    throw new Error('the generated facts are whole');
  const principal = { type: 'Subscription', id: lower(endpoint.subscriptionId) };
  return {
    principal,
    action: { type: 'Action', id: 'connect' },
    resource: { type: 'Target', id: target.id },
    context: {
      message: connection.message,
      matched: expressions
        .filter(([, expression]) => expression.test(connection.message))
        .map(([name]) => name),
      age: now.getTime() - connection.firstSeen.getTime(),
      location: lower(endpoint.location ?? ''),
      network: lower(endpoint.virtualNetworkId ?? ''),
      tags: Object.fromEntries(Object.entries(target.tags).map(([name, value]) => [lower(name), value])),
      approved: consumer.approved,
    },
    preparsedPolicySetId: policySet,
    entities: [{ uid: principal, attrs: {}, parents: groups.get(principal.id) ?? [] }],
  };
}

function answerOf(answer: AuthorizationAnswer): Answer {
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  const { reason, errors } = answer.response.diagnostics;
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return strongest(reason);
}

function condition(atom: Atom): string {
  switch (atom.kind) {
    case 'inList':
      return `principal in List::"${atom.list}"`;
    case 'notInList':
      return `!(principal in List::"${atom.list}")`;
    case 'locationIn':
      return `${JSON.stringify(atom.places)}.contains(context.location)`;
    case 'tag': {
      const read = `context.tags.${atom.name} == "${atom.value}"`;
      return atom.guarded ? `context.tags has ${atom.name} && ${read}` : read;
    }
    case 'messageStarts':
      return `context.message like "${atom.prefix}*"`;
    case 'messageEmpty':
      return 'context.message == ""';
    case 'messageMatches':
      return `context.matched.contains("${atom.pattern}")`;
    case 'networkLike':
      return `context.network like "${atom.pattern}"`;
    case 'olderThan':
      return `context.age > ${atom.hours * 3_600_000}`;
    case 'approvedAtLeast':
      return `context.approved >= ${atom.count}`;
  }
}
