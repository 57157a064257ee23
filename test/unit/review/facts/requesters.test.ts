import { ArmError, PosternError } from '../../../../src/base/errors';
import type { Connection } from '../../../../src/connections/connection';
import { parseEndpointId } from '../../../../src/connections/resource-id';
import { noReads } from '../../../../src/policy/cel/costly-reads';
import { dataSubscription, linkTo } from '../../../support/samples/managed-links';
import { createRig, fakePolicy, type Rig } from '../../../support/rigs/rig';

const own = '996fe9d1-6171-40aa-945b-4c64b63bf655';
const microsoft = '33e01921-4d64-4f8c-a055-5bdaffd5e33d';
const other = '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b';
const network = '92b2afd7-e3db-4660-90c5-0da4aebf53d4';
const stranger = '33333333-3333-4333-8333-333333333333';
const message = 'Data team, change CHG0042424';

/** A policy that approves what our resources in the management group `corp` ask for. */
function rigWith(leavesOpen: (name: string) => boolean = () => true): Rig {
  const reads = { ...noReads, tenant: true, requester: true, subscriptions: true };
  const policy = Object.assign(fakePolicy(), {
    reads,
    microsoftTenants: new Set([microsoft]),
    leavesOpen: ({ connection }: { connection: { name: string } }) =>
      leavesOpen(connection.name) ? reads : noReads,
  });
  const { decide } = policy;
  policy.decide = function decideByRequester(facts, now) {
    const isCorp = facts.requester?.managementGroups?.includes('corp') === true;
    this.effects.set(facts.connection.name, isCorp ? 'approve' : 'hold');
    return decide.call(this, facts, now);
  };
  const rig = createRig({ policy });
  rig.arm.appliesWrites = true;
  rig.arm.tenants
    .set(rig.target.subscriptionId.toLowerCase(), own)
    .set(network, microsoft)
    .set(dataSubscription, own)
    .set(stranger, other);
  rig.arm.subscriptions.set(dataSubscription, {
    subscriptionId: dataSubscription,
    name: 'Data',
    tenantId: own,
    tags: { team: 'data' },
    managementGroups: ['corp', own],
  });
  return rig;
}

/** Adds a Pending connection of an endpoint that a service of Microsoft made, or of a stranger's own. */
function ask(
  rig: Rig,
  name: string,
  {
    endpointName = `pe-${name}`,
    subscription = network,
    ...seeded
  }: Partial<Record<'endpointName' | 'subscription' | 'message', string>> = {},
): Connection {
  rig.arm.seed({ name, ...seeded });
  const endpointText = `/subscriptions/${subscription}/resourceGroups/vnet-92b2afd7-westeurope-55-rg/providers/Microsoft.Network/privateEndpoints/${endpointName}`;
  rig.arm.change(name, { endpoint: parseEndpointId(endpointText), endpointText });
  return rig.arm.seeded(name);
}

const search = (rig: Rig, message_ = message) => linkTo({ targetId: rig.target.id, message: message_ });
const factory = (rig: Rig) =>
  linkTo({ targetId: rig.target.id, type: 'Microsoft.DataFactory/factories', owner: 'contoso-adf' });
const review = (rig: Rig) => rig.takeRequest(rig.request());
const decided = (rig: Rig) =>
  rig.ledger.ofKind('decided').map(({ connection = '', effect }) => [connection.split('/').at(-1), effect]);

