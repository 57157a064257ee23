import { loadPolicy } from '../../src/policy/compile-policy';
import type { Facts } from '../../src/policy/facts/facts';
import type { Policy } from '../../src/policy/policy';
import type { Answer, Engine } from './engine';
import { now } from './random-facts';
import { type Atom, lists, patterns, rules } from './rules';

/** Loads the rules into Postern. */
export function loadPostern(): Engine {
  const policy = posternPolicy();
  return { decide: (facts) => answerOf(policy, facts) };
}

function answerOf(policy: Policy, facts: Facts): Answer {
  const decision = policy.decide(facts, now);
  if (decision === undefined) throw new Error('a Pending connection was not decided');
  return { effect: decision.effect, rules: decision.rules };
}

/** Loads the policy. @throws Error with its problems, if there are any. */
export function posternPolicy(): Policy {
  const load = loadPolicy([{ path: 'policy.yaml', text: policyText() }]);
  if (load.kind === 'loaded') return load.policy;
  throw new Error(load.problems.map(({ message }) => message).join('\n'));
}

/** Returns the text of the policy file, as JSON, which is also YAML. */
export function policyText(): string {
  const written = rules.map(({ name, effect, atoms }) => ({
    name,
    effect,
    when: atoms.map(cel).join(' && '),
  }));
  return JSON.stringify({ version: 1, mode: 'enforce', lists, rules: written }, undefined, 2);
}

function cel(atom: Atom): string {
  switch (atom.kind) {
    case 'inList':
      return `endpoint.subscriptionId in lists.${atom.list}`;
    case 'notInList':
      return `!(endpoint.subscriptionId in lists.${atom.list})`;
    case 'locationIn':
      return `endpoint.location in ${JSON.stringify(atom.places)}`;
    case 'tag': {
      const read = `target.tags.${atom.name} == "${atom.value}"`;
      return atom.guarded ? `has(target.tags.${atom.name}) && ${read}` : read;
    }
    case 'messageStarts':
      return `connection.message.startsWith("${atom.prefix}")`;
    case 'messageEmpty':
      return 'connection.message == ""';
    case 'messageMatches':
      return `connection.message.matches("${patterns[atom.pattern]}")`;
    case 'networkLike':
      return `glob(endpoint.virtualNetworkId, "${atom.pattern.replaceAll('*', '**')}")`;
    case 'olderThan':
      return `connection.firstSeen < now - duration("${atom.hours}h")`;
    case 'approvedAtLeast':
      return `consumer.approved >= ${atom.count}`;
  }
}
