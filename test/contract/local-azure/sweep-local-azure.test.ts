import { createLocalAzure, createManualClock, localIdentity } from '../../../dev/azure';
import { createArm } from '../../../src/azure/arm/arm';
import { parseTargetId } from '../../../src/connections/resource-id';
import { createRig } from '../../support/rigs/rig';
import { testEndpointId } from '../../support/http/scripted-arm';
import { createSweepRig } from '../../support/rigs/sweep-rig';
import { createSweep } from '../../../src/review/sweep/sweep';

const ours = '22222222-2222-4222-8222-222222222222';
const closed = '33333333-3333-4333-8333-333333333333';
const vaultIn = (subscriptionId: string) =>
  `/subscriptions/${subscriptionId}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-shared`;

/** The sweep, the review and the real ARM adapters, over a local Azure in which no event is ever sent. */
async function createWorld() {
  const clock = createManualClock();
  const azure = createLocalAzure({ clock });
  const { credential, httpClient, control, deny } = azure;
  for (const subscriptionId of [ours, closed]) {
    const id = vaultIn(subscriptionId);
    const body = { location: 'westus', properties: {} };
    await control.send(localIdentity, 'PUT', `${id}?api-version=2024-05-01`, body);
    control.seed({ targetId: id, connectionName: 'lost', endpointId: testEndpointId, status: 'Pending' });
  }
  deny.push({ action: '*', scope: `/subscriptions/${closed}` });
  const { graph, lists, ...adapters } = createArm({
    endpoint: 'https://management.azure.com',
    credential,
    httpClient,
  });
  const rig = createSweepRig(
    createRig({ target: vaultIn(ours), adapters, onSecond: () => clock.advance(1) }),
  );
  rig.policy.effects.set('lost', 'approve');
  const sweepOver = (subscriptions: readonly string[]) =>
    createSweep({ ...rig, graph, lists, policy: { current: async () => rig.load.current }, subscriptions });
  return { azure, deny, rig, sweepOver };
}

test('what Resource Graph tells of is reviewed, approved and recorded as found late', async () => {
  const { azure, rig, sweepOver } = await createWorld();
  await expect(sweepOver([])(undefined)).resolves.toMatchObject({
    source: 'graph',
    connections: 1,
    asked: 1,
  });
  await rig.run(120);
  expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(['swept', 'found', 'decided', 'applied']);
  await azure.close();
});

test('when Resource Graph is refused, the lists find the same; a subscription that is closed is told of and hides nothing', async () => {
  const { azure, deny, rig, sweepOver } = await createWorld();
  deny.push({ action: 'Microsoft.ResourceGraph/*' });
  await expect(sweepOver([closed, ours])(undefined)).resolves.toMatchObject({
    source: 'lists',
    connections: 0,
    asked: 1,
    unread: 1,
  });
  await rig.run(120);
  expect(rig.operations.rows(parseTargetId(vaultIn(ours)))).toMatchObject([
    { operation: { state: 'applied' } },
  ]);
  expect(rig.ledger.ofKind('found')).toHaveLength(1);
  expect(rig.ledger.ofKind('failed').map(({ target }) => target)).toEqual([`/subscriptions/${closed}`, '']);
  await azure.close();
});