describe('our resource behind a managed endpoint', () => {
  test('is proven by two reviews that are three minutes apart, and then approved as an endpoint of its own would be', async () => {
    const rig = rigWith();
    rig.managedEndpoints.links = [search(rig)];
    ask(rig, 'ours', { message });
    await review(rig);
    expect([rig.ledger.records, rig.arm.writes]).toEqual([[], []]);
    const [row] = rig.operations.rows(rig.target);
    expect(row?.foundRequester).toMatchObject({ linkKey: search(rig).endpointKey });
    expect(rig.reviews.pending).toMatchObject([{ delaySeconds: 180 }]);
    await rig.run(179);
    expect(rig.arm.writes).toEqual([]);
    await rig.run(2);
    expect(rig.arm.writes).toHaveLength(1);
    expect(rig.policy.seen.at(-1)?.requester).toEqual({
      ...search(rig).owner,
      how: 'message',
      subscriptionName: 'Data',
      subscriptionTags: { team: 'data' },
      managementGroups: ['corp', own],
    });
    expect(rig.ledger.ofKind('decided')).toMatchObject([
      { effect: 'approve', requesterProof: `proven: the message is that of ${search(rig).id}` },
    ]);
  });

  test('of Data Factory is proven by the endpoint’s name', async () => {
    const rig = rigWith();
    rig.managedEndpoints.links = [factory(rig)];
    ask(rig, 'ours', { endpointName: 'Contoso-ADF.kv-shop' });
    await review(rig);
    await rig.run(181);
    expect(decided(rig)).toEqual([['ours', 'approve']]);
    expect(rig.policy.seen.at(-1)?.requester).toMatchObject({ how: 'name', name: 'contoso-adf' });
  });

  test('of Data Explorer is looked for only when the index knows no link with the message', async () => {
    const rig = rigWith();
    const type = 'Microsoft.Kusto/clusters';
    rig.managedEndpoints.links = [
      linkTo({ targetId: rig.target.id, type, message }),
      search(rig, `${message} 2`),
    ];
    ask(rig, 'by-index', { message: `${message} 2` });
    await review(rig);
    expect(rig.managedEndpoints.calls).not.toContain('others');
    ask(rig, 'ours', { message, endpointName: 'adx-kv-shop' });
    rig.clock.advance(5);
    await review(rig);
    await rig.run(400);
    expect(decided(rig).toSorted()).toEqual([
      ['by-index', 'approve'],
      ['ours', 'approve'],
    ]);
  });

  test('that is listed late is found by later reviews, which come by themselves for an hour', async () => {
    const rig = rigWith();
    ask(rig, 'ours', { message });
    await review(rig);
    expect(decided(rig)).toEqual([['ours', 'hold']]);
    expect(rig.ledger.records[0]?.requesterProof).toBe(
      'not proven: no resource of ours is known to ask for it',
    );
    await rig.run(600);
    rig.managedEndpoints.links = [search(rig)];
    await rig.run(3600);
    expect(decided(rig)).toEqual([
      ['ours', 'hold'],
      ['ours', 'approve'],
    ]);
  });

  test('that is never found is searched for a few times only', async () => {
    const rig = rigWith();
    ask(rig, 'theirs', { message });
    await review(rig);
    await rig.run(24 * 3600);
    const searches = rig.managedEndpoints.calls.filter((call) => call === 'indexed').length;
    expect(searches).toBeGreaterThan(3);
    expect(searches).toBeLessThan(10);
  });
});

