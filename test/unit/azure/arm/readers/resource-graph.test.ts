import { sweepQuery } from '../../../../../src/azure/arm/readers/resource-graph';
import { ownStoreTypes } from '../../../../../src/connections/target-type';
import type { FindQuery, FoundConnection } from '../../../../../src/review/sweep/connection-finder';
import {
  createScriptedArm,
  type Script,
  type ScriptedArm,
  testOrigin,
  testTarget,
  testToken,
} from '../../../../support/http/scripted-arm';
import { FakeClock } from '../../../../support/fakes/fake-clock';
import type { Cancel } from '../../../../../src/base/clock';

const vault = testTarget('Microsoft.KeyVault/vaults');
const everything: FindQuery = { subscriptions: [], types: ownStoreTypes, statuses: ['Pending'] };
const row = (name: string) => ({
  id: vault.id,
  targetId: vault.id,
  connectionId: `${vault.id}/privateEndpointConnections/${name}`,
  status: 'Pending',
});
const page = (data: unknown[], more: object = {}) => ({
  status: 200,
  body: { totalRecords: 1, count: 1, resultTruncated: 'false', facets: [], data, ...more },
});

async function collect(arm: ScriptedArm, query: FindQuery = everything): Promise<FoundConnection[]> {
  const found: FoundConnection[] = [];
  for await (const one of arm.graph.find(query)) found.push(one);
  return found;
}

