import {
  profileOf,
  type TargetType,
  targetTypeFrom,
  targetTypes,
} from '../../../src/connections/target-type';
import type { Effect } from '../../../src/policy/decision';
import type { Facts } from '../../../src/policy/facts/facts';
import { loadPolicy } from '../../../src/policy/compile-policy';
import { problemsOf } from '../../support/samples/policy';

const owner = '99999999-9999-9999-9999-999999999999';
const requester = '11111111-1111-1111-1111-111111111111';

function factsFor(
  type: string,
  status: string,
  changes: { name?: string; group?: string; from?: string } = {},
): Facts {
  const { name = 'c', group = 'rg', from = requester } = changes;
  const id = `/subscriptions/${owner}/resourceGroups/rg/providers/${type}/t`;
  return {
    connection: {
      id: `${id}/privateEndpointConnections/${name}`,
      name,
      status,
      message: '',
      groupIds: [],
      provisioningState: 'Succeeded',
      firstSeen: new Date('2026-01-01T00:00:00Z'),
    },
    endpoint: {
      id: `/subscriptions/${from}/resourceGroups/${group}/providers/Microsoft.Network/privateEndpoints/pe`,
      subscriptionId: from,
      resourceGroup: group,
      name: 'pe',
    },
    target: { id, type, subscriptionId: owner, resourceGroup: 'rg', name: 't' },
    consumer: { pending: 1, approved: 0, rejected: 0, disconnected: 0 },
  };
}

function decided(rule: string, facts: Facts): { effect: Effect | undefined; reason: string } {
  const text = `version: 1\nmode: enforce\nrules:\n  - ${rule.replaceAll('\n', '\n    ')}\n`;
  const loaded = loadPolicy([{ path: 'policy.yaml', text }]);
  if (loaded.kind !== 'loaded') throw new Error(JSON.stringify(loaded.problems));
  const { effect, reason = '' } = loaded.policy.decide(facts, new Date('2026-01-02T00:00:00Z')) ?? {};
  return { effect, reason };
}

const rule = (effect: Effect, status = 'Pending', more = ''): string =>
  `name: r\neffect: ${effect}\non: [${status}]\nwhen: "true"${more}`;

const all = targetTypes();

describe('an approval', () => {
  test.each(all.filter((type) => profileOf(type).opensMany))('of %s needs a rule that names it', (type) => {
    const facts = factsFor(type, 'Pending');
    const { service, isWritable } = profileOf(type);
    const named = isWritable ? 'approve' : 'hold';
    expect(decided(rule('approve'), facts).effect).toBe('hold');
    expect(decided(rule('approve', 'Pending', `\ntargets: [${service}]`), facts).effect).toBe(named);
    expect(decided('name: r\neffect: approve\nwhen: target.opensMany', facts).effect).toBe(named);
    expect(decided('name: r\neffect: approve\nwhen: target.type != "x"', facts).effect).toBe('hold');
  });

  test('of any other type that can be written needs no name', () => {
    for (const type of all.filter((each) => !profileOf(each).opensMany && profileOf(each).isWritable))
      expect([type, decided(rule('approve'), factsFor(type, 'Pending')).effect]).toEqual([type, 'approve']);
  });

  test('of a rejected connection is held unless the row says that it works', () => {
    for (const type of all.filter((each) => !profileOf(each).opensMany && profileOf(each).isWritable)) {
      const { effect } = decided(rule('approve', 'Rejected'), factsFor(type, 'Rejected'));
      expect([type, effect]).toEqual([type, profileOf(type).canReviveRejected ? 'approve' : 'hold']);
    }
  });
});

test('a type that can only be read is never answered', () => {
  const readOnly = all.filter((type) => !profileOf(type).isWritable);
  expect(readOnly).toHaveLength(3);
  for (const type of readOnly)
    for (const effect of ['approve', 'reject', 'delete'] as const)
      expect(decided(rule(effect), factsFor(type, 'Pending'))).toMatchObject({
        effect: 'hold',
        reason: expect.stringContaining('can only read'),
      });
});

describe('a rejection', () => {
  test('of an approved connection is held where nobody knows whether it works', () => {
    for (const type of all.filter((each) => profileOf(each).isWritable)) {
      const { revocation } = profileOf(type);
      const { effect, reason } = decided(rule('reject', 'Approved'), factsFor(type, 'Approved'));
      expect([type, effect]).toEqual([type, revocation ?? 'hold']);
      if (revocation === 'delete')
        expect(reason).toMatch(/ refuses to reject an approved connection, so it is deleted$/);
    }
  });
});

describe('what the provider needs itself', () => {
  const cluster = 'Microsoft.ContainerService/managedClusters';
  const plane = factsFor(cluster, 'Approved', {
    name: 'kube-apiserver.5ba6a2cf',
    group: 'MC_rg_t_eastus',
    from: owner,
  });

  test.each(['delete', 'reject'] as const)('survives a rule with effect %s', (effect) => {
    const answer = decided(rule(effect, 'Approved'), plane);
    expect(answer).toMatchObject({ effect: 'hold', reason: expect.stringContaining('itself needs') });
  });

  test('is not what a stranger calls so', () => {
    const stranger = factsFor(cluster, 'Approved', { group: 'MC_rg_t_eastus' });
    expect(decided(rule('delete', 'Approved'), stranger).effect).toBe('delete');
  });
});

describe('the targets of a rule', () => {
  const storage = 'Microsoft.Storage/storageAccounts';

  test('are services and types, in any case; other targets are missed', () => {
    for (const word of ['storage', 'Storage', storage, storage.toUpperCase()]) {
      const one = rule('approve', 'Pending', `\ntargets: [sql, ${word}]`);
      expect(decided(one, factsFor(storage, 'Pending')).effect).toBe('approve');
      expect(decided(one, factsFor('Microsoft.Cache/redis', 'Pending')).effect).toBe('hold');
    }
  });

  test('that do not exist are an error with the likely word', () => {
    const text = `version: 1\nrules:\n  - name: r\n    effect: hold\n    when: "true"\n    targets: [storge]\n`;
    expect(problemsOf(text).map(({ message }) => message)).toEqual([
      'unknown target `storge`: did you mean `storage`?',
    ]);
  });

  test('a condition knows the service, the evidence and the class', () => {
    const known = (when: string, type: string): Effect | undefined =>
      decided(`name: r\neffect: reject\nwhen: ${when}`, factsFor(type, 'Pending')).effect;
    expect(known('target.service == "STORAGE" && target.evidence == "recorded"', storage)).toBe('reject');
    expect(known('target.opensMany', storage)).toBe('hold');
    expect(known('target.service == "x"', 'Contoso.Own/things')).toBe('hold');
  });
});

test('every type has a service, and every word of a service is a word', () => {
  for (const type of all) expect(profileOf(type).service).toMatch(/^[a-z][a-z0-9-]+$/);
  const shop: TargetType | undefined = targetTypeFrom('microsoft.WEB/sites/SLOTS');
  expect(shop && profileOf(shop).service).toBe('web');
});
