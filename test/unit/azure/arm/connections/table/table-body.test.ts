import fc from 'fast-check';
import {
  parseTableConnection,
  parseTablePage,
  parseTargetProperty,
} from '../../../../../../src/azure/arm/connections/table/table-body';
import { type WireType, wireTypeOf } from '../../../../../../src/azure/arm/connections/table/wire-type';
import { ArmError } from '../../../../../../src/base/errors';
import { connectionIdOf, isSafeName, parseTargetId } from '../../../../../../src/connections/resource-id';
import { isOwnStoreType, targetTypeFrom, targetTypes } from '../../../../../../src/connections/target-type';

const group = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg';
const endpointId = `${group}/providers/Microsoft.Network/privateEndpoints/pe-1`;
const store = parseTargetId(`${group}/providers/Microsoft.Storage/storageAccounts/data1`);
const plain: WireType = {
  apiVersion: '2023-01-01',
  states: { terminal: ['succeeded'] },
  groupIds: [],
  transitions: {},
  evidence: {},
};

function item(fields: object, endpoint: string | null = endpointId): object {
  return {
    ...fields,
    properties: {
      provisioningState: 'Succeeded',
      privateEndpoint: endpoint === null ? null : { id: endpoint },
      privateLinkServiceConnectionState: { status: 'Pending', description: null },
    },
  };
}

function names(wire: WireType, ...items: readonly object[]): readonly string[] {
  const { connections, malformed } = parseTablePage(JSON.stringify({ value: items }), store, wire);
  return [...connections.map(({ id }) => id.name), ...malformed.map(({ problem }) => problem)];
}

describe('the name of a listed connection', () => {
  const id = `${store.id}/privateEndpointConnections/c.1`;

  test('is the last segment of its id, whatever its name says', () => {
    expect(names(plain, item({ id, name: 'data1/c.1' }))).toEqual(['c.1']);
    expect(names(plain, item({ id: id.toUpperCase() }))).toEqual(['C.1']);
  });

  test('is the name of an item without an id', () => {
    expect(names(plain, item({ name: 'kube-apiserver.1' }))).toEqual(['kube-apiserver.1']);
  });

  test('is its own name where a row says so', () => {
    expect(names({ ...plain, identity: 'name' }, item({ id, name: 'pe-1' }))).toEqual(['pe-1']);
  });

  test('is that of the endpoint where a row says so and nothing else names it', () => {
    const nameless = item({ id: `${store.id}/privateEndpointConnections`, name: 'data1' });
    expect(names({ ...plain, identity: 'endpoint' }, nameless)).toEqual(['pe-1']);
    expect(names(plain, nameless)).toEqual(['neither its id nor its name says which connection it is']);
  });

  test('of an item of another target is none', () => {
    const other = id.replace('data1', 'data2');
    expect(names(plain, item({ id: other, name: 'c.1' }))).toEqual(['it belongs to another target']);
  });

  test('whatever is listed, each item is a connection of this target or malformed', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom(id, store.id, `${id}/`, endpointId, '..', 'a/b', ''));
    const any = fc.record(
      { id: fc.option(text), name: fc.option(text), endpoint: fc.option(text) },
      { requiredKeys: [] },
    );
    const identity = fc.constantFrom(undefined, 'name' as const, 'endpoint' as const);
    fc.assert(
      fc.property(fc.array(any, { maxLength: 5 }), identity, (all, rule) => {
        const value = all.map(({ endpoint, ...fields }) => item(fields, endpoint ?? null));
        const page = parseTablePage(JSON.stringify({ value }), store, { ...plain, identity: rule });
        expect(page.connections.length + page.malformed.length).toBe(value.length);
        for (const { id: read } of page.connections) {
          expect(read.target).toBe(store);
          expect(isSafeName(read.name)).toBe(true);
        }
      }),
    );
  });
});

describe('the reply to a read', () => {
  const asked = connectionIdOf(store, 'c.1');

  test('of any JSON is the asked connection or unreadable', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        try {
          expect(parseTableConnection(body, asked, plain).id).toEqual(asked);
        } catch (error) {
          expect(error).toBeInstanceOf(ArmError);
        }
      }),
    );
  });

  test('that names another connection is unreadable', () => {
    const other = item({ id: `${store.id}/privateEndpointConnections/c.2`, name: 'c.2' });
    expect(() => parseTableConnection(other, asked, plain)).toThrow(/another connection/);
  });

  test('has the group, however it is spelled', () => {
    const body = { ...item({ id: asked.id }) } as { properties: object };
    const withGroup = { ...body, properties: { ...body.properties, groupId: 'blob' } };
    expect(parseTableConnection(withGroup, asked, plain).groupIds).toEqual(['blob']);
  });
});

describe('a target’s own property', () => {
  const wire: WireType = { ...plain, list: 'parent', parentProperty: 'privateEndpointConnections' };

  test('without the property has no connections only where there is no other list', () => {
    const body = JSON.stringify({ id: store.id, properties: {} });
    expect(parseTargetProperty(body, store, wire).connections).toEqual([]);
    expect(() => parseTargetProperty(body, store, { ...wire, list: undefined })).toThrow(ArmError);
  });

  test('that is no list is unreadable', () => {
    const body = JSON.stringify({ properties: { privateEndpointConnections: 'none' } });
    expect(() => parseTargetProperty(body, store, wire)).toThrow(/no readable/);
  });
});

test('every row without a store of its own has a version and an end', async () => {
  for (const type of targetTypes().filter((each) => !isOwnStoreType(each))) {
    const { apiVersion, states } = await wireTypeOf(type);
    expect([type, apiVersion]).toEqual([type, expect.stringMatching(/^\d{4}-\d\d-\d\d(-[a-z]+)?$/)]);
    expect(states.terminal).toEqual(states.terminal.map((state) => state.toLowerCase()));
  }
  expect(targetTypeFrom('microsoft.web/SITES/slots')).toBe('Microsoft.Web/sites/slots');
});
