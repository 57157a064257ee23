import fc from 'fast-check';
import { PosternError } from '../../src/base/errors';
import {
  type ConnectionId,
  connectionIdOf,
  idKey,
  parseConnectionId,
  parseEndpointId,
  parseResourceId,
  parseTargetId,
  targetOf,
} from '../../src/connections/resource-id';
import { hostileText } from '../support/arbitraries/hostile-text';
import { hostileId, oddConnectionId } from '../support/arbitraries/resource-ids';
import { createScriptedArm, testOrigin } from '../support/http/scripted-arm';
import { expectHarmless, harmfulPattern } from './support/expectations';
import { runs } from './support/runs';

const anyId = fc.oneof({ weight: 6, arbitrary: hostileId }, oddConnectionId, hostileText);
type Parse = (text: string) => { readonly id: string; readonly key: string };
const parsers: readonly Parse[] = [parseResourceId, parseTargetId, parseConnectionId, parseEndpointId];

test('whatever is parsed is a plain path that a URL keeps as it is, and anything else is refused by its code', () => {
  fc.assert(
    fc.property(anyId, (text) => {
      for (const parse of parsers) {
        const parsed = parsedOrRefused(parse, text);
        if (parsed !== undefined) expectPlainPath(parsed.id);
      }
    }),
    { numRuns: runs() },
  );
});

test('parsing what was parsed changes nothing, whatever casing it came in', () => {
  fc.assert(
    fc.property(anyId, (text) => {
      for (const parse of parsers) {
        const parsed = parsedOrRefused(parse, text);
        if (parsed === undefined) continue;
        expect(parse(parsed.id)).toEqual(parsed);
        // The same id in other letters, at its own length, with no capital of A to Z left.
        expect(parsed.key.toLowerCase()).toBe(parsed.id.toLowerCase());
        expect(parsed.key).toHaveLength(parsed.id.length);
        expect(parsed.key).not.toMatch(/[A-Z]/);
      }
    }),
    { numRuns: runs() },
  );
});

test('a connection lies right below its target, and a target is one that was named', () => {
  fc.assert(
    fc.property(anyId, (text) => {
      const resource = parsedOrRefused(parseResourceId, text);
      if (resource === undefined) return;
      const target = targetOf(resource);
      if (target !== undefined) {
        expect(resource.key.startsWith(target.key)).toBe(true);
        expect(['', '/']).toContain(resource.key.charAt(target.key.length));
      }
      const connection = parsedOrRefused(parseConnectionId, text);
      if (connection === undefined) return;
      expect(connection.target).toEqual(target);
      expect(connection).toEqual(connectionIdOf(connection.target, connection.name));
      expect(connection.id).toBe(`${connection.target.id}/privateEndpointConnections/${connection.name}`);
      expect(connection.name).not.toMatch(/[/\\?#%]/);
    }),
    { numRuns: runs() },
  );
});

test('a request about a connection goes to its own path on ARM, however odd its name', async () => {
  const connections = fc.oneof(oddConnectionId, hostileId);
  await fc.assert(
    fc.asyncProperty(connections, fc.constantFrom('list', 'get', 'approve', 'delete'), async (text, call) => {
      const id = parsedOrRefused(parseConnectionId, text);
      fc.pre(id !== undefined);
      const sent = await pathOf(id, call);
      expect(sent).toBe(call === 'list' ? `${id.target.key}/privateendpointconnections` : id.key);
    }),
    { numRuns: runs(0.5), maxSkipsPerRun: 1_000 },
  );
});

function parsedOrRefused<T>(parse: (text: string) => T, text: string): T | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    expect(error.code).toBe('RESOURCE_ID_INVALID');
    expectHarmless(error.message, 2_500);
    return undefined;
  }
}

function expectPlainPath(id: string): void {
  expect(id.length).toBeLessThanOrEqual(2_100);
  expect(id).not.toMatch(/[\\?#%<>"]/);
  expect(id).not.toMatch(harmfulPattern);
  expect(id).not.toMatch(/\/\.{0,2}(?:\/|$)/);
  // With escapes, as our own reader sends it, and without, as a URL parser would make it.
  for (const text of [`${testOrigin}${encodeURI(id)}`, `${testOrigin}${id}`]) {
    const url = new URL(text);
    expect(url.origin).toBe(testOrigin);
    expect(decodeURIComponent(url.pathname)).toBe(id);
    expect(url.search + url.hash + url.username).toBe('');
  }
}

/** The decoded path of the only request, as a key. */
async function pathOf(id: ConnectionId, call: 'list' | 'get' | 'approve' | 'delete'): Promise<string> {
  const { connections, sent } = createScriptedArm(() => ({ status: 404 }));
  const connection = {
    ...{ id, endpoint: undefined, endpointText: undefined, status: 'Pending', message: '' },
    ...{ provisioningState: undefined, groupIds: [], etag: undefined },
  };
  if (call === 'list') await connections.list(id.target);
  else if (call === 'get') await connections.get(id);
  else await connections.write({ connection, effect: call, description: '' }, () => undefined);
  expect(sent).toHaveLength(1);
  const url = new URL(sent[0]?.url ?? '');
  expect(url.origin).toBe(testOrigin);
  expect([...url.searchParams.keys()]).toEqual(['api-version']);
  return idKey(decodeURIComponent(url.pathname));
}
