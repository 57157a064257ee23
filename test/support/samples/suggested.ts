import { EstateBuilder, type Estate } from '../../../src/suggest/estate/estate';
import { observe } from '../../../src/suggest/estate/observation';
import type { Facts } from '../../../src/policy/facts/facts';
import { suggestPolicy, type Suggestion } from '../../../src/suggest/suggest';
import { microsoftTenant } from './estate';

/** Groups facts as `postern suggest` does. */
export function estateOf(all: readonly Facts[]): Estate {
  const builder = new EstateBuilder();
  for (const facts of all) builder.add(observe(facts, new Set([microsoftTenant])));
  return builder.build();
}

/** Suggests a policy for connections. */
export function suggestedFor(all: readonly Facts[]): Suggestion | undefined {
  return suggestPolicy(estateOf(all));
}

/** Returns whether a suggested policy approves a connection as if it were Pending. */
export function approvesPending(suggestion: Suggestion | undefined, facts: Facts): boolean {
  const pending = { ...facts, connection: { ...facts.connection, status: 'Pending' } };
  return suggestion?.policy.decide(pending, new Date('2026-03-01T12:00:00Z'))?.effect === 'approve';
}
