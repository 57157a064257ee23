import type { Connection } from '../../../src/connections/connection';
import type { ConnectionListing } from '../../../src/connections/connection-store';
import { ArmError } from '../../../src/base/errors';
import { createRig, fakePolicy, targetIds, type Rig } from '../../support/rigs/rig';

const hour = 3600;
const effects = (rig: Rig): string[] => rig.arm.writes.map(({ effect }) => effect);

async function sweep(rig: Rig, seconds = 900): Promise<void> {
  await rig.reviews.put(rig.request({ origin: 'sweep' }), 0);
  await rig.run(seconds);
}

/** A connection that was approved for an hour. */
async function contractor(message = ''): Promise<Rig> {
  const rig = createRig();
  rig.arm.appliesWrites = true;
  rig.policy.expireAfterSeconds = hour;
  rig.policy.effects.set('one', 'approve');
  rig.arm.seed({ name: 'one', message });
  await rig.takeRequest(rig.request());
  await rig.run(60);
  return rig;
}

/** For as long as `isOdd` says so, every list is bent. */
function bend(
  rig: Rig,
  isOdd: () => boolean,
  how: (listing: ConnectionListing) => ConnectionListing | undefined,
): void {
  const list = rig.arm.list.bind(rig.arm);
  const get = rig.arm.get.bind(rig.arm);
  rig.arm.list = async () => {
    const listing = await list();
    return isOdd() && listing !== undefined ? how(listing) : listing;
  };
  rig.arm.get = async (id) => {
    const listing = { connections: [await get(id)].flatMap((one) => one ?? []), malformed: [] };
    return isOdd() ? how(listing)?.connections[0] : listing.connections[0];
  };
}

const every =
  (change: Partial<Connection>) =>
  ({ connections, malformed }: ConnectionListing): ConnectionListing => ({
    connections: connections.map((connection) => ({ ...connection, ...change })),
    malformed,
  });

const oddities: readonly [string, (listing: ConnectionListing) => ConnectionListing | undefined][] = [
  ['a 404', () => undefined],
  ['an empty list', ({ malformed }) => ({ connections: [], malformed })],
  ['an endpoint left out', every({ endpoint: undefined, endpointText: undefined })],
  ['an endpoint that nobody can read', every({ endpoint: undefined, endpointText: 'nonsense' })],
  ['another status', every({ status: 'Pending' })],
  ['no status that anybody knows', every({ status: 'Zzz' })],
  ['a state that nobody documented', every({ provisioningState: 'Zzz' })],
  ['no state', every({ provisioningState: undefined })],
  ['an update that goes on', every({ provisioningState: 'Updating' })],
];

describe.each(oddities)('an approval with an end outlives %s', (_, how) => {
  test.each([
    ['for a moment', 1],
    ['for ten minutes', 600],
    ['for half an hour', 1800],
  ])('%s', async (_name, seconds) => {
    const rig = await contractor();
    rig.policy.effects.delete('one');
    const until = rig.clock.now().getTime() + seconds * 1000;
    bend(rig, () => rig.clock.now().getTime() < until, how);
    for (let quarter = 0; quarter < 6; quarter += 1) await sweep(rig);
    expect(effects(rig)).toEqual(['approve', 'delete']);
    expect((await rig.arm.list())?.connections).toEqual([]);
    expect(rig.ledger.ofKind('applied').map(({ effect }) => effect)).toEqual(['approve', 'delete']);
  });
});

test.each(['x'.repeat(256), ''])(
  'an approval outlives a long absence, also where no note had room',
  async (message) => {
    const rig = await contractor(message);
    rig.policy.effects.delete('one');
    const [connection] = (await rig.arm.list())!.connections;
    rig.arm.remove('one');
    await sweep(rig);
    await sweep(rig);
    rig.arm.seed({ name: 'one', status: 'Approved', message: connection!.message });
    for (let quarter = 0; quarter < 4; quarter += 1) await sweep(rig);
    expect(effects(rig)).toEqual(['approve', 'delete']);
  },
);

test('what came back as somebody else’s approval is not ended, and after two weeks nothing is remembered', async () => {
  const rig = await contractor();
  rig.policy.effects.delete('one');
  rig.arm.remove('one');
  await sweep(rig);
  expect((await rig.operations.load(rig.target)).connectionStates).toMatchObject([{ status: '(gone)' }]);
  rig.arm.seed({ name: 'one', status: 'Approved', message: 'by hand' });
  for (let quarter = 0; quarter < 6; quarter += 1) await sweep(rig);
  expect(effects(rig)).toEqual(['approve']);
  rig.arm.remove('one');
  await sweep(rig);
  expect((await rig.operations.load(rig.target)).connectionStates).toEqual([]);
});

test('an approval that stayed away is forgotten two weeks after its end', async () => {
  const rig = await contractor();
  rig.arm.remove('one');
  await sweep(rig);
  rig.clock.advance(15 * 24 * hour);
  const due = [];
  for await (const { name } of rig.operations.endedApprovals(rig.clock.now())) due.push(name);
  expect(due).toEqual(['one']);
  await sweep(rig);
  expect((await rig.operations.load(rig.target)).connectionStates).toEqual([]);
});