describe('the search with Resource Graph', () => {
  test('goes to the configured origin only, which this SDK would not do by itself', async () => {
    const arm = createScriptedArm([page([row('a')])]);
    await collect(arm, { ...everything, subscriptions: ['s1', 's2'] });
    expect(arm.sent).toEqual([
      {
        method: 'POST',
        url: `${testOrigin}/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01`,
        authorization: `Bearer ${testToken}`,
        userAgent: expect.stringMatching(/^postern\//),
        body: {
          query: sweepQuery(ownStoreTypes, ['Pending']),
          subscriptions: ['s1', 's2'],
          options: { $top: 1000, resultFormat: 'objectArray' },
        },
      },
    ]);
    expect(arm.scopes).toEqual([`${testOrigin}/.default`]);
  });

  test('leaves the subscriptions out when none are named: then all that the identity can read are meant', async () => {
    const arm = createScriptedArm([page([])]);
    await collect(arm);
    expect(arm.sent[0]?.body).not.toHaveProperty('subscriptions');
  });

  test('asks for a thousand subscriptions at a time', async () => {
    const arm = createScriptedArm([page([row('a')]), page([row('b')])]);
    const subscriptions = Array.from({ length: 1500 }, (_, index) => `s${index}`);
    expect(await collect(arm, { ...everything, subscriptions })).toHaveLength(2);
    expect(arm.sent.map(({ body }) => (body as { subscriptions: string[] }).subscriptions.length)).toEqual([
      1000, 500,
    ]);
  });

  test('tells the target, the status and the connection', async () => {
    expect(await collect(createScriptedArm([page([row('a')])]))).toEqual([
      { targetId: vault, status: 'Pending', connectionId: `${vault.id}/privateEndpointConnections/a` },
    ]);
  });

  test('goes on over the pages, one at a time, only as they are used', async () => {
    const arm = createScriptedArm([page([row('a')], { $skipToken: 'more' }), page([row('b')])]);
    const found = arm.graph.find(everything)[Symbol.asyncIterator]();
    await found.next();
    expect(arm.sent).toHaveLength(1);
    await found.next();
    expect(arm.sent[1]?.body).toMatchObject({ options: { $skipToken: 'more', $top: 1000 } });
    expect((await found.next()).done).toBe(true);
  });

  test('fails when its answer is cut off without a way to go on', async () => {
    const arm = createScriptedArm([page([row('a')], { resultTruncated: 'true' })]);
    await expect(collect(arm)).rejects.toMatchObject({ code: 'ARM_UNREADABLE' });
  });

  test('fails when it left subscriptions out, which only a header says', async () => {
    const headers = { 'x-ms-tenant-subscription-limit-hit': 'true' };
    const arm = createScriptedArm([{ ...page([row('a')]), headers }]);
    await expect(collect(arm)).rejects.toMatchObject({ code: 'ARM_REFUSED' });
  });

  test('tells of rows that nobody can read, and goes on', async () => {
    const told: string[] = [];
    const rows = [
      null,
      {},
      { targetId: 7, status: 'Pending' },
      { targetId: '/nonsense', status: 'Pending' },
      row('a'),
    ];
    const arm = createScriptedArm([page(rows)], { onMalformed: (problem) => told.push(problem) });
    expect(await collect(arm)).toHaveLength(1);
    expect(told).toHaveLength(4);
  });

  test.each([
    { ...everything, statuses: [] },
    { ...everything, types: [] },
  ])('asks nothing when there is nothing to find', async (query) => {
    const arm = createScriptedArm([]);
    expect(await collect(arm, query)).toEqual([]);
    expect(arm.sent).toEqual([]);
  });

  test.each<[string, ReturnType<Script>, object]>([
    [
      '429',
      { status: 429, headers: { 'x-ms-user-quota-resets-after': '00:00:03' } },
      { code: 'ARM_THROTTLED', retryAfterSeconds: 3 },
    ],
    [
      '429 with a long wait',
      { status: 429, headers: { 'retry-after': '300' } },
      { code: 'ARM_THROTTLED', retryAfterSeconds: 300 },
    ],
    ['403', { status: 403 }, { code: 'ARM_FORBIDDEN', action: 'Microsoft.ResourceGraph/resources/read' }],
    [
      '409 that this SDK would answer with a registration',
      { status: 409, body: { error: { code: 'MissingSubscriptionRegistration' } } },
      { code: 'ARM_REFUSED' },
    ],
    ['503 with a time', { status: 503, headers: { 'retry-after': '7' } }, { code: 'ARM_UNAVAILABLE' }],
    [
      'a redirect',
      { status: 307, headers: { location: 'https://evil.test/' } },
      { code: 'ARM_UNTRUSTED_URL' },
    ],
    ['no JSON', { status: 200, body: '<html>' }, { code: 'ARM_UNREADABLE' }],
    ['no data', { status: 200, body: {} }, { code: 'ARM_UNREADABLE' }],
  ])('fails at once and asks once when the answer is %s', async (_title, reply, expected) => {
    const arm = createScriptedArm(() => reply);
    await expect(collect(arm)).rejects.toMatchObject(expected);
    expect(arm.sent).toHaveLength(1);
  });

  test('pauses when the quota is used up, and goes on to the end', async () => {
    const clock = new QuickClock();
    const arm = createScriptedArm(
      ({}, index) => ({
        ...page([row(`pe-${index}`)], index < 39 ? { $skipToken: `page ${index + 1}` } : {}),
        headers: {
          'x-ms-user-quota-remaining': String(14 - (index % 15)),
          'x-ms-user-quota-resets-after': '00:00:04',
        },
      }),
      { clock },
    );
    expect(await collect(arm)).toHaveLength(40);
    expect(arm.sent).toHaveLength(40);
    expect(clock.pauses).toEqual([4, 4]);
  });

  test('does not wait for a quota that takes minutes', async () => {
    const clock = new QuickClock();
    const arm = createScriptedArm(
      () => ({
        ...page([row('a')], { $skipToken: 'more' }),
        headers: { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:02:00' },
      }),
      { clock },
    );
    await expect(collect(arm)).rejects.toMatchObject({ code: 'ARM_THROTTLED', retryAfterSeconds: 120 });
    expect({ pauses: clock.pauses, sent: arm.sent.length }).toEqual({ pauses: [], sent: 1 });
  });

  test('gives up when pauses do not help', async () => {
    const clock = new StoppedClock();
    const arm = createScriptedArm(
      () => ({
        ...page([row('a')], { $skipToken: 'more' }),
        headers: { 'x-ms-user-quota-remaining': '0', 'x-ms-user-quota-resets-after': '00:00:05' },
      }),
      { clock },
    );
    await expect(collect(arm)).rejects.toMatchObject({ code: 'ARM_THROTTLED' });
    expect({ pauses: clock.pauses.length, sent: arm.sent.length }).toEqual({ pauses: 3, sent: 1 });
  });

  test('asks again at once when the answer is 500, and fails the third time', async () => {
    const arm = createScriptedArm(() => ({ status: 500 }));
    await expect(collect(arm)).rejects.toMatchObject({ code: 'ARM_UNAVAILABLE' });
    expect(arm.sent).toHaveLength(3);
  });
});

describe('the query', () => {
  test('names types and statuses, projects text and has a total order', () => {
    expect(
      sweepQuery(
        ['Microsoft.KeyVault/vaults', 'Microsoft.Compute/diskAccesses'],
        ['Pending', 'Disconnected'],
      ).split('\n'),
    ).toEqual([
      'resources',
      "| where type in~ ('Microsoft.KeyVault/vaults', 'Microsoft.Compute/diskAccesses')",
      '| mv-expand connection = properties.privateEndpointConnections limit 400',
      '| extend status = tostring(connection.properties.privateLinkServiceConnectionState.status)',
      "| where status in~ ('Pending', 'Disconnected')",
      '| project id, targetId = tostring(id), connectionId = tostring(connection.id), status',
      '| order by id asc, connectionId asc',
    ]);
  });

  test('lets no status break out of its quotes', () => {
    expect(sweepQuery(['t'], ["a') | limit 0 //", 'b\\'])).toContain("('a\\') | limit 0 //', 'b\\\\')");
    expect(() => sweepQuery(['t'], ['a\nb'])).toThrow('control characters');
  });
});

/** The timeout of a request, in milliseconds: any shorter delay is a pause. */
const requestTimeoutMs = 25_000;

/** A clock on which a pause is over at once: the time jumps to its end. */
class QuickClock extends FakeClock {
  readonly pauses: number[] = [];

  override after(ms: number, job: () => void): Cancel {
    if (ms >= requestTimeoutMs) return super.after(ms, job);
    this.pauses.push(ms / 1000);
    this.passed(ms / 1000);
    queueMicrotask(job);
    return () => undefined;
  }

  protected passed(seconds: number): void {
    this.advance(seconds);
  }
}

/** A clock on which a pause does not help, because no time passes. */
class StoppedClock extends QuickClock {
  protected override passed(): void {}
}
