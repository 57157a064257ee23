import fc from 'fast-check';
import {
  connectionIdOf,
  parseConnectionId,
  parseEndpointId,
  parseResourceId,
  parseTargetId,
  targetOf,
} from '../../../src/connections/resource-id';
import { ownStoreTypes } from '../../../src/connections/target-type';
import { PosternError } from '../../../src/base/errors';
import { codePoint } from '../../support/arbitraries/code-point';

const group = '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/Shared-RG';
const vault = `${group}/providers/Microsoft.KeyVault/vaults/kv1`;
const connection = `${vault}/privateEndpointConnections/conn-1`;

describe('a resource id', () => {
  test('is taken apart, and keeps its spelling', () => {
    expect(parseResourceId(connection)).toEqual({
      subscriptionId: '11111111-2222-3333-4444-555555555555',
      resourceGroup: 'Shared-RG',
      type: 'Microsoft.KeyVault/vaults/privateEndpointConnections',
      names: ['kv1', 'conn-1'],
      id: connection,
      key: connection.toLowerCase(),
    });
  });

  test('may be spelled in any case', () => {
    expect(parseResourceId(connection.toUpperCase()).key).toBe(connection.toLowerCase());
  });

  test.each([
    ['nothing', ''],
    ['no slash at the start', connection.slice(1)],
    ['two slashes at the start', `/${connection}`],
    ['a slash at the end', `${connection}/`],
    ['an empty segment', connection.replace('/vaults/', '//vaults/')],
    ['no subscription', '/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv1'],
    ['a subscription that is no GUID', vault.replace('11111111', '1111111g')],
    ['a whole URL', `https://management.azure.com${vault}`],
    ['a resource group alone', group],
    ['a type without a name', `${vault}/privateEndpointConnections`],
    ['a query', `${vault}?api-version=1`],
    ['a fragment', `${vault}#x`],
    ['a way up', `${vault}/privateEndpointConnections/..`],
    ['a way up in the group', vault.replace('Shared-RG', '..')],
    ['an escaped slash', `${vault}/privateEndpointConnections/a%2fb`],
    ['a backslash', `${vault}/privateEndpointConnections/a\\b`],
    ['a line break', `${vault}/privateEndpointConnections/a\nb`],
    ['a null character', `${vault}/privateEndpointConnections/a\0b`],
    ['a right-to-left override', `${vault}/privateEndpointConnections/a\u202eb`],
    ['a zero-width space', `${vault}/privateEndpointConnections/a\u200bb`],
    ['a letter that shows as nothing', `${vault}/privateEndpointConnections/a\u3164b`],
    ['a letter that shows as nothing in the group', vault.replace('Shared-RG', 'Shared\u3164RG')],
    ['a variation selector', `${vault}/privateEndpointConnections/a\ufe0fb`],
    ['a lone surrogate', `${vault}/privateEndpointConnections/a\ud800b`],
    ['blanks around a name', `${vault}/privateEndpointConnections/ a`],
    ['a group that ends in a dot', vault.replace('Shared-RG', 'group.')],
    ['a name that is too long', `${vault}/privateEndpointConnections/${'x'.repeat(261)}`],
    ['an id that is too long', `${group}/providers/A${'/t/n'.repeat(600)}`],
  ])('with %s is refused', (_, text) => {
    expect(() => parseResourceId(text)).toThrow(PosternError);
  });

  test('may have names in any language, with blanks and signs that do no harm', () => {
    const id = `${vault}/privateEndpointConnections/Größe 日本 (1) o'k @~$!*+,;=`;
    expect(parseResourceId(id).names[1]).toBe("Größe 日本 (1) o'k @~$!*+,;=");
  });

  test('whatever the text, it is refused with a code or cannot leave its place in a URL', () => {
    const segment = fc.oneof(
      fc.string({ unit: codePoint }),
      fc.constantFrom('..', '.', '', '%2e%2e', 'a/b', 'a?b', 'a#b', '\\', 'name'),
    );
    fc.assert(
      fc.property(segment, segment, (name, child) => {
        const text = `${group}/providers/Microsoft.KeyVault/vaults/${name}/privateEndpointConnections/${child}`;
        try {
          parseResourceId(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'RESOURCE_ID_INVALID' });
          return;
        }
        const url = new URL(text, 'https://management.azure.com');
        expect(url.origin).toBe('https://management.azure.com');
        expect(decodeURIComponent(url.pathname)).toBe(text);
        expect(url.search + url.hash).toBe('');
      }),
      { numRuns: 1000 },
    );
  });

  test('an error spells out what cannot be seen', () => {
    expect(() => parseResourceId('\u202ex\u2028\u200b\ud800')).toThrow(
      /^[\x20-\x7e]*"\\u\{202e\}x\\u\{2028\}\\u\{200b\}\\ud800"$/,
    );
  });

  test('an error never carries more than a glimpse of the text', () => {
    expect(() => parseResourceId('x'.repeat(100_000))).toThrow(/^.{0,400}$/s);
    expect(() => parseResourceId('\u{e0041}'.repeat(100_000))).toThrow(/^.{0,1200}$/s);
  });
});

