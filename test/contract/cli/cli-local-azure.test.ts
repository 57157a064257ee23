import { createLocalAzure, createManualClock, localIdentity, type InProcessAzure } from '../../../dev/azure';
import { createArm } from '../../../src/azure/arm/arm';
import type { LiveAzure } from '../../../src/cli/facts/read-live-facts';
import { createReadOnlyStore } from '../../../src/cli/live/read-only-store';
import { ownStoreTypes } from '../../../src/connections/target-type';
import { runTool } from '../../support/rigs/cli';
import { testEndpointId, testTarget } from '../../support/http/scripted-arm';

/** The tools over the production adapters and the whole local Azure, in one process. */
let azure: InProcessAzure;
let live: LiveAzure;
const ids: string[] = [];

beforeEach(async () => {
  const clock = createManualClock();
  azure = createLocalAzure({ clock });
  const { credential, httpClient } = azure;
  const arm = createArm({ endpoint: 'https://management.azure.com', credential, httpClient });
  live = {
    connections: createReadOnlyStore(arm.connections),
    resources: arm.resources,
    tenants: { tenantOf: (id) => arm.subscriptions.readTenant(id) },
    ownSubscriptions: { find: () => Promise.resolve(undefined) },
    managedEndpoints: arm.managedEndpoints,
    finder: arm.graph,
    types: ownStoreTypes,
  };
  ids.length = 0;
  for (const type of ownStoreTypes) {
    const target = testTarget(type);
    const body = { location: 'westus', tags: { env: 'prod' }, properties: {} };
    await azure.control.send(localIdentity, 'PUT', `${target.id}?api-version=2024-05-01`, body);
    await clock.advance(3600);
    const seeded = { targetId: target.id, connectionName: 'wanted', endpointId: testEndpointId };
    ids.push(azure.control.seed({ ...seeded, status: 'Pending', description: 'please' }));
  }
});
afterEach(() => azure.close());

const files = {
  'now.yaml': 'version: 1\nmode: enforce\n',
  'next.yaml':
    'version: 1\nmode: enforce\nrules:\n  - name: prod\n    effect: approve\n    when: target.tags.env == "prod"\n',
};

test('what is exported from the tenant simulates as the tenant itself does', async () => {
  const exported = await runTool(['export'], { live });
  expect(exported.errors).toEqual(['4 connections written, 0 could not be read']);
  const simulate = ['simulate', '--policy', 'now.yaml', '--candidate', 'next.yaml', '--from'];
  const world = { files: { ...files, 'all.jsonl': exported.output.join('\n') }, live };
  const fromFile = await runTool([...simulate, 'all.jsonl'], world);
  expect(fromFile.output[0]).toBe(
    '4 connections: 4 would get another decision, 0 the same decision from other rules',
  );
  expect(await runTool([...simulate, 'live'], world)).toEqual(fromFile);
});

test('each connection is explained by its id', async () => {
  for (const id of ids) {
    const { exitCode, output } = await runTool(['explain', id, '--policy', 'next.yaml'], { files, live });
    expect(exitCode).toBe(0);
    expect(output[2]).toBe('Outcome     approve by prod: Rule prod matched');
  }
});
