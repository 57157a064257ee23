import { ArmError } from '../../../../src/base/errors';
import { noReads } from '../../../../src/policy/cel/costly-reads';
import { createRig, fakePolicy, type Rig } from '../../../support/rigs/rig';

const spoke =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/spoke';
const hub = spoke.replace('spoke', 'hub');

/** A policy that approves endpoints in networks that are peered with the hub. */
function rigWith({ reads = { ...noReads, endpoint: true, network: true }, names = ['one'] } = {}): Rig {
  const policy = Object.assign(fakePolicy(), { reads });
  const { decide } = policy;
  policy.decide = function decideByPeering(facts, now) {
    this.effects.set(
      facts.connection.name,
      facts.endpoint?.peeredNetworks?.includes(hub) === true ? 'approve' : 'hold',
    );
    return decide.call(this, facts, now);
  };
  const rig = createRig({ policy });
  rig.arm.appliesWrites = true;
  for (const name of names) {
    const { endpoint } = rig.arm.seed({ name });
    const details = { location: 'westeurope', tags: {}, subnetId: `${spoke}/subnets/default`, targetIds: [] };
    rig.arm.endpoints.set(endpoint!.key, details);
  }
  rig.arm.networks.set(spoke.toLowerCase(), { peeredNetworks: [hub] });
  return rig;
}

const calls = (rig: Rig, name: string): number => rig.arm.calls.filter((call) => call === name).length;

test('an endpoint in a network that is peered with the hub is approved, and one network is read once', async () => {
  const rig = rigWith({ names: ['one', 'two', 'three'] });
  await rig.takeRequest(rig.request());
  expect(rig.ledger.ofKind('decided').map(({ effect }) => effect)).toEqual(['approve', 'approve', 'approve']);
  expect([calls(rig, 'readEndpoint'), calls(rig, 'readNetwork')]).toEqual([3, 1]);
});

test('no network is read unless a rule reads one', async () => {
  const rig = rigWith({ reads: { ...noReads, endpoint: true } });
  await rig.takeRequest(rig.request());
  expect([calls(rig, 'readEndpoint'), calls(rig, 'readNetwork')]).toEqual([1, 0]);
  expect(rig.policy.seen[0]?.endpoint).toMatchObject({ virtualNetworkId: spoke, peeredNetworks: undefined });
});

test('a network that may not be read leaves the fact absent', async () => {
  const rig = rigWith();
  rig.arm.networks.set(spoke.toLowerCase(), new ArmError('ARM_FORBIDDEN', 'no'));
  await rig.takeRequest(rig.request());
  expect(rig.ledger.ofKind('decided').map(({ effect }) => effect)).toEqual(['hold']);
});

test('a network that cannot be read now keeps its connections waiting', async () => {
  const rig = rigWith();
  rig.arm.networks.set(spoke.toLowerCase(), new ArmError('ARM_THROTTLED', '429', { retryAfterSeconds: 77 }));
  await rig.takeRequest(rig.request());
  expect(rig.ledger.records).toEqual([]);
  expect(rig.reviews.pending).toMatchObject([{ delaySeconds: 77 }]);
});

test('peerings that changed before the write are decided anew', async () => {
  const rig = rigWith();
  const { list } = rig.arm;
  rig.arm.list = async () => {
    const listing = await list.call(rig.arm);
    // The review takes longer than a reading may be old.
    rig.clock.advance(21);
    return listing;
  };
  const { readNetwork } = rig.arm;
  rig.arm.readNetwork = async (id) => {
    if (calls(rig, 'readNetwork') === 1) rig.arm.networks.set(spoke.toLowerCase(), { peeredNetworks: [] });
    return readNetwork.call(rig.arm, id);
  };
  await rig.takeRequest(rig.request());
  await rig.run(60);
  expect(rig.arm.writes).toEqual([]);
  expect(rig.ledger.ofKind('decided').map(({ effect }) => effect)).toEqual(['approve', 'hold']);
});
