import { createLocalAzure, createManualClock, localIdentity, type InProcessAzure } from '../../../dev/azure';
import { createArm, type Arm } from '../../../src/azure/arm/arm';
import { ownStoreTypes } from '../../../src/connections/target-type';
import type { FoundConnection } from '../../../src/review/sweep/connection-finder';
import { testEndpointId, testTarget } from '../../support/http/scripted-arm';
import { connectionFinderContract, type FinderHarness } from '../suites/connection-finder';

const opened: InProcessAzure[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((azure) => azure.close()));
});

connectionFinderContract('Resource Graph', () =>
  harnessOf(({ graph }) => graph, 'Microsoft.ResourceGraph/resources/read'),
);

connectionFinderContract('The list of resources', () =>
  harnessOf(({ lists }) => lists, 'Microsoft.Resources/subscriptions/resources/read'),
);

test('one target with more than 128 connections hides none of them from Resource Graph', async () => {
  const { finder, make, control } = harnessOf(({ graph }) => graph, '');
  const target = testTarget('Microsoft.KeyVault/vaults');
  await make(target);
  for (let index = 0; index < 150; index += 1) {
    control.seed({
      targetId: target.id,
      connectionName: `pe-${index}`,
      endpointId: `${testEndpointId}-${index}`,
      status: index === 149 ? 'Pending' : 'Approved',
      description: '',
    });
  }
  const found: FoundConnection[] = [];
  for await (const one of finder.find({ subscriptions: [], types: ownStoreTypes, statuses: ['Pending'] })) {
    found.push(one);
  }
  expect(found.map(({ connectionId }) => connectionId)).toEqual([
    `${target.id}/privateEndpointConnections/pe-149`,
  ]);
});

/** Small pages, so that every search of more than two targets goes over several. */
function harnessOf(finderOf: (arm: Arm) => FinderHarness['finder'], needs: string): FinderHarness {
  const azure = createLocalAzure({ clock: createManualClock(), world: { resourcePageSize: 2 } });
  opened.push(azure);
  const { credential, httpClient, control, deny } = azure;
  const arm = createArm({ endpoint: 'https://management.azure.com', credential, httpClient });
  return {
    finder: finderOf(arm),
    control,
    make: async ({ id }) => {
      const reply = await control.send(localIdentity, 'PUT', `${id}?api-version=2024-05-01`, {
        location: 'westus',
        properties: {},
      });
      expect(reply).toMatchObject({ status: 201 });
    },
    refuse: () => deny.push({ action: needs }),
    hide: ({ id }) => deny.push({ action: '*/read', scope: id }),
  };
}