describe('an attack', () => {
  test('look-alike: a stranger’s own endpoint with our name and message is held, and ours is approved', async () => {
    const rig = rigWith();
    rig.managedEndpoints.links = [factory(rig)];
    ask(rig, 'theirs', { endpointName: 'contoso-adf.kv-shop', subscription: stranger });
    ask(rig, 'ours', { endpointName: 'contoso-adf.kv-shop' });
    await review(rig);
    await rig.run(400);
    expect(decided(rig)).toEqual([
      ['theirs', 'hold'],
      ['ours', 'approve'],
    ]);
  });

  test('sibling: another factory in the same subscription of Microsoft is held', async () => {
    const rig = rigWith();
    rig.managedEndpoints.links = [factory(rig)];
    ask(rig, 'theirs', { endpointName: 'evil-adf.kv-shop' });
    await review(rig);
    await rig.run(400);
    expect(decided(rig)).toEqual([['theirs', 'hold']]);
  });

  test('same name from another service, or a copied message: both are held', async () => {
    const rig = rigWith();
    rig.managedEndpoints.links = [factory(rig), search(rig)];
    ask(rig, 'factory', { endpointName: 'contoso-adf.kv-shop' });
    ask(rig, 'workspace', { endpointName: 'contoso-adf.kv-shop' });
    ask(rig, 'search', { message });
    ask(rig, 'copy', { message });
    await review(rig);
    await rig.run(400);
    expect(decided(rig).map(([, effect]) => effect)).toEqual(['hold', 'hold', 'hold', 'hold']);
  });

  test('freed name: our factory was deleted, and theirs bears its name', async () => {
    const rig = rigWith();
    ask(rig, 'theirs', { endpointName: 'contoso-adf.kv-shop' });
    await review(rig);
    await rig.run(400);
    expect(decided(rig)).toEqual([['theirs', 'hold']]);
  });

  test('race: theirs comes first, ours is listed within the three minutes, and both are held', async () => {
    const rig = rigWith();
    rig.managedEndpoints.links = [search(rig)];
    ask(rig, 'theirs', { message });
    await review(rig);
    await rig.run(120);
    ask(rig, 'ours', { message });
    await rig.run(400);
    expect(rig.arm.writes).toEqual([]);
    expect(decided(rig).map(([, effect]) => effect)).toEqual(['hold', 'hold']);
  });

  test('an Approved link, a second request: our link waits no longer, and proves nothing', async () => {
    const rig = rigWith();
    rig.managedEndpoints.links = [{ ...search(rig), status: 'Approved' }];
    // The index still says that it waits.
    rig.managedEndpoints.index = [search(rig)];
    ask(rig, 'theirs', { message });
    await review(rig);
    await rig.run(400);
    expect(decided(rig)).toEqual([['theirs', 'hold']]);
    expect(rig.ledger.records[0]?.requesterProof).toBe('not proven: our link is Approved, not Pending');
  });

  test('dead target: a link to a deleted target of the same id is Disconnected', async () => {
    const rig = rigWith();
    rig.managedEndpoints.links = [{ ...factory(rig), status: 'Disconnected' }];
    ask(rig, 'theirs', { endpointName: 'contoso-adf.kv-shop' });
    await review(rig);
    await rig.run(400);
    expect(decided(rig)).toEqual([['theirs', 'hold']]);
  });

  test('a connection that was found and now has another endpoint begins anew', async () => {
    const rig = rigWith();
    rig.managedEndpoints.links = [search(rig)];
    ask(rig, 'ours', { message });
    await review(rig);
    rig.clock.advance(100);
    ask(rig, 'ours', { message, endpointName: 'theirs' });
    await review(rig);
    await rig.run(100);
    expect(rig.arm.writes).toEqual([]);
    await rig.run(200);
    expect(rig.arm.writes).toHaveLength(1);
  });

  test.each([other, undefined])('a resource whose subscription moved to another tenant: %s', async (now) => {
    const rig = rigWith();
    rig.managedEndpoints.links = [search(rig)];
    if (now === undefined) rig.arm.tenants.delete(dataSubscription);
    else rig.arm.tenants.set(dataSubscription, now);
    ask(rig, 'theirs', { message });
    await review(rig);
    await rig.run(400);
    expect(decided(rig)).toEqual([['theirs', 'hold']]);
  });

  test('our own link that waits for another target proves nothing', async () => {
    const rig = rigWith();
    rig.managedEndpoints.links = [linkTo({ targetId: `${rig.target.id}2`, message })];
    ask(rig, 'theirs', { message });
    await review(rig);
    await rig.run(400);
    expect(decided(rig)).toEqual([['theirs', 'hold']]);
  });
});

describe('a rival', () => {
  test('whose tenant no rule asks for may be ours', async () => {
    const rig = rigWith((name) => name !== 'closed');
    rig.managedEndpoints.links = [search(rig)];
    ask(rig, 'closed', { message, subscription: stranger });
    ask(rig, 'ours', { message });
    await review(rig);
    await rig.run(400);
    expect(rig.arm.writes).toEqual([]);
  });
});

describe('before the write', () => {
  /** Lets the second review take longer than a reading may be old, and `change` the world meanwhile. */
  async function slowly(rig: Rig, change: () => void): Promise<void> {
    rig.managedEndpoints.links = [search(rig)];
    ask(rig, 'ours', { message });
    await review(rig);
    const { list } = rig.arm;
    let lists = 0;
    rig.arm.list = async () => {
      const listing = await list.call(rig.arm);
      lists += 1;
      if (lists === 1) {
        rig.clock.advance(21);
        change();
      }
      return listing;
    };
    rig.clock.advance(180);
    for (const due of rig.reviews.takeDue()) await rig.takeRequest(due);
  }

  test('the proof is made again if it is older than 20 seconds', async () => {
    const rig = rigWith();
    const reads = () => rig.managedEndpoints.calls.filter((call) => call === 'read').length;
    await slowly(rig, () => undefined);
    expect([rig.arm.writes.length, reads()]).toEqual([1, 3]);
  });

  test.each<[string, (rig: Rig) => void]>([
    [
      'our link was approved',
      (rig) => (rig.managedEndpoints.links = [{ ...search(rig), status: 'Approved' }]),
    ],
    ['our link is gone', (rig) => (rig.managedEndpoints.links = [])],
    [
      'our link cannot be read',
      (rig) => (rig.managedEndpoints.failure = new ArmError('ARM_UNAVAILABLE', '503')),
    ],
    ['another connection has our message', (rig) => ask(rig, 'copy', { message })],
  ])('nothing is sent if %s by then', async (_, change) => {
    const rig = rigWith();
    const { readAt } = { readAt: rig.managedEndpoints.read.bind(rig.managedEndpoints) };
    let reads = 0;
    rig.managedEndpoints.read = async (link) => {
      const reading = await readAt(link);
      reads += 1;
      // The first review has read, and the second one: what follows is right before the write.
      if (reads === 2) change(rig);
      return reading;
    };
    await slowly(rig, () => undefined);
    expect(rig.arm.writes).toEqual([]);
  });
});

