import fc from 'fast-check';
import { idFrom } from '../../../src/cli/id-argument';
import { subscriptionsFrom } from '../../../src/cli/option-values';
import { parseConnectionId, parseEndpointId } from '../../../src/connections/resource-id';
import { FakeClock } from '../../support/fakes/fake-clock';
import { runTool } from '../../support/rigs/cli';

const vault =
  '/subscriptions/99999999-9999-9999-9999-999999999999/resourceGroups/rg-shared/providers/Microsoft.KeyVault/vaults/kv-shop';
const connection = `${vault}/privateEndpointConnections/kv-shop.1`;
const endpoint =
  '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-ü(x)/providers/Microsoft.Network/privateEndpoints/pe';
const portal = 'https://portal.azure.com/#@contoso.onmicrosoft.com/resource';

const spellings: readonly (readonly [string, (id: string) => string])[] = [
  ['as it is', (id) => id],
  ['with blanks and a line end of Windows', (id) => ` ${id}\r\n`],
  ['with a slash at the end', (id) => `${id}/`],
  ['in quotes', (id) => `"${id}"`],
  ['in the quotes of another shell', (id) => `'${id}'`],
  ['by Git Bash', (id) => `C:/Program Files/Git${id}`],
  ['by Git Bash for one person', (id) => `C:/Users/ada/AppData/Local/Programs/Git${id}`],
  ['by Git Bash on another drive', (id) => `d:/tools/PortableGit${id}`],
  ['by MSYS2', (id) => `C:/msys64${id}`],
  ['by the root of a drive', (id) => `E:${id}`],
  ['with backslashes', (id) => `C:\\Program Files\\Git${id.replaceAll('/', '\\')}`],
  ['as bash shows such a path', (id) => `/c/Program Files/Git${id}`],
  ['with two slashes', (id) => `/${id}`],
  ['without a slash', (id) => id.slice(1)],
  ['of the portal', (id) => `${portal}${id}`],
  ['of the portal with a page', (id) => `${portal}${id}/overview`],
  ['of the portal with a query', (id) => `https://portal.azure.com/?feature.x=true#@t/resource${id}/overview`],
  ['of the portal without a tenant', (id) => `https://portal.azure.com/#resource${id}`],
  ['of the portal of US Government', (id) => `https://portal.azure.us/#@agency/resource${id}`],
  ['of the portal of China', (id) => `https://portal.azure.cn/#@t/resource${id}/`],
  ['of the preview portal', (id) => `https://preview.portal.azure.com/#@t/resource${id}`],
  ['from the # on', (id) => `#@contoso.onmicrosoft.com/resource${id}`],
  ['from the @ on', (id) => `@contoso.onmicrosoft.com/resource${id}`],
  ['from resource on', (id) => `resource${id}`],
  ['of a page of the portal', (id) => `https://portal.azure.com/#view/Microsoft_Azure_Network/X/id/${encodeURIComponent(id)}`],
  ['of the same, in part', (id) => `https://portal.azure.com/#blade/X/resourceId/${encodeURIComponent(id)}/menu`],
  ['of ARM', (id) => `https://management.azure.com${encodeURI(id)}?api-version=2024-11-01`],
]; // prettier-ignore

describe.each(spellings)('an id %s', (_, spell) => {
  test('is found', () => {
    expect(idFrom(spell(connection))).toBe(connection);
    expect(idFrom(spell(endpoint))).toBe(endpoint);
    expect(idFrom(spell(vault))).toBe(vault);
  });
});

test.each([
  'connection.json',
  'C:/data/connection.json',
  'C:\\subscriptions\\prod.json',
  './subscriptions/kv.json',
  'subscriptions/prod/kv.json',
  '/home/ada/subscriptions/connection.json',
  `/home/ada/export${connection}.json`,
  '',
  '-',
])('%j is no id', (text) => expect(idFrom(text)).toBeUndefined());

test.each([
  'https://portal.azure.com/#home',
  'https://portal.azure.com/#@contoso.onmicrosoft.com/resource/something',
  `see ${connection}`,
])('%j is not an id, and the message has the fix', (text) => {
  expect(() => idFrom(text)).toThrow(
    'this is not an ARM id: pass only the id, starting with /subscriptions/',
  );
});

test('a subscription may be given by its ARM id', () => {
  const id = '99999999-9999-9999-9999-999999999999';
  for (const text of [
    id,
    `/subscriptions/${id}`,
    `C:/Program Files/Git/subscriptions/${id}`,
    `${portal}/subscriptions/${id}/overview`,
  ])
    expect(subscriptionsFrom(text)).toEqual([id]);
});

test('an id from any argument begins with /subscriptions/', () => {
  const piece = fc.constantFrom(
    connection,
    endpoint,
    'C:/',
    '//',
    '#@t/resource',
    '/overview',
    '%2F',
    "'",
    '?',
    ' ',
    '\\',
    'x',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 5 }), (pieces) => {
      const text = pieces.join('');
      let id: string | undefined;
      try {
        id = idFrom(text);
      } catch (error) {
        expect((error as Error).message).toContain('/subscriptions/');
      }
      if (id !== undefined) expect(id).toMatch(/^\/subscriptions\//i);
    }),
  );
});

describe('the tools take them', () => {
  const ids = spellings.map(([, spell]) => spell(connection));

  test.each(ids)('explain %j reads from Azure', async (id) => {
    const asked: string[] = [];
    const list = async (target: { readonly id: string }) => (asked.push(target.id), undefined);
    const live = { connections: { list } } as never;
    const { errors } = await runTool(['explain', id, '--policy', 'p.yaml'], {
      files: { 'p.yaml': 'version: 1\nrules: []\n' },
      live,
    });
    expect(asked).toEqual([vault]);
    expect(errors).toEqual([`there is no such connection in Azure: ${connection}`]);
  });

  test.each(ids)('retry %j requeues its target', async (id) => {
    const reported: string[] = [];
    const audit = {
      record: async (records: readonly { readonly target: string }[]) =>
        void reported.push(...records.map(({ target }) => target)),
      flush: async () => undefined,
    };
    const deployment = {
      person: 'ada',
      audit,
      reviews: { put: async () => undefined },
      clock: new FakeClock(),
    };
    await runTool(['retry', id], { deployment: deployment as never });
    expect(reported).toEqual([vault]);
  });

  test.each(spellings.map(([, spell]) => spell(endpoint)))('wait %j polls it', async (id) => {
    const watched: string[] = [];
    await runTool(['wait', id], {
      watch: (what) => {
        watched.push(what.id.id);
        throw new Error('far enough');
      },
    });
    expect(watched).toEqual([parseEndpointId(endpoint).id]);
  });

  test('and report what is wrong with others', async () => {
    expect(parseConnectionId(connection).id).toBe(connection);
    const wrong = 'C:/Program Files/Git/subscriptions/mine/resourceGroups/rg';
    expect((await runTool(['wait', wrong])).errors.join('\n')).toContain('MSYS_NO_PATHCONV=1');
    expect((await runTool(['retry', wrong])).errors.join('\n')).toContain('MSYS_NO_PATHCONV=1');
    const portalHome = await runTool(['explain', 'https://portal.azure.com/#home', '--policy', 'p.yaml'], {
      files: { 'p.yaml': 'version: 1\nrules: []\n' },
    });
    expect(portalHome).toMatchObject({
      exitCode: 2,
      errors: ['this is not an ARM id: pass only the id, starting with /subscriptions/'],
    });
  });
});
