import { loadPolicy } from '../../../src/policy/compile-policy';
import type { Decision } from '../../../src/policy/decision';
import type { ConnectionFacts, EndpointFacts, Facts, TargetFacts } from '../../../src/policy/facts/facts';
import type { Policy, PolicyProblem, WriteLimits } from '../../../src/policy/policy';

export const subscriptionA = 'aaaaaaaa-1111-1111-1111-111111111111';
export const subscriptionB = 'bbbbbbbb-2222-2222-2222-222222222222';
export const now = new Date('2026-03-01T12:00:00Z');

const vaultId = `/subscriptions/${subscriptionB}/resourceGroups/rg-shared/providers/Microsoft.KeyVault/vaults/kv-one`;

/** A Pending connection of a Key Vault, one hour old, whose endpoint and target could be read. */
export const connection: ConnectionFacts = {
  id: `${vaultId}/privateEndpointConnections/kv-one.1`,
  name: 'kv-one.1',
  status: 'Pending',
  message: 'please, CHG0012345',
  groupIds: ['Gateway'],
  provisioningState: 'Succeeded',
  firstSeen: new Date('2026-03-01T11:00:00Z'),
};

export const endpoint: EndpointFacts = {
  id: `/subscriptions/${subscriptionA.toUpperCase()}/resourceGroups/RG-Web/providers/Microsoft.Network/privateEndpoints/pe-web`,
  subscriptionId: subscriptionA.toUpperCase(),
  resourceGroup: 'RG-Web',
  name: 'pe-web',
  location: 'WestEurope',
  tags: { Owner: 'Team-Web' },
  subnetId: `/subscriptions/${subscriptionA}/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/hub/subnets/pe`,
  virtualNetworkId: `/subscriptions/${subscriptionA}/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/hub`,
};

export const target: TargetFacts = {
  id: vaultId,
  type: 'Microsoft.KeyVault/vaults',
  subscriptionId: subscriptionB,
  resourceGroup: 'rg-shared',
  name: 'kv-one',
  kind: 'standard',
  location: 'westeurope',
  tags: { Env: 'prod' },
};

export const facts: Facts = {
  connection,
  endpoint,
  target,
  consumer: { pending: 1, approved: 2, rejected: 0, disconnected: 0 },
};

/** Returns the default facts with changes to the connection. */
export function factsWith(changes: Partial<ConnectionFacts>): Facts {
  return { ...facts, connection: { ...connection, ...changes } };
}

export interface RuleText {
  readonly name?: string;
  readonly effect?: string;
  readonly on?: readonly string[];
  readonly when: string;
  readonly reason?: string;
  readonly approvals?: { readonly expireAfter: string };
  readonly approvesAnyone?: boolean;
}

/** Limits for every kind of write. */
export const limits: WriteLimits = {
  rejects: { perHour: 20, perReview: 5 },
  deletes: { perHour: 20, perReview: 5 },
  revocations: { perHour: 10, perReview: 3 },
};

/** Returns a policy file as JSON, which is valid YAML. */
export function policyText(
  rules: readonly RuleText[],
  lists: Record<string, readonly unknown[]> = {},
  stated: WriteLimits = limits,
): string {
  const named = rules.map((rule, index) => ({ name: `rule-${index}`, effect: 'approve', ...rule }));
  const guards = Object.keys(stated).length === 0 ? {} : { limits: stated };
  return JSON.stringify({ version: 1, mode: 'enforce', ...guards, lists, rules: named });
}

/** Returns a loaded policy, or fails the test with its problems. */
export function policyOf(text: string): Policy {
  const load = loadPolicy([{ path: 'policy.yaml', text }]);
  if (load.kind === 'loaded') return load.policy;
  throw new Error(
    load.problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n'),
  );
}

export function problemsOf(text: string): readonly PolicyProblem[] {
  const load = loadPolicy([{ path: 'policy.yaml', text }]);
  return load.kind === 'refused' ? load.problems : [];
}

export function decideBy(policy: Policy, about: Facts = facts): Decision {
  const decision = policy.decide(about, now);
  if (decision === undefined) throw new Error('no rule applies to this status');
  return decision;
}

/** Returns the result of one condition: true, false, or why it failed. */
export function outcomeOf(
  when: string,
  about: Facts = facts,
  lists: Record<string, readonly unknown[]> = {},
): boolean | string {
  const { outcomes } = decideBy(
    policyOf(policyText([{ when, on: [about.connection.status], effect: 'hold' }], lists)),
    about,
  );
  const [outcome] = outcomes;
  if (outcome === undefined) throw new Error('the rule was not evaluated');
  return outcome.kind === 'failed' ? outcome.problem : outcome.kind === 'matched';
}