describe('what it costs', () => {
  test('nothing for connections that no rule leaves open, of other tenants, or not Pending', async () => {
    const rig = rigWith((name) => name !== 'closed');
    rig.managedEndpoints.links = [search(rig)];
    ask(rig, 'closed', { message });
    ask(rig, 'theirs', { message, subscription: stranger });
    ask(rig, 'approved', { message });
    rig.arm.change('approved', { status: 'Approved' });
    await review(rig);
    expect(rig.managedEndpoints.calls).toEqual([]);
  });

  test('nothing for connections whose requester no rule reads, and none for answered ones', async () => {
    const rig = rigWith();
    const reads = { ...noReads, tenant: true, requester: true };
    Object.assign(rig.policy, {
      statuses: ['Pending', 'Approved'],
      leavesOpen: ({ connection }: { connection: { name: string } }) => ({
        ...reads,
        requester: connection.name === 'approved',
      }),
    });
    rig.managedEndpoints.links = [search(rig)];
    ask(rig, 'pending', { message });
    ask(rig, 'approved', { message });
    rig.arm.change('approved', { status: 'Approved' });
    await review(rig);
    expect(rig.managedEndpoints.calls).toEqual([]);
  });

  test('one search for all connections of a target, and one read for each that it ties', async () => {
    const rig = rigWith();
    const texts = Array.from({ length: 10 }, (_, index) => `${message} number ${index}`);
    rig.managedEndpoints.links = texts.map((text, index) =>
      linkTo({ targetId: rig.target.id, message: text, name: `link-${index}` }),
    );
    for (const [index, text] of texts.entries()) ask(rig, `c${index}`, { message: text });
    for (const index of texts.keys()) ask(rig, `theirs${index}`, { message: 'Please approve' });
    await review(rig);
    expect(rig.managedEndpoints.calls.filter((call) => call !== 'read')).toEqual(['named', 'indexed']);
    expect(rig.managedEndpoints.calls.filter((call) => call === 'read')).toHaveLength(10);
  });

  test('a message that no link has costs the long search, and its connections hold when that is too long', async () => {
    const rig = rigWith();
    rig.managedEndpoints.isTooMuch = true;
    ask(rig, 'one', { message });
    ask(rig, 'two', { message: `${message} 2` });
    await review(rig);
    expect(rig.managedEndpoints.calls).toEqual(['named', 'indexed', 'others']);
    expect(rig.ledger.ofKind('decided')).toMatchObject([
      { effect: 'hold', requesterProof: expect.stringContaining('could not be searched') as string },
      { effect: 'hold' },
    ]);
  });
});

describe('when our resources cannot be read', () => {
  test('now, the connections wait, for as long as ARM asks, and all others are decided', async () => {
    const rig = rigWith();
    rig.managedEndpoints.failure = new ArmError('ARM_THROTTLED', '429', { retryAfterSeconds: 77 });
    ask(rig, 'managed', { message });
    ask(rig, 'theirs', { subscription: stranger });
    await review(rig);
    expect(decided(rig)).toEqual([['theirs', 'hold']]);
    expect(rig.reviews.pending).toMatchObject([{ delaySeconds: 77 }]);
  });

  test('at all, the facts are absent', async () => {
    const rig = rigWith();
    rig.managedEndpoints.failure = new ArmError('ARM_FORBIDDEN', 'no');
    ask(rig, 'managed', { message });
    await review(rig);
    expect(decided(rig)).toEqual([['managed', 'hold']]);
  });

  test('and an unread review in between, the first finding counts', async () => {
    const rig = rigWith();
    rig.managedEndpoints.links = [search(rig)];
    ask(rig, 'ours', { message });
    await review(rig);
    rig.clock.advance(100);
    rig.managedEndpoints.failure = new ArmError('ARM_UNAVAILABLE', '503');
    await review(rig);
    rig.managedEndpoints.failure = undefined;
    await rig.run(200);
    expect(decided(rig)).toEqual([['ours', 'approve']]);
  });

  test('because storage is away, the whole review waits', async () => {
    const rig = rigWith();
    rig.managedEndpoints.failure = new PosternError('STORE_UNAVAILABLE', 'away');
    ask(rig, 'managed', { message });
    await review(rig);
    expect(rig.ledger.records).toEqual([]);
  });
});
