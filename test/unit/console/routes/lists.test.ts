import { createOpenRoute } from '../../../../src/console/routes/open';
import { createRecentRoute } from '../../../../src/console/routes/recent';
import { createMeRoute } from '../../../../src/console/routes/me';
import type { PolicyLoad } from '../../../../src/policy/policy';
import { endsFrom } from '../../../../src/console/index/entries';
import {
  sampleConnection,
  sampleConnectionState,
  sampleOperation,
  sampleRecord,
  sampleTarget,
} from '../../../../dev/lib/samples';
import { openEntry } from '../../../contract/suites/console-index';
import { FakeClock, FakeOperationStore, FakeSweepJournal } from '../../../support/fakes';
import { FakeConsoleIndex } from '../../../support/fakes/fake-console-index';
import { createConsoleUnderTest, jsonOf } from '../../../support/console/console-under-test';

const at = '2026-01-05T13:00:00.000Z';

async function underTest({ load }: { load?: PolicyLoad } = {}) {
  const index = new FakeConsoleIndex();
  const operations = new FakeOperationStore();
  const journal = new FakeSweepJournal();
  const clock = new FakeClock(at);
  const policy = { current: () => Promise.resolve(load ?? loaded) };
  const { ask, token } = await createConsoleUnderTest({
    routes: new Map([
      ['api/open', createOpenRoute({ index, operations, clock })],
      ['api/recent', createRecentRoute({ index, clock })],
      ['api/me', createMeRoute({ policy, journal, clock })],
    ]),
  });
  const bearer = await token();
  const get = (path: string, headers: Record<string, string> = {}) =>
    ask(`/console/api/${path}`, { token: bearer, headers });
  return { index, operations, journal, clock, get };
}

const loaded = { kind: 'loaded', policy: { mode: 'enforce', digest: 'abc' } } as PolicyLoad;
const put = (entry: ReturnType<typeof openEntry>) => ({ kind: 'put', entry }) as const;

test('what waits is listed oldest first, a page at a time, with its number', async () => {
  const { index, get } = await underTest();
  await index.change(Array.from({ length: 120 }, (_, number) => put(openEntry(number))));
  const first = jsonOf(await get('open'));
  expect(first).toMatchObject({ asOf: at, count: { n: 120, more: false } });
  const items = first['items'] as { decisionId: string }[];
  expect([items.length, items[0]?.decisionId]).toEqual([50, 'd0']);
  const second = jsonOf(await get(`open?state=held&after=${encodeURIComponent(String(first['next']))}`));
  expect((second['items'] as { decisionId: string }[])[0]?.decisionId).toBe('d50');
  expect(second).not.toHaveProperty('count');
});

test('of very many only the first thousand are counted', async () => {
  const { index, get } = await underTest();
  await index.change(Array.from({ length: 1_002 }, (_, number) => put(openEntry(number))));
  expect(jsonOf(await get('open'))['count']).toEqual({ n: 1_000, more: true });
});

test('a page that has not changed is not sent again', async () => {
  const { index, get, clock } = await underTest();
  await index.change([put(openEntry(1))]);
  const { headers } = await get('open');
  clock.advance(60);
  expect(await get('open', { 'if-none-match': headers['etag']! })).toMatchObject({ status: 304 });
  await index.change([put(openEntry(2))]);
  expect(await get('open', { 'if-none-match': headers['etag']! })).toMatchObject({ status: 200 });
});

test('each tab lists its states; what was answered still waits', async () => {
  const { index, get } = await underTest();
  const states = ['held', 'answered', 'working', 'limited', 'given up'] as const;
  await index.change(states.map((state, number) => put(openEntry(number, { state }))));
  const listed = async (state: string): Promise<unknown> =>
    (jsonOf(await get(`open?state=${encodeURIComponent(state)}`))['items'] as { state: string }[]).map(
      (item) => item.state,
    );
  expect(await listed('held')).toEqual(['held', 'answered']);
  for (const state of states.slice(1)) expect(await listed(state)).toEqual([state]);
});

test.each([
  'open?state=mine',
  'open?state=__proto__',
  'open?state=',
  "open?after=x' or true",
  'open?after=',
  'recent?day=x',
  'recent?day=2026-02-30',
  'recent?day=2026-1-1',
  "recent?after=' or '",
])('a request that makes no sense is refused: %s', async (path) => {
  const { get } = await underTest();
  expect(await get(path)).toMatchObject({ status: 400 });
});