describe('the end of an approval', () => {
  test.each([
    ['is answered 404, and nothing happens', { kind: 'gone', httpStatus: 404 }],
    ['is accepted, and nothing happens', { kind: 'accepted', httpStatus: 202 }],
  ] as const)('that %s is tried again, and not told as done', async (_, reply) => {
    const rig = await contractor();
    rig.policy.effects.delete('one');
    rig.arm.writeReplies.push(reply);
    rig.arm.appliesWrites = false;
    rig.clock.advance(hour);
    await sweep(rig, 20 * 60);
    expect(rig.ledger.ofKind('applied').map(({ effect }) => effect)).toEqual(['approve']);
    rig.arm.appliesWrites = true;
    await sweep(rig, 20 * 60);
    expect((await rig.arm.list())?.connections).toEqual([]);
    expect(rig.ledger.ofKind('applied').map(({ effect }) => effect)).toEqual(['approve', 'delete']);
  });

  test('that Azure refuses is tried for as long as it takes, and told of with each attempt', async () => {
    const rig = await contractor();
    rig.policy.effects.delete('one');
    rig.clock.advance(hour);
    for (let attempt = 0; attempt < 9; attempt += 1) {
      rig.arm.writeReplies.push(new ArmError('ARM_FORBIDDEN', 'no'));
    }
    for (let day = 0; day < 9; day += 1) await sweep(rig, 24 * hour);
    expect(rig.ledger.ofKind('abandoned')).toEqual([]);
    expect(rig.ledger.ofKind('failed')).toHaveLength(9);
    expect((await rig.arm.list())?.connections).toEqual([]);
  });

  test('that a rule holds is told of once a day', async () => {
    const rig = createRig({ policy: fakePolicy(['Pending', 'Approved']) });
    rig.arm.appliesWrites = true;
    rig.policy.expireAfterSeconds = hour;
    rig.policy.effects.set('one', 'approve');
    rig.arm.seed({ name: 'one' });
    await rig.takeRequest(rig.request());
    await rig.run(60);
    rig.policy.effects.set('one', 'hold');
    const decide = rig.policy.decide.bind(rig.policy);
    rig.policy.decide = (facts, now) => {
      const decision = decide(facts, now);
      const outcomes = [{ kind: 'matched', rule: 'freeze', effect: 'hold', reason: 'frozen' }] as const;
      return decision && { ...decision, rules: ['freeze'], outcomes };
    };
    for (let quarter = 0; quarter < 3 * 24 * 4; quarter += 1) await sweep(rig);
    expect(effects(rig)).toEqual(['approve']);
    expect(rig.ledger.ofKind('waited').map(({ at }) => at.slice(0, 10))).toEqual([
      '2026-01-06',
      '2026-01-07',
      '2026-01-08',
    ]);
  });
});

describe('a provisioning state', () => {
  test.each(['Pending', '', 'Provisioning', 'Unknown', undefined])(
    'that nobody documented (%s) is waited for, then decided, and said',
    async (provisioningState) => {
      const rig = createRig({ target: targetIds.apiManagement });
      rig.arm.appliesWrites = true;
      rig.policy.effects.set('one', 'approve');
      rig.arm.seed({ name: 'one', provisioningState });
      await rig.takeRequest(rig.request());
      expect(rig.arm.writes).toEqual([]);
      await rig.run(15 * 60);
      expect(effects(rig)).toEqual(['approve']);
      expect(rig.ledger.records).toMatchObject([
        { kind: 'decided', reason: expect.stringContaining('provisioningState') },
        { kind: 'applied' },
      ]);
    },
  );

  test('that says that Azure is at work is told of once a day, and never written over', async () => {
    const rig = createRig();
    rig.policy.effects.set('one', 'approve');
    rig.arm.seed({ name: 'one', provisioningState: 'Updating' });
    await rig.takeRequest(rig.request());
    await rig.run(2 * 24 * hour);
    expect(rig.arm.writes).toEqual([]);
    expect(rig.ledger.records.map(({ kind, at }) => `${kind} ${at.slice(0, 10)}`)).toEqual([
      'waited 2026-01-05',
      'waited 2026-01-06',
      'waited 2026-01-07',
    ]);
  });
});

test('a 404 right after a write ends nothing', async () => {
  const rig = createRig();
  rig.arm.appliesWrites = true;
  rig.policy.effects.set('one', 'approve');
  rig.arm.seed({ name: 'one' });
  await rig.takeRequest(rig.request());
  const until = rig.clock.now().getTime() + 11_000;
  bend(
    rig,
    () => rig.clock.now().getTime() < until,
    () => undefined,
  );
  await rig.run(120);
  expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided', 'applied']);
});

test.each([
  ['202', { httpStatus: 202 }],
  ['InProgress', { httpStatus: 200, status: 'InProgress' }],
  ['Waiting', { httpStatus: 200, status: 'Waiting' }],
  ['Cancelled', { httpStatus: 200, status: 'Cancelled' }],
  ['TimedOut', { httpStatus: 200, status: 'TimedOut' }],
  ['Completed', { httpStatus: 200, status: 'Completed' }],
])('an operation URL that stays at %s does not hide what was done', async (_, report) => {
  const rig = createRig({ target: targetIds.apiManagement });
  rig.arm.appliesWrites = true;
  rig.arm.read = async () => report;
  rig.arm.writeReplies.push({ kind: 'accepted', httpStatus: 202, operationUrl: 'https://arm/op' });
  rig.policy.effects.set('one', 'approve');
  rig.arm.seed({ name: 'one' });
  await rig.takeRequest(rig.request());
  await rig.run(15 * 60);
  expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['decided', 'applied']);
});
