import { ArmError } from '../../../../src/base/errors';
import * as fc from 'fast-check';
import { parseEndpointId } from '../../../../src/connections/resource-id';
import { loadPolicy } from '../../../../src/policy/compile-policy';
import type { PolicyFile } from '../../../../src/policy/policy-file';
import { createRig, type Rig } from '../../../support/rigs/rig';

const ours = '33333333-3333-3333-3333-333333333333';
const partners = '44444444-4444-4444-4444-444444444444';
const partner = '55555555-5555-5555-5555-555555555555';
const stranger = '66666666-6666-6666-6666-666666666666';
const until = '2026-01-05T18:00:00Z';

function policyFile(mode = 'enforce'): PolicyFile {
  const rule = { name: 'announced', effect: 'approve', when: 'has(expected.by)' };
  return { path: 'policy.yaml', text: JSON.stringify({ version: 1, mode, rules: [rule] }) };
}

/** A rig whose policy approves what was announced, and nothing else. */
function rigWith(requests: readonly object[], mode?: string): Rig {
  const rig = createRig();
  rig.arm.appliesWrites = true;
  rig.arm.tenants
    .set(rig.target.subscriptionId, ours)
    .set(partner, partners)
    .set(stranger, '77777777-7777-7777-7777-777777777777');
  announce(rig, requests, mode);
  return rig;
}

function announce(rig: Rig, requests: readonly object[], mode?: string): void {
  const expected = requests.map((one) => ({ target: rig.target.id, until, by: 'pipeline 42', ...one }));
  const text = JSON.stringify({ version: 1, expected });
  const load = loadPolicy([policyFile(mode), { path: 'a.expected.yaml', text }]);
  if (load.kind === 'loaded') expect(load.policy.expected.problems).toEqual([]);
  rig.load.current = load;
}

