import {
  parseConnection,
  parseConnectionPage,
} from '../../../../../src/azure/arm/connections/connection-body';
import { connectionIdOf } from '../../../../../src/connections/resource-id';
import { testEndpointId, testTarget, wireConnection } from '../../../../support/http/scripted-arm';

const hsm = testTarget('Microsoft.KeyVault/managedHSMs');
const page = (...value: unknown[]) => JSON.stringify({ value });
const malformed = expect.objectContaining({ code: 'ARM_UNREADABLE' }) as Error;
const only = (item: unknown) => parseConnectionPage(page(item), hsm);

describe('one listed connection', () => {
  test('needs neither a name nor a type: both come from its id', () => {
    const { connections, malformed: refused } = only(wireConnection(hsm, 'pec-1'));
    expect(refused).toEqual([]);
    expect(connections[0]).toEqual({
      id: connectionIdOf(hsm, 'pec-1'),
      endpoint: expect.objectContaining({ name: 'PE-1', resourceGroup: 'Net' }),
      endpointText: testEndpointId,
      status: 'Pending',
      message: 'please',
      provisioningState: 'Succeeded',
      groupIds: [],
      etag: undefined,
    });
  });

  test('may call itself a vault: the type is not trusted', () => {
    const item = {
      ...wireConnection(hsm, 'pec-1'),
      type: 'Microsoft.KeyVault/vaults/privateEndpointConnections',
      name: 'lie',
    };
    expect(only(item).connections[0]?.id.id).toBe(`${hsm.id}/privateEndpointConnections/pec-1`);
  });

  test('may be spelled in any case, and keeps the spelling of ARM, not that of who asked', () => {
    const item = wireConnection(hsm, 'pec-1') as { id: string };
    const spelled = item.id.replace(hsm.resourceGroup, hsm.resourceGroup.toUpperCase());
    const { connections } = only({ ...item, id: spelled.replace('managedHSMs', 'managedhsms') });
    const { id } = connections[0]!;
    expect(id.key).toBe(connectionIdOf(hsm, 'pec-1').key);
    expect(id.target).toEqual({
      ...hsm,
      resourceGroup: hsm.resourceGroup.toUpperCase(),
      id: hsm.id.replace(hsm.resourceGroup, hsm.resourceGroup.toUpperCase()),
    });
  });

  test('keeps states that are in no enum, groups and the etag', () => {
    const item = {
      ...wireConnection(hsm, 'a', {
        provisioningState: 'Transmogrifying',
        groupIds: ['Gateway'],
        privateLinkServiceConnectionState: { status: 'Approving', description: null, actionsRequired: null },
      }),
      etag: 'e1',
    };
    expect(only(item).connections[0]).toMatchObject({
      status: 'Approving',
      provisioningState: 'Transmogrifying',
      message: '',
      groupIds: ['Gateway'],
      etag: 'e1',
    });
  });

  test.each([[null], [undefined], [{}], [{ id: null }], [{ id: '' }]])(
    'may have %p for an endpoint',
    (privateEndpoint) => {
      expect(only(wireConnection(hsm, 'a', { privateEndpoint })).connections[0]).toMatchObject({
        endpoint: undefined,
        endpointText: undefined,
      });
    },
  );

  test('keeps an endpoint id that cannot be understood as text', () => {
    const { connections } = only(wireConnection(hsm, 'a', { privateEndpoint: { id: '/what/is/this' } }));
    expect(connections[0]).toMatchObject({ endpoint: undefined, endpointText: '/what/is/this' });
  });

  test.each<[string, unknown]>([
    ['another target', wireConnection(testTarget('Microsoft.KeyVault/vaults'), 'a')],
    ['an id that is none', { ...wireConnection(hsm, 'a'), id: '/nonsense' }],
    ['a name with an escape', wireConnection(hsm, 'a%2fb')],
    ['no id', { properties: {} }],
    ['no properties', { id: `${hsm.id}/privateEndpointConnections/a` }],
    ['no status', wireConnection(hsm, 'a', { privateLinkServiceConnectionState: { description: 'x' } })],
    [
      'a status that is no text',
      wireConnection(hsm, 'a', { privateLinkServiceConnectionState: { status: 7 } }),
    ],
    [
      'a status that no row can hold',
      wireConnection(hsm, 'a', { privateLinkServiceConnectionState: { status: 'x'.repeat(300) } }),
    ],
    [
      'a status of half a character',
      wireConnection(hsm, 'a', { privateLinkServiceConnectionState: { status: 'Pending\ud800' } }),
    ],
    [
      'an endpoint id that no row can hold',
      wireConnection(hsm, 'a', { privateEndpoint: { id: 'x'.repeat(3_000) } }),
    ],
    [
      'an endpoint id that hides something',
      wireConnection(hsm, 'a', { privateEndpoint: { id: '/a\u202eb' } }),
    ],
    ['nothing', null],
  ])('with %s is told as unreadable, beside those that can be read', (_title, item) => {
    const listing = parseConnectionPage(page(item, wireConnection(hsm, 'good')), hsm);
    expect(listing.connections.map(({ id }) => id.name)).toEqual(['good']);
    expect(listing.malformed).toEqual([{ id: expect.any(String), problem: expect.stringMatching(/./) }]);
  });
});

