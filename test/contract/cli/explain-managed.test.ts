import { ownStoreTypes } from '../../../src/connections/target-type';
import type { LiveAzure } from '../../../src/cli/facts/read-live-facts';
import { createReadOnlyStore } from '../../../src/cli/live/read-only-store';
import { runTool } from '../../support/rigs/cli';
import { createManagedWorld, dataGroup, type ManagedWorld } from '../../support/rigs/managed-world';

const message = 'Data team, change CHG0042424';
const files = {
  'policy.yaml':
    'version: 1\nmode: enforce\nrules:\n  - { name: corp, effect: approve, when: \'"corp" in requester.managementGroups\' }\n',
};

let world: ManagedWorld;
let live: LiveAzure;
beforeEach(async () => {
  world = await createManagedWorld();
  const { arm } = world;
  live = {
    connections: createReadOnlyStore(arm.connections),
    resources: arm.resources,
    tenants: { tenantOf: (id) => arm.subscriptions.readTenant(id) },
    ownSubscriptions: {
      find: async (id) => (await arm.subscriptions.list()).find((each) => each.subscriptionId === id),
    },
    managedEndpoints: arm.managedEndpoints,
    finder: arm.graph,
    types: ownStoreTypes,
  };
});
afterEach(() => world.azure.close());

const connectionIds = (): string[] =>
  [...world.azure.world.targets.values()].flatMap(({ connections }) =>
    [...connections.values()].map(({ id }) => id),
  );

test('explain tells which resource of ours asks, and that two reviews must find it', async () => {
  await world.askAsStranger('contoso.kv-shop', message);
  await world.ask({ service: 'search', owner: 'contoso', name: 'kv-shop', message, ownerGroup: dataGroup });
  const [theirs = '', ours = ''] = connectionIds();
  const explained = await runTool(['explain', ours, '--policy', 'policy.yaml'], { files, live });
  expect(explained.output.find((line) => line.startsWith('Requester'))).toMatch(
    /^Requester {3}found once: the message is that of .*\/searchServices\/contoso\/sharedPrivateLinkResources\/kv-shop; a second review/,
  );
  expect(explained.output.join('\n')).toContain('requester.managementGroups = ["corp",');
  const stranger = await runTool(['explain', theirs, '--policy', 'policy.yaml'], { files, live });
  expect(stranger.output.join('\n')).toContain('requester.managementGroups = (absent)');
  expect(stranger.output.join('\n')).not.toContain('Requester ');
});

test('explain says why nothing is proven, in JSON, too', async () => {
  await world.ask({ service: 'data-factory', owner: 'contoso', name: 'kv-shop' });
  const [theirs = ''] = connectionIds();
  const { output } = await runTool(['explain', theirs, '--policy', 'policy.yaml', '--json'], { files, live });
  expect(JSON.parse(output.join('\n'))).toMatchObject({
    effect: 'hold',
    requesterProof: 'not proven: no resource of ours is known to ask for it',
  });
});

test('what is exported simulates as the tenant itself does, with our resource behind the endpoint', async () => {
  await world.ask({ service: 'data-factory', owner: 'contoso', name: 'kv-shop', ownerGroup: dataGroup });
  const exported = await runTool(['export'], { live });
  expect(JSON.parse(exported.output[0] ?? '')).toMatchObject({
    endpoint: { name: 'contoso.kv-shop' },
    requester: { how: 'name', name: 'contoso', type: 'Microsoft.DataFactory/factories' },
  });
  const empty = {
    'now.yaml': 'version: 1\nmode: enforce\n',
    ...files,
    'all.jsonl': exported.output.join('\n'),
  };
  const simulate = ['simulate', '--policy', 'now.yaml', '--candidate', 'policy.yaml', '--from'];
  const fromFile = await runTool([...simulate, 'all.jsonl'], { files: empty, live });
  expect(fromFile.output[0]).toContain('1 would get another decision');
  expect(await runTool([...simulate, 'live'], { files: empty, live })).toEqual(fromFile);
});
