import type { AuditRecord } from '../../../src/audit/audit-record';
import { localIdentity, somebodyElse } from '../../../dev/azure';
import { createLocalAzureParts } from '../../../dev/azure/local-azure';
import { accessTo, startMs, startWholeApp } from '../../../dev/estate/whole-app';
import { createScheduler } from '../../../dev/explore/kernel/scheduler';
import { createStreams } from '../../../dev/explore/kernel/streams';
import { createVirtualClock } from '../../../dev/explore/world/azure';
import { putResource } from '../../../dev/lib/put-resource';
import { sampleTarget } from '../../../dev/lib/samples';
import '../../../functions/register';

jest.mock('@azure/functions', () => jest.requireActual<object>('../../../dev/explore/app/functions-sdk'));
jest.mock('../../../functions/worker', () => jest.requireActual<object>('../../../dev/explore/app/worker'));

const shop = '21111111-1111-4111-8111-111111111111';
const later = '22222222-2222-4222-8222-222222222222';
const delegated = '24444444-4444-4444-8444-444444444444';
const customer = '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b';
const group = { name: 'corp', displayName: 'Corporate' };

const policy = `version: 1
mode: enforce
lists:
  zones: { subscriptionsUnder: corp, maxAge: 2h }
rules:
  - name: zones
    effect: approve
    when: endpoint.subscriptionId in lists.zones
`;

/** The whole app over the local Azure, in virtual time, with one vault. */
async function open() {
  const stream = createStreams(7);
  const scheduler = createScheduler(startMs, stream('scheduler'));
  const azure = createLocalAzureParts({
    clock: createVirtualClock(scheduler),
    foreignTenants: { [customer]: [delegated] },
    places: { [shop]: { groups: [group] }, [delegated]: { groups: [group], isDelegated: true } },
    roles: [{ principal: localIdentity.objectId, scope: '/', actions: ['*'] }],
  });
  const queries: string[] = [];
  const app = await startWholeApp({
    scheduler,
    policy,
    settings: { ARM_ENDPOINT: 'https://management.azure.com' },
    ...accessTo(azure, {
      scheduler,
      random: stream('network'),
      onRequest: (_, { body }) => {
        const text = Buffer.from(body ?? '').toString();
        if (text.includes('resourcecontainers')) queries.push(text);
      },
    }),
  });
  const target = sampleTarget();
  const body = { location: 'westeurope', properties: {} };
  await putResource(azure, somebodyElse, { id: target.id, apiVersion: '2024-05-01', body });
  const ask = (name: string, subscription: string): string =>
    azure.control.seed({
      targetId: target.id,
      connectionName: name,
      endpointId: `/subscriptions/${subscription}/resourceGroups/corp/providers/Microsoft.Network/privateEndpoints/${name}`,
      status: 'Pending',
      description: 'please',
    });
  const statusOf = (name: string): string | undefined =>
    azure.world.targets.get(target.id.toLowerCase())?.connections.get(name)?.status;
  /** Lets hours pass, with the timer that follows the policy each minute and a sweep each quarter of an hour. */
  const pass = async (hours: number): Promise<void> => {
    for (let minutes = 0; minutes < hours * 60; minutes += 1) {
      void app.fire('followPolicy');
      if (minutes % 15 === 0) void app.fire('sweep');
      await app.run(1 / 60, () => false);
    }
  };
  const recorded = (kind: AuditRecord['kind']): readonly string[] =>
    app.records.filter((record) => record.kind === kind).map(({ reason }) => reason ?? '');
  return { azure, app, ask, statusOf, pass, recorded, queries };
}

test('the app approves who is below the group, follows it, and holds everybody once it can no longer see it', async () => {
  const { azure, app, ask, statusOf, pass, recorded, queries } = await open();
  ask('ours', shop);
  ask('theirs', delegated);
  await pass(0.5);
  expect([statusOf('ours'), statusOf('theirs')]).toEqual(['Approved', 'Pending']);
  const approved = app.records.find(({ kind, effect }) => kind === 'decided' && effect === 'approve');
  expect(approved?.lists).toEqual([
    { snapshot: expect.stringMatching(/^zones@[0-9a-f]{8}$/), ageSeconds: expect.any(Number) },
  ]);
  expect(recorded('changed')).toEqual([expect.stringContaining(`1 came (${shop})`)]);

  azure.places.place(later, { groups: [group] });
  ask('moved', later);
  await pass(0.5);
  expect(statusOf('moved')).toBe('Approved');
  expect(recorded('changed')).toHaveLength(2);

  azure.deny.push({
    principal: localIdentity.objectId,
    action: 'Microsoft.Management/managementGroups/read',
  });
  ask('second', shop);
  await pass(0.5);
  expect(statusOf('second')).toBe('Approved');
  await pass(2);
  ask('third', shop);
  await pass(0.5);
  expect(statusOf('third')).toBe('Pending');
  expect(recorded('stale')).toEqual([expect.stringContaining('the management group corp is not visible')]);

  azure.deny.splice(0);
  await pass(0.5);
  expect(statusOf('third')).toBe('Approved');
  expect(statusOf('theirs')).toBe('Pending');
  // Two queries in a quarter of an hour, one of them for the groups, over four and a half hours.
  expect(queries.length).toBeGreaterThan(2 * 4 * 4);
  expect(queries.length).toBeLessThanOrEqual(2 * 4 * 4.75);
  app.close();
});