describe('a page', () => {
  test.each(['', '{}', '[]', 'null', '{"value":null}', '{"value":{}}', '<html>', '{"value":[]'])(
    'of %p is unreadable',
    (body) => {
      expect(() => parseConnectionPage(body, hsm)).toThrow(malformed);
    },
  );

  test.each([
    ['absent', {}],
    ['null', { nextLink: null }],
    ['empty', { nextLink: '' }],
  ])('whose next link is %s is the last one', (_title, extra) => {
    expect(parseConnectionPage(JSON.stringify({ value: [], ...extra }), hsm).nextLink).toBeUndefined();
  });
});

describe('a list that no target has', () => {
  const zeros = Array.from({ length: 6_000 }, () => 0);
  const tooLong = expect.objectContaining({
    code: 'ARM_UNREADABLE',
    message: expect.stringMatching(/^.{0,200}$/s) as string,
  }) as Error;

  test('of connections is refused before any of them is looked at', () => {
    expect(() => parseConnectionPage(page(...zeros), hsm)).toThrow(tooLong);
  });

  test('of groups makes its connection unreadable, told in a few words', () => {
    const { connections, malformed: refused } = only(wireConnection(hsm, 'a', { groupIds: zeros }));
    expect(connections).toEqual([]);
    expect(refused).toEqual([
      { id: expect.any(String), problem: expect.stringMatching(/^Too big.{0,100}$/s) as string },
    ]);
  });
});

describe('8 MiB of lists in a list', () => {
  /** A list that counts how often one of its entries is looked at. */
  function counted(length: number, looked: { times: number }): unknown[] {
    return new Proxy(Array<unknown>(length).fill(0), {
      get: (list, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) looked.times += 1;
        return Reflect.get(list, key) as unknown;
      },
    });
  }

  test.each([
    ['too long', 5_000, 0],
    ['wrong from their first entry on', 100, 780],
  ])('%s make their connections unreadable, and cost next to nothing', (_, entries, most) => {
    const looked = { times: 0 };
    const items = Array.from({ length: 780 }, () =>
      wireConnection(hsm, 'a', { groupIds: counted(entries, looked) }),
    );
    const parse = jest.spyOn(JSON, 'parse').mockReturnValueOnce({ value: items });
    const { connections, malformed: refused } = parseConnectionPage('the page', hsm);
    parse.mockRestore();
    expect(connections).toEqual([]);
    expect(refused).toHaveLength(780);
    expect(Math.max(...refused.map(({ problem }) => problem.length))).toBeLessThan(120);
    expect(looked.times).toBe(most);
  });
});

describe('the connection that was asked for', () => {
  const asked = connectionIdOf(hsm, 'pec-1');

  test('is read', () => {
    expect(parseConnection(JSON.stringify(wireConnection(hsm, 'PEC-1')), asked).id.key).toBe(asked.key);
  });

  test.each(['', '{}', JSON.stringify(wireConnection(hsm, 'other'))])('is not %.30p', (body) => {
    expect(() => parseConnection(body, asked)).toThrow(malformed);
  });
});
