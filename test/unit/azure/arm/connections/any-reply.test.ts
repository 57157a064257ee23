import fc from 'fast-check';
import type { Connection } from '../../../../../src/connections/connection';
import { connectionIdOf } from '../../../../../src/connections/resource-id';
import { ownStoreTypes, type OwnStoreType } from '../../../../../src/connections/target-type';
import { ArmError } from '../../../../../src/base/errors';
import {
  createScriptedArm,
  testEndpointId,
  testOrigin,
  testTarget,
  wireConnection,
  type ScriptedReply,
} from '../../../../support/http/scripted-arm';

const anyType = fc.constantFrom(...ownStoreTypes);
const anyHeaderValue = fc.oneof(
  fc.string({ maxLength: 40 }).map((text) => text.replace(/[^\x20-\x7e]/g, '')),
  fc.constantFrom('60', '-1', 'soon', '/relative', 'https://evil.test/x', `${testOrigin}/operations/1`),
);
const anyHeaders = fc.dictionary(
  fc.constantFrom(
    'location',
    'azure-asyncoperation',
    'retry-after',
    'retry-after-ms',
    'www-authenticate',
    'content-type',
  ),
  anyHeaderValue,
);

/** Bodies that are nearly right are worth more than noise: real ones with anything in any place. */
const anyBody = (type: OwnStoreType) =>
  fc.oneof(
    fc.string(),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc
      .tuple(
        fc.constantFrom('id', 'etag', 'properties', 'value', 'nextLink', 'error', 'status'),
        fc.jsonValue(),
      )
      .map(([key, value]) =>
        JSON.stringify({
          ...wireConnection(testTarget(type), 'a'),
          value: [wireConnection(testTarget(type), 'a')],
          [key]: value,
        }),
      ),
    fc
      .tuple(
        fc.constantFrom(
          'privateEndpoint',
          'privateLinkServiceConnectionState',
          'groupIds',
          'provisioningState',
        ),
        fc.jsonValue(),
      )
      .map(([key, value]) => {
        const item = wireConnection(testTarget(type), 'a', { [key]: value });
        return JSON.stringify({ ...item, value: [item, value] });
      }),
  );

const anyReply = (type: OwnStoreType): fc.Arbitrary<ScriptedReply> =>
  fc.record({
    status: fc.oneof(
      fc.constantFrom(200, 201, 202, 204, 301, 400, 401, 403, 404, 409, 429, 500, 503),
      fc.integer({ min: 0, max: 999 }),
    ),
    headers: anyHeaders,
    body: anyBody(type),
  });

function isConnection(value: Connection): boolean {
  return (
    typeof value.status === 'string' &&
    typeof value.message === 'string' &&
    Array.isArray(value.groupIds) &&
    value.id.key !== ''
  );
}

/** Resolves to what the call did; anything but a value or an `ArmError` fails the property. */
async function outcomeOf<T>(call: Promise<T>): Promise<T | ArmError> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    expect(error.message.length).toBeLessThanOrEqual(600);
    return error;
  }
}

const anyCase = anyType.chain((type) => fc.tuple(fc.constant(type), anyReply(type)));

describe('whatever ARM answers', () => {
  test('a list is a listing, gone, or a coded error', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async ([type, reply]) => {
        const { connections } = createScriptedArm(() => reply);
        const outcome = await outcomeOf(connections.list(testTarget(type)));
        if (outcome === undefined || outcome instanceof ArmError) return;
        expect(outcome.connections.every(isConnection)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('a get is a connection, gone, or a coded error', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async ([type, reply]) => {
        const { connections } = createScriptedArm(() => reply);
        const outcome = await outcomeOf(connections.get(connectionIdOf(testTarget(type), 'a')));
        if (outcome === undefined || outcome instanceof ArmError) return;
        expect(isConnection(outcome)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('a write is sent once and answered, with an operation URL on our origin or none', async () => {
    const effects = fc.constantFrom('approve', 'reject', 'delete');
    await fc.assert(
      fc.asyncProperty(anyCase, effects, async ([type, reply], effect) => {
        const { connections, sent } = createScriptedArm(() => reply);
        const connection: Connection = {
          id: connectionIdOf(testTarget(type), 'a'),
          endpoint: undefined,
          endpointText: testEndpointId,
          status: 'Pending',
          message: '',
          provisioningState: undefined,
          groupIds: [],
          etag: undefined,
        };
        const outcome = await outcomeOf(
          connections.write({ connection, effect, description: '' }, () => undefined),
        );
        expect(sent).toHaveLength(1);
        if (outcome instanceof ArmError || outcome.kind === 'gone') return;
        if (outcome.operationUrl !== undefined) expect(new URL(outcome.operationUrl).origin).toBe(testOrigin);
      }),
      { numRuns: 200 },
    );
  });

  test('an operation, a target and an endpoint are reports, details, gone, or coded errors', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, async ([type, reply]) => {
        const { operations, resources, graph } = createScriptedArm(() => reply);
        const report = await outcomeOf(operations.read(`${testOrigin}/operations/0`));
        if (!(report instanceof ArmError) && report.nextUrl !== undefined)
          expect(new URL(report.nextUrl).origin).toBe(testOrigin);
        await outcomeOf(resources.readTarget(testTarget(type)));
        await outcomeOf(resources.readEndpoint(testEndpointId));
        const found = graph.find({ subscriptions: [], types: ownStoreTypes, statuses: ['Pending'] });
        await outcomeOf(found[Symbol.asyncIterator]().next());
      }),
      { numRuns: 200 },
    );
  });
});