function endpointOf(subscription: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/consumers/providers/Microsoft.Network/privateEndpoints/pe-${name}`;
}

const review = async (rig: Rig): Promise<void> => {
  rig.clock.advance(30);
  await rig.takeRequest(rig.request());
  await rig.run(120);
};
const approved = (rig: Rig): readonly string[] => rig.arm.writes.map(({ connection }) => connection.id.name);
const notes = (rig: Rig): readonly (string | undefined)[] =>
  rig.ledger
    .ofKind('decided')
    .map(({ effect, expected }) => `${effect} ${expected ?? '-'}`.replace(/[0-9a-f]{16} /, ''));

test('the announced endpoint is approved once, and the record says who announced it', async () => {
  const rig = rigWith([{ endpointId: endpointOf(partner, 'one').toUpperCase() }]);
  rig.arm.seed({ name: 'one', subscription: partner });
  rig.arm.seed({ name: 'two', subscription: partner });
  await review(rig);
  expect(approved(rig)).toEqual(['one']);
  expect(notes(rig).toSorted()).toEqual([`approve by pipeline 42, until 2026-01-05T18:00:00.000Z`, 'hold -']);
  // Nobody's tenant is asked for: an id says its subscription.
  expect(rig.arm.calls).not.toContain('tenant');
});

test('a request made again after its approval is held: the announcement was used', async () => {
  const rig = rigWith([{ endpointId: endpointOf(partner, 'one') }]);
  rig.arm.seed({ name: 'one', subscription: partner });
  await review(rig);
  expect(approved(rig)).toEqual(['one']);
  // The same name, and the same endpoint id, once more.
  rig.arm.seed({ name: 'one', subscription: partner });
  await review(rig);
  await review(rig);
  expect(approved(rig)).toEqual(['one']);
  expect(notes(rig).at(-1)).toContain('does not count: it was used before');
  announce(rig, [{ endpointId: endpointOf(partner, 'one'), until: '2026-01-05T19:00:00Z' }]);
  await review(rig);
  expect(approved(rig)).toEqual(['one', 'one']);
});

test('a name counts only in the tenant that was announced with it', async () => {
  const rig = rigWith([{ endpointName: 'pe-one', tenantId: partners }]);
  rig.arm.seed({ name: 'copy', subscription: stranger });
  rig.arm.change('copy', { endpoint: parseEndpointId(endpointOf(stranger, 'one')) });
  await review(rig);
  expect(approved(rig)).toEqual([]);
  rig.arm.seed({ name: 'one', subscription: partner });
  await review(rig);
  expect(approved(rig)).toEqual(['one']);
});

test('the name of a connection counts only in its tenant, too', async () => {
  const rig = rigWith([{ connectionName: 'Atlas', tenantId: partners }]);
  rig.arm.seed({ name: 'atlas', subscription: stranger });
  await review(rig);
  expect(approved(rig)).toEqual([]);
  rig.arm.seed({ name: 'atlas', subscription: partner });
  await review(rig);
  expect(approved(rig)).toEqual(['atlas']);
});

test('a name whose tenant cannot be told waits, and is approved when it can', async () => {
  const rig = rigWith([{ endpointName: 'pe-one', tenantId: partners }]);
  rig.arm.tenants.delete(partner);
  rig.arm.seed({ name: 'one', subscription: partner });
  await review(rig);
  expect(approved(rig)).toEqual([]);
});

test('two connections that fit one announcement are both held', async () => {
  const rig = rigWith([{ endpointName: 'pe-one', tenantId: partners }]);
  rig.arm.seed({ name: 'one', subscription: partner });
  rig.arm.seed({ name: 'two', subscription: partner });
  rig.arm.change('two', {
    endpoint: parseEndpointId(endpointOf(partner, 'one').replace('consumers', 'others')),
  });
  await review(rig);
  expect(approved(rig)).toEqual([]);
  expect(notes(rig)).toEqual([
    expect.stringContaining('it fits 2 connections'),
    expect.stringContaining('it fits 2 connections'),
  ]);
  rig.arm.remove('two');
  await review(rig);
  await review(rig);
  expect(approved(rig)).toEqual(['one']);
});

test('nothing is expected from its end on, also of a connection that uses the announcement', async () => {
  const rig = rigWith([{ endpointId: endpointOf(partner, 'one') }]);
  rig.arm.seed({ name: 'one', subscription: partner });
  const refusal = new ArmError('ARM_CONFLICT', 'busy');
  rig.arm.writeReplies.push(...Array.from({ length: 50 }, () => refusal));
  await review(rig);
  const tried = approved(rig).length;
  expect(tried).toBeGreaterThan(0);
  rig.clock.advance(6 * 60 * 60);
  rig.arm.writeReplies.length = 0;
  await review(rig);
  expect(approved(rig)).toHaveLength(tried);
  expect(rig.ledger.ofKind('decided').at(-1)).toMatchObject({ effect: 'hold' });
});

test('an announcement for another target is none', async () => {
  const rig = rigWith(
    [{ endpointId: endpointOf(partner, 'one'), target: `NAME-2` }].map((one) => ({
      ...one,
      target: createRig().target.id.replace('kv-shared', 'kv-other'),
    })),
  );
  rig.arm.seed({ name: 'one', subscription: partner });
  await review(rig);
  expect(approved(rig)).toEqual([]);
});

test('in audit mode nothing is used', async () => {
  const rig = rigWith([{ endpointId: endpointOf(partner, 'one') }], 'audit');
  rig.arm.seed({ name: 'one', subscription: partner });
  await review(rig);
  expect((await rig.operations.load(rig.target)).spent).toBeUndefined();
  announce(rig, [{ endpointId: endpointOf(partner, 'one') }]);
  await review(rig);
  expect(approved(rig)).toEqual(['one']);
});

test('an announcement that is taken back before the write leaves stops it', async () => {
  const rig = rigWith([{ endpointId: endpointOf(partner, 'one') }]);
  rig.arm.seed({ name: 'one', subscription: partner });
  const { append } = rig.ledger;
  rig.ledger.append = async (records) => {
    announce(rig, []);
    return append.call(rig.ledger, records);
  };
  await review(rig);
  expect(approved(rig)).toEqual([]);
  expect(rig.operation('one')).toMatchObject({ state: 'superseded' });
});

test('what was used is stored before the decision is recorded: another instance never uses it again', async () => {
  const rig = rigWith([{ endpointName: 'pe-one', tenantId: partners }]);
  rig.arm.seed({ name: 'one', subscription: partner });
  rig.ledger.append = async () => Promise.reject(new Error('the process dies'));
  await expect(rig.takeRequest(rig.request())).rejects.toThrow('the process dies');
  const { spent } = await rig.operations.load(rig.target);
  expect(spent).toMatchObject([{ generation: 0, until: '2026-01-05T18:00:00.000Z' }]);
});

test('of any requests and any announcements, no announcement approves twice, and none a stranger', async () => {
  const place = fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    subscription: fc.constantFrom(partner, stranger),
  });
  const step = fc.oneof(
    place.map((seed) => ({ kind: 'ask' as const, ...seed })),
    fc.constantFrom('a', 'b', 'c').map((name) => ({ kind: 'leave' as const, name })),
  );
  const request = fc.oneof(
    fc.constantFrom('a', 'b').map((name) => ({ endpointId: endpointOf(partner, name) })),
    fc.constantFrom('a', 'b').map((name) => ({ endpointName: `pe-${name}`, tenantId: partners })),
    fc.constantFrom('a', 'b').map((name) => ({ connectionName: name, tenantId: partners })),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(request, { maxLength: 3 }),
      fc.array(step, { maxLength: 8 }),
      async (requests, steps) => {
        const rig = rigWith(requests);
        for (const { kind, ...seed } of steps) {
          if (kind === 'leave') rig.arm.remove(seed.name);
          else rig.arm.seed(seed);
          await review(rig);
        }
        const distinct = new Set(requests.map((one) => JSON.stringify(one))).size;
        expect(rig.arm.writes.length).toBeLessThanOrEqual(distinct);
        for (const { connection } of rig.arm.writes)
          expect(connection.endpoint?.subscriptionId).toBe(partner);
      },
    ),
    { numRuns: 60 },
  );
});
