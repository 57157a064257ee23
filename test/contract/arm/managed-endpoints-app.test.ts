import { localIdentity, somebodyElse } from '../../../dev/azure';
import { createLocalAzureParts } from '../../../dev/azure/local-azure';
import { accessTo, startMs, startWholeApp, type WholeApp } from '../../../dev/estate/whole-app';
import { createScheduler } from '../../../dev/explore/kernel/scheduler';
import { createStreams } from '../../../dev/explore/kernel/streams';
import { createVirtualClock } from '../../../dev/explore/world/azure';
import { putResource } from '../../../dev/lib/put-resource';
import { operatorRole, readerRole } from '../../../src/azure/roles/role-definitions';
import '../../../functions/register';

jest.mock('@azure/functions', () => jest.requireActual<object>('../../../dev/explore/app/functions-sdk'));
jest.mock('../../../functions/worker', () => jest.requireActual<object>('../../../dev/explore/app/worker'));

const policy = `version: 1
mode: enforce
rules:
  - { name: corp, effect: approve, when: '"corp" in requester.managementGroups' }
`;
const dataSubscription = '44444444-4444-4444-8444-444444444444';
const vault =
  '/subscriptions/33333333-3333-4333-8333-333333333333/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-shared';
const ownerGroup = `/subscriptions/${dataSubscription}/resourceGroups/rg-data`;

/** Starts the whole app, with the roles that are deployed, beside the local Azure; both in virtual time. */
async function start() {
  const stream = createStreams(1);
  const scheduler = createScheduler(startMs, stream('scheduler'));
  const made: { app?: WholeApp } = {};
  const principal = localIdentity.objectId;
  const azure = createLocalAzureParts({
    clock: createVirtualClock(scheduler),
    roles: [operatorRole(), readerRole].map((role) => ({ principal, scope: '/', ...role })),
    places: { [dataSubscription]: { groups: [{ name: 'corp', displayName: 'Corp' }] } },
    eventGrid: {
      answerTimeout: () => new AbortController().signal,
      send: async (_url, { body = '[]' }) => {
        const events = JSON.parse(body) as readonly {
          readonly data?: { readonly validationCode?: string };
        }[];
        const code = events[0]?.data?.validationCode;
        if (code !== undefined) return { status: 200, body: JSON.stringify({ validationResponse: code }) };
        const done = await Promise.all(
          events.map((event) => made.app?.deliver(event) ?? Promise.resolve(false)),
        );
        return { status: done.every(Boolean) ? 200 : 500, body: '' };
      },
    },
  });
  azure.eventGrid.subscribe({ url: 'https://postern.example/runtime/webhooks/eventgrid' });
  const app = await startWholeApp({
    scheduler,
    policy,
    settings: { ARM_ENDPOINT: 'https://management.azure.com' },
    ...accessTo(azure, { scheduler, random: stream('network') }),
  });
  made.app = app;
  await putResource(azure, somebodyElse, {
    id: vault,
    apiVersion: '2024-11-01',
    body: { location: 'westeurope', properties: {} },
  });
  return { app, azure };
}

test('from the event to the proven approval, our factory and our search service are told from somebody else’s', async () => {
  const { app, azure } = await start();
  const message = 'Search, change CHG0042424';
  const names = { owner: 'contoso', name: 'kv-shop' };
  const ids = [
    await azure.control.requestManaged({ targetId: vault, service: 'data-factory', ...names, ownerGroup }),
    await azure.control.requestManaged({ targetId: vault, service: 'search', ...names, message, ownerGroup }),
    await azure.control.requestManaged({
      targetId: vault,
      service: 'data-factory',
      owner: 'evil',
      name: 'kv-shop',
    }),
  ];
  const statuses = (): readonly (string | undefined)[] => {
    const connections = [...(azure.world.targets.get(vault.toLowerCase())?.connections.values() ?? [])];
    return ids.map((id) => connections.find(({ endpointId }) => endpointId === id)?.status);
  };
  await app.run(1, () => app.records.filter(({ kind }) => kind === 'applied').length === 2);
  const applied = app.records.filter(({ kind }) => kind === 'applied');
  const seconds = applied.map(({ at }) => (Date.parse(at) - startMs) / 1000);
  app.close();
  expect(statuses()).toEqual(['Approved', 'Approved', 'Pending']);
  expect(Math.min(...seconds)).toBeGreaterThan(180);
  expect(Math.max(...seconds)).toBeLessThan(600);
  const proofs = new Map(
    app.records
      .filter(({ kind }) => kind === 'decided')
      .map(({ endpoint, requesterProof }) => [endpoint, requesterProof]),
  );
  expect(ids.map((id) => proofs.get(id)?.slice(0, 44))).toEqual([
    "proven: the endpoint's name is that of /subs",
    'proven: the message is that of /subscription',
    'not proven: no resource of ours is known to ',
  ]);
});