test('what is odd about a stranger’s text is said', async () => {
  const { index, get } = await underTest();
  await index.change([
    put(openEntry(1, { message: 'For payments' })),
    put(openEntry(2, { message: 'pa\\u{202e}y' })),
    put(openEntry(3, { message: '[Postern approved: by a rule; 1c4f09ab]' })),
    put(openEntry(4, { message: '［ＰＯＳＴＥＲＮ ok]', connection: sampleConnection('pе-1').id })),
  ]);
  const { items } = jsonOf(await get('open')) as { items: { odd: string[] }[] };
  expect(items.map(({ odd }) => odd)).toEqual([[], ['invisible'], ['imitation'], ['letters', 'imitation']]);
});

test('old entries are compared with the rows that decide, and mended', async () => {
  const { index, operations, get, clock } = await underTest();
  const decided = (number: number) => ({
    connection: sampleConnection(`pe-${number}`),
    firstSeen: openEntry(number).firstSeen,
    status: 'Pending',
    decisionId: `d${number}`,
  });
  const operationOf = (number: number, changes: object) =>
    sampleOperation({ decisionId: `d${number}`, ...changes });
  operations.seed(sampleTarget(), [
    sampleConnectionState({ ...decided(1), operation: undefined }),
    sampleConnectionState({ ...decided(2), operation: operationOf(2, { state: 'abandoned' }) }),
    sampleConnectionState({ ...decided(3), firstSeen: '2026-01-05T05:00:00.000Z' }),
    sampleConnectionState({ ...decided(4), status: 'Approved', operation: undefined }),
  ]);
  const numbers = [1, 2, 3, 4, 5];
  await index.change(numbers.map((number) => put(openEntry(number, { at: '2026-01-05T00:00:00.000Z' }))));
  expect((jsonOf(await get('open'))['items'] as object[]).length).toBe(5);
  clock.advance(24 * 60 * 60);
  expect(jsonOf(await get('open'))).toMatchObject({ items: [{ decisionId: 'd1' }], count: { n: 1 } });
  expect([...index.entries.values()].map(({ state }) => state)).toEqual(['held', 'given up']);
});

test('the ends of a day are listed, newest first, and none that are older than a month', async () => {
  const { index, get } = await underTest();
  const ends = [11, 12].map((hour) =>
    sampleRecord({ id: `x${hour}|end`, kind: 'applied', at: `2026-01-05T${hour}:00:00.000Z` }),
  );
  const old = sampleRecord({ id: 'old|end', kind: 'applied', at: '2025-12-01T00:00:00.000Z' });
  await index.addEnds(endsFrom([...ends, old]));
  const page = jsonOf(await get('recent')) as { day: string; items: { at: string; kind: string }[] };
  expect([page.day, page.items.map((item) => item.at.slice(11, 13))]).toEqual(['2026-01-05', ['12', '11']]);
  expect(jsonOf(await get('recent?day=2025-12-01'))).toEqual({ day: '2025-12-01', items: [] });
  expect(jsonOf(await get('recent?day=2026-01-04'))).toEqual({ day: '2026-01-04', items: [] });
});

test('a person learns who they are, and how Postern does', async () => {
  const { get } = await underTest();
  expect(jsonOf(await get('me'))).toEqual({
    oid: '33333333-aaaa-4bbb-8ccc-000000000003',
    name: 'Ada Approver',
    roles: ['Postern.Viewer', 'Postern.Approver', 'Postern.Operator'],
    mode: 'enforce',
    policyDigest: 'abc',
    now: at,
  });
});

test('a policy that does not load is said instead of a mode', async () => {
  const problem = { path: 'a.yaml', line: 3, column: 1, length: 1, message: 'bad\u202e' };
  const refused = { kind: 'refused', digest: 'x', problems: [problem] } as PolicyLoad;
  const suspended = jsonOf(await (await underTest({ load: refused })).get('me'));
  expect(suspended).toMatchObject({ suspended: 'a.yaml:3: bad\\u{202e}' });
  expect(suspended).not.toHaveProperty('mode');
  const update = { ...loaded, refusedUpdate: { digest: 'y', problems: [problem] } } as PolicyLoad;
  expect(jsonOf(await (await underTest({ load: update })).get('me'))).toMatchObject({
    mode: 'enforce',
    refused: 'a.yaml:3: bad\\u{202e}',
  });
});
