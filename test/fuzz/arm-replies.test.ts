import fc from 'fast-check';
import type { Connection } from '../../src/connections/connection';
import { connectionIdOf, type ConnectionId } from '../../src/connections/resource-id';
import { ownStoreTypes } from '../../src/connections/target-type';
import { ArmError } from '../../src/base/errors';
import { recordedOrigin } from '../support/arbitraries/arm-headers';
import {
  echoedToken,
  graphReplies,
  hostileReply,
  operationReplies,
  recordedCalls,
  resourceReplies,
  type RecordedCall,
} from '../support/arbitraries/arm-replies';
import {
  createScriptedArm,
  testEndpointId,
  testTarget,
  type ScriptedArm,
  type ScriptedReply,
} from '../support/http/scripted-arm';
import { expectAllHarmless, expectDelay, valueOrArmError } from './support/expectations';
import { runs } from './support/runs';

/** Answers with the given replies in turn, and with nothing more to say after ten. */
function armAnswering(replies: readonly ScriptedReply[]): ScriptedArm {
  const arm = createScriptedArm(
    (_sent, index) => (index < 10 ? replies[index % replies.length] : undefined) ?? { status: 404 },
    { endpoint: recordedOrigin },
  );
  return arm;
}

function callsOf(kind: RecordedCall['kind']): fc.Arbitrary<{ id: ConnectionId; replies: ScriptedReply[] }> {
  const calls = recordedCalls.filter((call) => call.kind === kind);
  return fc.constantFrom(...calls).chain(({ id, reply }) =>
    fc.record({
      id: fc.constant(id),
      replies: fc.array(hostileReply([reply]), { minLength: 1, maxLength: 3 }),
    }),
  );
}

/** Whatever came back: requests went to ARM alone, by these methods alone, and nobody was told our token. */
function expectOnlyReads({ sent }: ScriptedArm, outcome: unknown, method = 'GET'): void {
  expect(sent.length).toBeLessThanOrEqual(12);
  for (const request of sent) {
    expect(new URL(request.url).origin).toBe(recordedOrigin);
    expect(request.method).toBe(method);
  }
  expectNoToken(outcome);
}

function expectNoToken(outcome: unknown): void {
  if (outcome instanceof ArmError) expect(outcome.message).not.toContain(echoedToken);
}

function expectConnection(connection: Connection, id: ConnectionId): void {
  expect(connection.id.target.key).toBe(id.target.key);
  // The target is the one asked for, spelled as the reply spells it.
  expect(connection.id).toEqual(connectionIdOf(connection.id.target, connection.id.name));
  expect(connection.status.length).toBeGreaterThan(0);
  for (const text of [connection.message, ...connection.groupIds]) expect(typeof text).toBe('string');
}

/** Everything that a body says, in lower case and without escapes. */
function idsIn(body: unknown): string {
  try {
    const value = typeof body === 'string' ? (JSON.parse(body.replace(/^\uFEFF/, '')) as unknown) : body;
    return JSON.stringify(value).replaceAll('\\\\', '\\').toLowerCase();
  } catch {
    return '';
  }
}

test('a list is read as connections of its own target, gone, or refused by a code, and reads are all it makes', async () => {
  await fc.assert(
    fc.asyncProperty(callsOf('list'), async ({ id, replies }) => {
      const arm = armAnswering(replies);
      const outcome = await valueOrArmError(() => arm.connections.list(id.target));
      expectOnlyReads(arm, outcome);
      if (outcome === undefined || outcome instanceof ArmError) return;
      const told = replies.map(({ body }) => idsIn(body)).join('\n');
      for (const connection of outcome.connections) {
        expectConnection(connection, id);
        expect(told).toContain(connection.id.key);
      }
      expectAllHarmless(outcome.malformed, 2_048);
    }),
    { numRuns: runs() },
  );
});

