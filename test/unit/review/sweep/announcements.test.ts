import { loadPolicy } from '../../../../src/policy/compile-policy';
import { createRig, type Rig } from '../../../support/rigs/rig';
import { createSweepRig } from '../../../support/rigs/sweep-rig';

const rule = { name: 'announced', effect: 'approve', when: 'has(expected.by)' };
const policyFile = {
  path: 'policy.yaml',
  text: JSON.stringify({ version: 1, mode: 'enforce', rules: [rule] }),
};
const endpoint = (name: string): string =>
  `/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/consumers/providers/Microsoft.Network/privateEndpoints/pe-${name}`;

function announce(rig: Rig, requests: readonly object[]): void {
  const expected = requests.map((one) => ({
    endpointId: endpoint('one'),
    target: rig.target.id,
    until: '2026-01-05T18:00:00Z',
    by: 'pipeline 42',
    ...one,
  }));
  const text = JSON.stringify({ version: 1, expected });
  rig.load.current = loadPolicy([policyFile, { path: 'a.expected.yaml', text }]);
}

async function started(requests: readonly object[] = []) {
  const rig = createRig();
  announce(rig, requests);
  const sweepRig = createSweepRig(rig);
  const load = rig.load.current;
  if (load.kind !== 'loaded') throw new Error('the policy does not load');
  const { digest, mode } = load.policy;
  sweepRig.journal.state = { ...sweepRig.journal.state, policy: { digest, mode } };
  return sweepRig;
}

test('a request that was waiting when it was announced is reviewed soon, and only its target', async () => {
  const rig = await started();
  await rig.followPolicy('trace');
  expect(rig.asked()).toEqual([]);
  announce(rig, [{}]);
  await rig.followPolicy('trace');
  expect(rig.asked()).toMatchObject([{ id: rig.target.id, because: 'announcement' }]);
  await rig.followPolicy('trace');
  expect(rig.asked()).toHaveLength(1);
  announce(rig, [{}, { endpointId: endpoint('two'), target: rig.target.id.replace(/[^/]*$/, 'kv-other') }]);
  await rig.followPolicy('trace');
  expect(rig.asked().map(({ id }) => id.split('/').at(-1))).toEqual([rig.target.name, 'kv-other']);
});

test('another instance that starts later asks for nothing that was asked for', async () => {
  const rig = await started([{}]);
  await rig.followPolicy('trace');
  const other = createSweepRig(rig);
  other.journal.state = rig.journal.state;
  await other.followPolicy('trace');
  expect(rig.asked()).toHaveLength(1);
});

test('a sweep keeps in mind which announcements were followed', async () => {
  const rig = await started([{}]);
  await rig.followPolicy('trace');
  await rig.sweep('trace');
  await rig.followPolicy('trace');
  expect(rig.asked()).toHaveLength(1);
});

test('an announcement that nobody used is told once, after its end', async () => {
  const rig = await started([{}]);
  await rig.sweep('trace');
  expect(rig.ledger.ofKind('lapsed')).toEqual([]);
  rig.clock.advance(6 * 60 * 60);
  await rig.sweep('trace');
  await rig.sweep('trace');
  expect(rig.ledger.ofKind('lapsed')).toMatchObject([
    {
      target: rig.target.id,
      reason: expect.stringContaining('by pipeline 42: it ended at 2026-01-05T18:00'),
    },
  ]);
  rig.operations.load = () => Promise.reject(new Error('looked up twice'));
  await rig.sweep('trace');
});

test('one that was used is not told', async () => {
  const rig = await started([{}]);
  rig.arm.appliesWrites = true;
  rig.arm.seed({ name: 'one' });
  await rig.takeRequest(rig.request());
  rig.clock.advance(6 * 60 * 60);
  await rig.sweep('trace');
  expect(rig.ledger.ofKind('lapsed')).toEqual([]);
});

test('announcements that cannot be read are recorded once a day, and the sweep goes on', async () => {
  const rig = await started();
  rig.load.current = loadPolicy([
    policyFile,
    { path: 'a.expected.yaml', text: 'version: 1\nexpected: [{}]\n' },
  ]);
  await rig.sweep('trace');
  await rig.sweep('trace');
  const refused = rig.ledger.ofKind('refused');
  expect(refused).toHaveLength(1);
  expect(refused[0]?.reason).toContain('a.expected.yaml:2:');
  expect(rig.ledger.ofKind('swept').length).toBeGreaterThan(0);
});
