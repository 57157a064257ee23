import { createLocalAzure, createManualClock, localSubscriptionId } from '../../../../../dev/azure';
import { createArm } from '../../../../../src/azure/arm/arm';
import { ownStoreTypes } from '../../../../../src/connections/target-type';

test('a crowd is told by both sources page by page, each target and each connection once', async () => {
  const azure = createLocalAzure({ clock: createManualClock(), world: { resourcePageSize: 7 } });
  const { targets, connections } = azure.control.seedManyTargets({
    subscriptionId: localSubscriptionId,
    targets: 230,
    connectionsPerTarget: 10,
  });
  expect([targets.length, connections]).toEqual([230, 2_300]);
  const { credential, httpClient } = azure;
  const arm = createArm({ endpoint: 'https://management.azure.com', credential, httpClient });
  for (const [finder, expected] of [
    [arm.graph, 2_300],
    [arm.lists, 230],
  ] as const) {
    const found: string[] = [];
    const seen = new Set<string>();
    for await (const one of finder.find({ subscriptions: [], types: ownStoreTypes, statuses: ['pending'] })) {
      found.push(one.connectionId ?? one.targetId.id);
      seen.add(one.targetId.id);
    }
    expect(new Set(found).size).toBe(expected);
    expect(found).toHaveLength(expected);
    expect([...seen].sort()).toEqual([...targets].sort());
  }
  await azure.close();
});