test('a connection is read as the one that was asked for, gone, or refused by a code', async () => {
  await fc.assert(
    fc.asyncProperty(callsOf('get'), async ({ id, replies }) => {
      const arm = armAnswering(replies);
      const outcome = await valueOrArmError(() => arm.connections.get(id));
      expectOnlyReads(arm, outcome);
      if (outcome === undefined || outcome instanceof ArmError) return;
      expectConnection(outcome, id);
      expect(outcome.id.key).toBe(id.key);
    }),
    { numRuns: runs() },
  );
});

test('a write is sent once, to its own connection, and its reply is an operation on ARM, an end, or a code', async () => {
  const writes = fc.oneof(
    callsOf('approve').map((call) => ({ ...call, effect: 'approve' as const })),
    callsOf('delete').map((call) => ({ ...call, effect: 'delete' as const })),
  );
  await fc.assert(
    fc.asyncProperty(writes, async ({ id, replies, effect }) => {
      const arm = armAnswering(replies);
      const connection = {
        ...{ id, endpoint: undefined, endpointText: testEndpointId, status: 'Pending', message: '' },
        ...{ provisioningState: undefined, groupIds: [], etag: undefined },
      };
      const write = { connection, effect, description: 'd' };
      const outcome = await valueOrArmError(() => arm.connections.write(write, () => undefined));
      const [only] = arm.sent;
      expect(arm.sent).toHaveLength(1);
      expect(only?.method).toBe(effect === 'approve' ? 'PUT' : 'DELETE');
      const url = new URL(only?.url ?? '');
      expect(url.origin + decodeURIComponent(url.pathname).toLowerCase()).toBe(recordedOrigin + id.key);
      expectNoToken(outcome);
      if (outcome instanceof ArmError || outcome.kind === 'gone') return;
      if (outcome.operationUrl !== undefined)
        expect(new URL(outcome.operationUrl).origin).toBe(recordedOrigin);
      expect(outcome.refusedUrl?.length ?? 0).toBeLessThanOrEqual(1_024);
      expectDelay(outcome.retryAfterSeconds ?? 0);
    }),
    { numRuns: runs() },
  );
});

test('an operation URL is asked once, and its report is fit for a log and names nothing off ARM', async () => {
  const replies = fc.array(hostileReply(operationReplies), { minLength: 1, maxLength: 2 });
  await fc.assert(
    fc.asyncProperty(replies, async (some) => {
      const arm = armAnswering(some);
      const outcome = await valueOrArmError(() => arm.operations.read(`${recordedOrigin}/operations/0`));
      expectOnlyReads(arm, outcome);
      expect(arm.sent).toHaveLength(1);
      if (outcome instanceof ArmError) return;
      const { nextUrl, ...report } = outcome;
      if (nextUrl !== undefined) expect(new URL(nextUrl).origin).toBe(recordedOrigin);
      expectAllHarmless(report, 600);
      expect(JSON.stringify(report)).not.toContain(echoedToken);
      expectDelay(outcome.retryAfterSeconds ?? 0);
    }),
    { numRuns: runs() },
  );
});

test('an operation URL off ARM is not asked, whatever it looks like', async () => {
  const elsewhere = hostileReply(operationReplies).map(
    ({ headers }) => headers?.['location'] ?? '/operations/1',
  );
  await fc.assert(
    fc.asyncProperty(elsewhere, async (url) => {
      const arm = armAnswering([{ status: 200, body: {} }]);
      const outcome = await valueOrArmError(() => arm.operations.read(url));
      for (const request of arm.sent) expect(new URL(request.url).origin).toBe(recordedOrigin);
      if (arm.sent.length === 0) expect(outcome).toMatchObject({ code: 'ARM_UNTRUSTED_URL' });
    }),
    { numRuns: runs() },
  );
});

test('a target and an endpoint are details, gone, or refused by a code', async () => {
  const replies = fc.array(hostileReply(resourceReplies), { minLength: 1, maxLength: 2 });
  await fc.assert(
    fc.asyncProperty(replies, fc.constantFrom(...ownStoreTypes), async (some, type) => {
      const arm = armAnswering(some);
      const target = await valueOrArmError(() => arm.resources.readTarget(testTarget(type)));
      expectOnlyReads(arm, target);
      const endpoint = await valueOrArmError(() => arm.resources.readEndpoint(testEndpointId));
      expectOnlyReads(arm, endpoint);
      for (const details of [target, endpoint]) {
        if (details === undefined || details instanceof ArmError) continue;
        for (const value of Object.values(details.tags)) expect(typeof value).toBe('string');
      }
    }),
    { numRuns: runs() },
  );
});

