import type { HttpClient } from '@azure/core-rest-pipeline';
import { RestError } from '@azure/core-rest-pipeline';
import { localIdentity, somebodyElse } from '../../../dev/azure';
import type { Principal } from '../../../dev/azure';
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

const policy = `version: 1
mode: enforce
rules:
  - { name: strangers, effect: hold, when: 'connection.name.startsWith("stranger")' }
  - name: guests
    effect: approve
    when: connection.name.startsWith("guest")
    approvals: { expireAfter: 3h }
  - { name: team, effect: approve, when: 'connection.name.startsWith("team")' }
`;

interface Sent {
  readonly by: 'first' | 'standby';
  readonly what: string;
  readonly minute: number;
}

/** Two deployments over one local Azure, in virtual time: they share nothing but Azure. */
async function open(standbyAfter: string) {
  const stream = createStreams(9);
  const scheduler = createScheduler(startMs, stream('scheduler'));
  const standbyIdentity: Principal = { ...localIdentity, objectId: '5b5b5b5b-5b5b-4b5b-8b5b-5b5b5b5b5b5b' };
  const azure = createLocalAzureParts({
    clock: createVirtualClock(scheduler),
    roles: [localIdentity, standbyIdentity].map(({ objectId }) => ({
      principal: objectId,
      scope: '/',
      actions: ['*'],
    })),
  });
  const minutes = (): number => (scheduler.nowMs() - startMs) / 60_000;
  const sent: Sent[] = [];
  const away = { first: false, standby: false };
  const start = (by: Sent['by'], principal: Principal, settings: Record<string, string>) => {
    const { httpClient } = accessTo(azure, {
      scheduler,
      random: stream(`network of ${by}`),
      onRequest: (_, { method, url }) => {
        const what = /privateEndpointConnections\/([^/?]+)/i.exec(url)?.[1];
        if (method === 'GET' || what === undefined) return;
        sent.push({ by, what: `${method} ${what}`, minute: Math.round(minutes()) });
      },
    });
    const reached: HttpClient = {
      sendRequest: (request) => {
        if (!away[by]) return httpClient.sendRequest(request);
        return Promise.reject(new RestError('unreachable', { code: 'ENOTFOUND', request }));
      },
    };
    return startWholeApp({
      scheduler,
      policy,
      settings: { ARM_ENDPOINT: 'https://management.azure.com', ...settings },
      httpClient: reached,
      getToken: (scope) => {
        const { token, expiresAt } = azure.tokens.issue({ principal, audience: new URL(scope).origin });
        return { token, expiresOnTimestamp: expiresAt.getTime() };
      },
    });
  };
  const first = await start('first', localIdentity, {});
  const standby = await start('standby', standbyIdentity, { STANDBY_AFTER: standbyAfter });
  const target = sampleTarget();
  const body = { location: 'westeurope', properties: {} };
  await putResource(azure, somebodyElse, { id: target.id, apiVersion: '2024-05-01', body });
  const ask = (name: string): string =>
    azure.control.seed({
      targetId: target.id,
      connectionName: name,
      endpointId: `/subscriptions/21111111-1111-4111-8111-111111111111/resourceGroups/corp/providers/Microsoft.Network/privateEndpoints/${name}`,
      status: 'Pending',
      description: 'please',
    });
  const statusOf = (name: string): string | undefined =>
    azure.world.targets.get(target.id.toLowerCase())?.connections.get(name)?.status;
  /** Lets minutes pass. Each deployment that is not away sweeps every five minutes; no event comes. */
  const pass = async (count: number): Promise<void> => {
    for (let minute = 0; minute < count; minute += 1) {
      if (Math.round(minutes()) % 5 === 0) {
        if (!away.first) void first.fire('sweep');
        if (!away.standby) void standby.fire('sweep');
      }
      await scheduler.run(scheduler.nowMs() + 60_000);
    }
  };
  const close = (): void => {
    first.close();
    standby.close();
  };
  return { first, standby, ask, statusOf, pass, sent, away, close, minutes };
}

test('a standby answers while the first one is away, and nothing is answered twice or forgotten', async () => {
  const { first, standby, ask, statusOf, pass, sent, away, close } = await open('PT30M');
  ['team-0', 'guest-0', 'stranger-0'].forEach(ask);
  await pass(60);
  expect([statusOf('team-0'), statusOf('guest-0'), statusOf('stranger-0')]).toEqual([
    'Approved',
    'Approved',
    'Pending',
  ]);
  expect(sent.map(({ by }) => by)).toEqual(['first', 'first']);

  away.first = true;
  ['team-1', 'guest-1', 'stranger-1'].forEach(ask);
  await pass(20);
  expect(statusOf('team-1')).toBe('Pending');
  await pass(25);
  expect([statusOf('team-1'), statusOf('guest-1')]).toEqual(['Approved', 'Approved']);
  ask('team-2');
  await pass(15);
  expect(statusOf('team-2')).toBe('Pending');
  away.first = false;
  await pass(15);
  expect(statusOf('team-2')).toBe('Approved');
  expect([statusOf('stranger-0'), statusOf('stranger-1')]).toEqual(['Pending', 'Pending']);
  await pass(200);

  const by = (name: string): readonly string[] =>
    sent
      .filter(({ what }) => what.endsWith(` ${name}`))
      .map(({ by: who, what }) => `${who} ${what.split(' ')[0]}`);
  expect(by('team-0')).toEqual(['first PUT']);
  expect(by('team-1')).toEqual(['standby PUT']);
  expect(by('team-2')).toEqual(['first PUT']);
  // Each ends its own timed approval, once.
  expect(by('guest-0')).toEqual(['first PUT', 'first DELETE']);
  expect(by('guest-1')).toEqual(['standby PUT', 'standby DELETE']);
  expect([...by('stranger-0'), ...by('stranger-1')]).toEqual([]);
  const acted = standby.records.filter(
    ({ kind, standbySince }) => kind === 'decided' && standbySince !== undefined,
  );
  expect(acted.map(({ connection = '' }) => connection.split('/').at(-1)).toSorted()).toEqual([
    'guest-1',
    'team-1',
  ]);
  for (const { at, standbySince = at } of acted)
    expect(Date.parse(at) - Date.parse(standbySince)).toBeGreaterThanOrEqual(30 * 60_000);
  expect(first.records.filter(({ standbySince }) => standbySince !== undefined)).toEqual([]);
  close();
});

test('a standby that has itself been away begins its wait anew', async () => {
  const { ask, statusOf, pass, sent, away, close } = await open('PT1H');
  away.first = true;
  ask('team-1');
  await pass(40);
  away.standby = true;
  await pass(90);
  away.standby = false;
  await pass(55);
  expect([statusOf('team-1'), sent]).toEqual(['Pending', []]);
  await pass(20);
  expect(statusOf('team-1')).toBe('Approved');
  expect(sent.map(({ by }) => by)).toEqual(['standby']);
  close();
});
