import fc from 'fast-check';
import { nameOf, portalLink, titleOf } from '../../../../../console/base/ids';
import { namesIn, signersOf } from '../../../../../console/base/words';
import { hashOf, type Route, routeOf, tabs } from '../../../../../console/base/route';
import { dayBeside, durationSince, spanBetween, utc } from '../../../../../console/base/time';

const commercial = 'https://login.microsoftonline.com';
const vault =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-(a)_b.c/providers/Microsoft.KeyVault/vaults/kv';

describe('routes', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 }).map((each) => Buffer.from(each).toString());
  const list = fc
    .record(
      {
        kind: fc.constant('list' as const),
        tab: fc.constantFrom(...tabs.map(({ tab }) => tab)),
        after: text,
        day: fc.constant('2026-01-31'),
      },
      { requiredKeys: ['kind', 'tab'] },
    )
    .map((each): Route => each);
  const connection = fc.record({ kind: fc.constant('connection' as const), id: text });

  test('every route survives its hash', () => {
    fc.assert(
      fc.property(fc.oneof(list, connection), (route) => {
        expect(routeOf(hashOf(route))).toEqual(route);
      }),
    );
  });

  test('any hash is a route', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (hash) => {
        expect(['list', 'connection']).toContain(routeOf(`#${hash}`).kind);
      }),
    );
  });

  test.each(['', '#', '#/', '#/nothing', '#/connection', '#/connection?id=', '#/?day=tomorrow'])(
    '%j shows what is held',
    (hash) => {
      expect(routeOf(hash)).toEqual({ kind: 'list', tab: 'held' });
    },
  );

  test('a hash cannot contain a stranger’s characters', () => {
    const hash = hashOf({ kind: 'connection', id: '/a/"><script>\u202E' });
    expect(hash).toMatch(/^#\/connection\?id=[\w%.*+-]+$/);
  });
});

describe('links to the portal', () => {
  test.each([
    [commercial, 'https://portal.azure.com'],
    ['https://login.microsoftonline.us', 'https://portal.azure.us'],
    ['https://login.partner.microsoftonline.cn', 'https://portal.azure.cn'],
    ['http://localhost:1', 'https://portal.azure.com'],
  ])('people of %s have %s', (authority, portal) => {
    expect(portalLink(vault, authority)).toBe(`${portal}/#resource${vault}`);
  });

  test.each([
    'javascript:alert(1)',
    'https://stranger.example/',
    '//stranger.example/subscriptions/',
    `${vault}/../../x`,
    `${vault}//x`,
    `${vault}/`,
    `${vault}/pе`,
    `${vault}?x`,
    `${vault}#x`,
    `${vault}%2F`,
    `${vault}"`,
    `${vault}\n`,
    '/subscriptions/x/y',
    '',
  ])('%j is no link', (id) => {
    expect(portalLink(id, commercial)).toBeUndefined();
  });

  test('whatever is linked leads to a resource of the portal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (tail) => {
        const link =
          portalLink(`${vault}/${tail}`, commercial) ?? `https://portal.azure.com/#resource${vault}`;
        const { origin, hash, pathname, search } = new URL(link);
        expect([origin, pathname, search]).toEqual(['https://portal.azure.com', '/', '']);
        expect(hash.startsWith('#resource/subscriptions/')).toBe(true);
      }),
    );
  });
});

test('a window is named after the target, never in the requester’s words', () => {
  expect(titleOf(`${vault}/privateEndpointConnections/evil`)).toBe('Connection of kv');
  expect(titleOf(`${vault}/privateEndpointConnections/a/b`)).toBe('Connection');
  expect(titleOf('/x/оdd\u202E/privateEndpointConnections/y')).toBe('Connection');
  expect(nameOf(vault)).toBe('kv');
});

test('people are shown by name, and the token stays in the ledger', () => {
  const [ada, bob] = ['aaaaaaaa-0000-4000-8000-000000000001', 'bbbbbbbb-0000-4000-8000-000000000002'];
  const by = `Ada (${ada}, token tok_en-1) and Bob (Ops) (${bob})`;
  expect(signersOf(by)).toBe(`Ada (${ada}) and Bob (Ops) (${bob})`);
  expect(namesIn(by)).toBe('Ada and Bob (Ops)');
});

describe('time', () => {
  const at = '2026-03-05T12:00:00.000Z';
  test.each([
    [0, 'now'],
    [-5, 'now'],
    [1, '1 second'],
    [59, '59 seconds'],
    [60, '1 minute'],
    [7199, '1 hour'],
    [86_400, '1 day'],
    [3 * 86_400 + 5, '3 days'],
  ])('after %i seconds: %s', (seconds, words) => {
    expect(spanBetween(at, Date.parse(at) + seconds * 1000)).toBe(words);
  });

  test('a duration reads well after "for"', () => {
    expect([durationSince(at, Date.parse(at)), durationSince(at, Date.parse(at) + 60_000)]).toEqual([
      'a moment',
      '1 minute',
    ]);
  });

  test('text that is no instant stays as it is', () => {
    expect([spanBetween('soon', 0), utc('soon')]).toEqual(['now', 'soon']);
    expect(utc('2026-03-05T12:34:56.789Z')).toBe('2026-03-05 12:34 UTC');
  });

  test('days follow each other', () => {
    expect([dayBeside('2026-03-01', -1), dayBeside('2026-12-31', 1)]).toEqual(['2026-02-28', '2027-01-01']);
  });
});
