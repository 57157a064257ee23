import type {
  AnswerView,
  ConnectionView,
  ExplainedRuleView,
  HistoryItem,
  OpenItem,
  RecentItem,
} from '../../../src/console/api';

/** When the samples are looked at. */
export const sampleNow = '2026-03-05T12:00:00.000Z';

const owner = '11111111-1111-4111-8111-111111111111';
const stranger = '22222222-2222-4222-8222-222222222222';

export const targetId = `/subscriptions/${owner}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-shared`;

/** Returns the id of a connection of the sample target. */
export const connectionId = (name: string): string => `${targetId}/privateEndpointConnections/${name}`;

const endpointId = (name: string): string =>
  `/subscriptions/${stranger}/resourceGroups/app/providers/Microsoft.Network/privateEndpoints/${name}`;

/** Returns a row of the list of what is held. */
export function openItem(name: string, changes: Partial<OpenItem> = {}): OpenItem {
  return {
    id: connectionId(name),
    target: targetId,
    targetType: 'Microsoft.KeyVault/vaults',
    endpoint: endpointId(name),
    requesterSubscription: stranger,
    message: 'Please let the billing app in.',
    status: 'Pending',
    since: '2026-03-02T10:00:00.000Z',
    state: 'held',
    rules: ['production-wants-a-change'],
    reason: 'Production opens with a change only.',
    effect: 'hold',
    mode: 'enforce',
    decisionId: 'd-1',
    odd: [],
    ...changes,
  };
}

/** Returns a rule as an explanation shows it. */
export function ruleView(changes: Partial<ExplainedRuleView> = {}): ExplainedRuleView {
  return {
    rule: 'production-wants-a-change',
    effect: 'hold',
    outcome: 'matched',
    decided: true,
    when: 'target.tags["environment"] == "production"\n&& !connection.message.matches("CHG[0-9]{7}")',
    path: 'policy.yaml',
    line: 12,
    falseParts: [],
    saw: [
      { fact: 'target.tags["environment"]', value: 'production' },
      { fact: 'connection.message', value: 'Please let the billing app in.' },
    ],
    on: ['Pending'],
    ...changes,
  };
}

/** Returns a connection that is held and that the person may answer. */
export function heldView(name: string, changes: Partial<ConnectionView> = {}): ConnectionView {
  return {
    connection: {
      id: connectionId(name),
      name,
      status: 'Pending',
      message: 'Please let the billing app in.',
      groupIds: ['vault'],
      since: '2026-03-02T10:00:00.000Z',
      odd: [],
    },
    target: {
      id: targetId,
      name: 'kv-shared',
      type: 'Microsoft.KeyVault/vaults',
      label: 'Key vault',
      subscription: owner,
      odd: [],
    },
    endpoint: { id: endpointId(name), name, subscription: stranger, odd: [] },
    inLists: ['landingZones'],
    decisionId: 'd-1',
    seen: 's-1',
    effect: 'hold',
    reason: 'Production opens with a change only.',
    why: 'The matching rules say hold, and no rule with a stronger effect matched.',
    mode: 'enforce',
    policyDigest: 'a'.repeat(64),
    rules: [
      ruleView(),
      ruleView({
        rule: 'own-subscriptions',
        effect: 'approve',
        decided: false,
        when: 'endpoint.subscriptionId in lists.landingZones',
        line: 20,
        saw: [{ fact: 'endpoint.subscriptionId', value: stranger }],
      }),
      ruleView({
        rule: 'test-environments',
        effect: 'approve',
        outcome: 'missed',
        decided: false,
        when: 'target.tags["environment"] == "test" && has(endpoint.location)',
        line: 27,
        falseParts: ['target.tags["environment"] == "test"'],
        saw: [{ fact: 'endpoint.location', absent: true }],
      }),
      ruleView({
        rule: 'remove-what-was-left',
        effect: 'delete',
        outcome: 'not asked',
        decided: false,
        line: 40,
        saw: [],
        on: ['Disconnected'],
      }),
    ],
    may: {
      approve: { ok: true },
      reject: { ok: true },
      delete: { no: 'Only what the requester has left can be deleted.' },
    },
    final: { reject: true, delete: true },
    asOf: sampleNow,
    ...changes,
  };
}

/** Returns an answer of the person who is signed in. */
export function answerView(changes: Partial<AnswerView> = {}): AnswerView {
  return {
    effect: 'approve',
    answers: [
      {
        oid: '0a000000-0000-4000-8000-000000000002',
        name: 'Anna Approver',
        effect: 'approve',
        reason: 'Agreed with the owner of the vault.',
        at: sampleNow,
        mine: true,
      },
    ],
    needed: 1,
    state: 'taken',
    voidAt: '2026-03-06T12:00:00.000Z',
    ...changes,
  };
}

/** Returns a record of a connection's history. */
export function historyItem(changes: Partial<HistoryItem> = {}): HistoryItem {
  return {
    kind: 'decided',
    at: '2026-03-02T10:00:05.000Z',
    effect: 'hold',
    rules: ['production-wants-a-change'],
    reason: 'Production opens with a change only.',
    status: 'Pending',
    decisionId: 'd-1',
    ...changes,
  };
}

/** Returns an end. */
export function recentItem(name: string, changes: Partial<RecentItem> = {}): RecentItem {
  return {
    id: connectionId(name),
    target: targetId,
    targetType: 'Microsoft.KeyVault/vaults',
    endpoint: endpointId(name),
    kind: 'applied',
    effect: 'approve',
    rules: ['own-subscriptions'],
    reason: 'It is one of our landing zones.',
    at: '2026-03-05T09:30:00.000Z',
    odd: [],
    ...changes,
  };
}

/** Returns the hash of a connection's screen. */
export function connectionHash(name: string): string {
  return `#/connection?id=${encodeURIComponent(connectionId(name))}`;
}