test('Resource Graph’s rows are targets that Postern answers for, or told of as unreadable, or a code ends the search', async () => {
  const replies = fc.array(hostileReply(graphReplies), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(replies, async (some) => {
      const arm = armAnswering(some);
      const query = { subscriptions: [], types: ownStoreTypes, statuses: ['Pending'] };
      const outcome = await valueOrArmError(async () => {
        for await (const { targetId, status } of arm.graph.find(query)) {
          expect(ownStoreTypes).toContain(targetId.type);
          expect(typeof status).toBe('string');
        }
      });
      expectOnlyReads(arm, outcome, 'POST');
      for (const { url } of arm.sent)
        expect(new URL(url).pathname).toBe('/providers/Microsoft.ResourceGraph/resources');
    }),
    { numRuns: runs() },
  );
});

describe('a reply of megabytes is refused before it holds up anything else', () => {
  const mebibyte = 1024 * 1024;
  const target = testTarget('Microsoft.KeyVault/vaults');
  const zeros = `[${'0,'.repeat(2 * mebibyte)}0]`;
  const connection = `{"id":"${target.id}/privateEndpointConnections/a","properties":{"groupIds":${zeros},"privateLinkServiceConnectionState":{"status":"Pending"}}}`;
  const list = ({ connections }: ScriptedArm) => connections.list(target);
  const get = ({ connections }: ScriptedArm) => connections.get(connectionIdOf(target, 'a'));
  const operation = ({ operations }: ScriptedArm) => operations.read(`${recordedOrigin}/operations/0`);
  const endpoint = ({ resources }: ScriptedArm) => resources.readEndpoint(testEndpointId);
  const find = async ({ graph }: ScriptedArm) => {
    const query = { subscriptions: [], types: ownStoreTypes, statuses: ['Pending'] };
    for await (const found of graph.find(query)) return found;
    return undefined;
  };
  test.each<[string, string, (arm: ScriptedArm) => Promise<unknown>]>([
    ['more than is read at all', `{"value":[],"x":"${'x'.repeat(8 * mebibyte)}"}`, list],
    ['millions of things that are no connections', `{"value":${zeros}}`, list],
    ['a listed connection with millions of groups that are no texts', `{"value":[${connection}]}`, list],
    ['a connection with millions of groups that are no texts', connection, get],
    ['objects in objects', '{"error":'.repeat(mebibyte / 2) + '1' + '}'.repeat(mebibyte / 2), operation],
    ['lists in lists', '['.repeat(mebibyte / 2) + ']'.repeat(mebibyte / 2), get],
    [
      'an endpoint with millions of links',
      `{"properties":{"privateLinkServiceConnections":${zeros}}}`,
      endpoint,
    ],
    ['rows of Resource Graph without end', `{"data":${zeros}}`, find],
    ['a number with millions of digits', '9'.repeat(7 * mebibyte), list],
  ])('%s', async (_, body, call) => {
    const arm = armAnswering([{ status: 200, body }]);
    const outcome = await valueOrArmError(() => call(arm));
    expect(arm.sent).toHaveLength(1);
    expect(JSON.stringify(outcome instanceof ArmError ? outcome.message : outcome).length).toBeLessThan(
      1_000,
    );
  });

  test('an error of megabytes', async () => {
    const body = `{"error":{"code":"${'c'.repeat(mebibyte)}","message":"${'\\u202e'.repeat(mebibyte)}"}}`;
    const outcome = await valueOrArmError(() => list(armAnswering([{ status: 409, body }])));
    expect(outcome).toMatchObject({ code: 'ARM_CONFLICT' });
  });
});