describe('a target id', () => {
  test.each(ownStoreTypes)('%s gets ARM’s own spelling', (type) => {
    const target = parseTargetId(`${group}/providers/${type.toLowerCase()}/Name1`);
    expect(target).toMatchObject({ type, name: 'Name1', id: `${group}/providers/${type}/Name1` });
    expect(target.key).toBe(target.id.toLowerCase());
  });

  test.each([
    ['another type', `${group}/providers/Microsoft.Compute/virtualMachines/data1`],
    ['a connection', connection],
    ['a vault name that is too short', `${group}/providers/Microsoft.KeyVault/vaults/kv`],
    ['a vault name with a blank', `${group}/providers/Microsoft.KeyVault/vaults/kv 1`],
  ])('%s is refused', (_, text) => {
    expect(() => parseTargetId(text)).toThrow(PosternError);
  });

  test('parsing what was parsed changes nothing', () => {
    const names = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9]{2,20}$/);
    fc.assert(
      fc.property(fc.constantFrom(...ownStoreTypes), names, (type, name) => {
        const once = parseTargetId(`${group}/providers/${type}/${name}`);
        expect(parseTargetId(once.id)).toEqual(once);
        expect(targetOf(parseResourceId(once.id.toUpperCase()))?.key).toBe(once.key);
      }),
    );
  });
});

describe('a connection id', () => {
  test('knows its target and keeps its name', () => {
    const id = parseConnectionId(connection.replace('vaults/', 'VAULTS/'));
    expect(id).toEqual(connectionIdOf(parseTargetId(vault), 'conn-1'));
    expect(id.id).toBe(connection);
  });

  test.each([
    ['a target', vault],
    ['a proxy', `${vault}/privateEndpointConnectionProxies/p`],
    ['something below a connection', `${connection}/x/y`],
    [
      'a connection of another type',
      `${group}/providers/Microsoft.Compute/virtualMachines/s/privateEndpointConnections/c`,
    ],
  ])('%s is refused', (_, text) => {
    expect(() => parseConnectionId(text)).toThrow(PosternError);
  });
});

describe('an endpoint id', () => {
  const endpoint = `${group}/providers/Microsoft.Network/privateEndpoints/pe-1`;

  test('is understood in any case', () => {
    expect(parseEndpointId(endpoint.toUpperCase())).toMatchObject({
      name: 'PE-1',
      key: endpoint.toLowerCase(),
    });
  });

  test.each([
    ['a child of an endpoint', `${endpoint}/privateDnsZoneGroups/default`],
    ['another network resource', `${group}/providers/Microsoft.Network/privateLinkServices/pls`],
  ])('%s is refused', (_, text) => {
    expect(() => parseEndpointId(text)).toThrow(PosternError);
  });
});
