import fc from 'fast-check';
import { sampleOperation, sampleRecord } from '../../dev/lib/samples';
import { entityFromRecord } from '../../src/azure/storage/tables/ledger-row';
import { PosternError } from '../../src/base/errors';
import { parseConnectionId } from '../../src/connections/resource-id';
import { parseAlarmCall } from '../../src/operations/alarm';
import { createOnAbandoned } from '../../src/review/failure/on-abandoned';
import { parseReviewRequest } from '../../src/review/queue/review-request';
import { hostileText } from '../support/arbitraries/hostile-text';
import { mutatedText } from '../support/arbitraries/mutated-text';
import { hostileValue, mutatedValue } from '../support/arbitraries/mutated-value';
import { hostileId } from '../support/arbitraries/resource-ids';
import { createRig, fakePolicy, type Rig, targetIds } from '../support/rigs/rig';
import { expectAllHarmless, expectHarmless, valueOrNamedError } from './support/expectations';
import { runs } from './support/runs';

const decisionId = 'abcdef0123456789abcdef0123456789';
const connectionId = `${targetIds.vault}/privateEndpointConnections/wanted`;
const busyId = `${targetIds.vault}/privateEndpointConnections/busy`;
const endpointId =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/consumers/providers/Microsoft.Network/privateEndpoints/pe-wanted';
const review = {
  version: 1,
  kind: 'target',
  id: targetIds.vault,
  hintedAt: '2026-01-05T12:00:00.000Z',
  because: 'event',
  expects: endpointId.toLowerCase(),
  lookUntil: '2026-01-05T12:20:00.000Z',
  attempt: 0,
  traceId: '0af7651916cd43dd8448eb211c80319c',
};
const good: readonly unknown[] = [
  review,
  { ...review, kind: 'endpoint', id: endpointId },
  {
    ...review,
    because: 'sweep',
    origin: 'sweep',
    expects: undefined,
    lookUntil: undefined,
    traceId: undefined,
  },
  { version: 1, connectionId: busyId, operationId: `${decisionId}.1`, poll: 3 },
  { version: 1, connectionId, operationId: `${decisionId}.1`, poll: 3, attempt: 1, traceId: review.traceId },
];
const value = fc.oneof(
  hostileValue,
  hostileId,
  fc.constantFrom<unknown>(
    ...[
      '9999-12-31T23:59:59Z',
      '0001-01-01T00:00:00+14:00',
      'any',
      'person',
      'target',
      'endpoint',
      targetIds.apiManagement,
    ],
    ...[connectionId, endpointId, 0, 16, 17, 1e6, Number.MAX_SAFE_INTEGER, 1e300],
  ),
);

/** As the host hands a message over: JSON as its value, anything else as text. */
const message = fc.oneof(
  { weight: 8, arbitrary: mutatedValue(fc.constantFrom(...good), { value }) },
  { weight: 1, arbitrary: fc.constantFrom(...good) },
  { weight: 1, arbitrary: hostileValue },
  {
    weight: 2,
    arbitrary: mutatedText(
      fc.constantFrom(...good.map((one) => JSON.stringify(one))),
      fc.oneof(hostileText, fc.constantFrom('{', '}', '"', ',')),
    ).map(fromHost),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...good).map((one) => Buffer.from(JSON.stringify(one)).toString('base64')),
  },
);

function fromHost(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** One connection that policy wants to have approved, and a running operation on another. */
function createWorld(): Rig & {
  consume: Record<'review' | 'operation', (message: unknown) => Promise<void>>;
} {
  const policy = fakePolicy();
  policy.effects.set('wanted', 'approve');
  const rig = createRig({ policy });
  const waiting = rig.arm.seed({ name: 'wanted' });
  const busy = rig.arm.seed({ name: 'busy', status: 'Approved' });
  rig.arm.endpoints.set(endpointId.toLowerCase(), {
    ...{ location: undefined, tags: {}, subnetId: undefined },
    targetIds: [targetIds.vault, '/not/an/id'],
  });
  const connection = { ...busy, id: parseConnectionId(busyId) };
  rig.operations.seed(rig.target, [
    {
      connection: connection.id,
      endpointKey: waiting.endpoint?.key ?? '',
      ...{ status: 'Approved', generation: 0, firstSeen: '2026-01-05T11:00:00.000Z' },
      operation: sampleOperation({
        ...{ id: `${decisionId}.1`, decisionId, state: 'applied', ticket: undefined },
        decided: sampleRecord({ decisionId, target: rig.target.id, connection: connection.id.id }),
      }),
    },
  ]);
  return {
    ...rig,
    consume: {
      review: async (one) => rig.takeRequest(parseReviewRequest(one)),
      operation: async (one) => rig.poll(parseAlarmCall(one)),
    },
  };
}

/** A message, as told apart without the parser under test, for the one target where policy wants a write. */
function namesTarget(rig: Rig, one: unknown): boolean {
  const { version, kind, id, attempt } = { ...(one as Partial<typeof review> | null) };
  if (version !== 1 || kind !== 'target' || !Number.isInteger(attempt)) return false;
  return typeof id === 'string' && id.toLowerCase() === rig.target.key;
}

function namesEndedOperation(one: unknown): boolean {
  try {
    const call = parseAlarmCall(one);
    const { key } = parseConnectionId(call.connectionId);
    return key === busyId.toLowerCase() && call.operationId === `${decisionId}.1`;
  } catch {
    return false;
  }
}

function expectOnlyWantedWrites(rig: Rig, isWellFormed: boolean): void {
  for (const { connection, effect } of rig.arm.writes) {
    expect(isWellFormed).toBe(true);
    expect([connection.id.name, effect]).toEqual(['wanted', 'approve']);
  }
  expectAllHarmless(rig.ledger.records, 2_048);
  expectAllHarmless(rig.ledger.records.map(entityFromRecord), 2_048);
  for (const line of rig.lines) expectHarmless(line, 3_000);
}

test('a message of the reviews queue writes only where it is well-formed and policy wants it, or is refused by name', async () => {
  await fc.assert(
    fc.asyncProperty(message, async (one) => {
      const rig = createWorld();
      const outcome = await valueOrNamedError(() => rig.consume.review(one));
      if (outcome instanceof PosternError) {
        expect(['MESSAGE_INVALID', 'RESOURCE_ID_INVALID']).toContain(outcome.code);
        expect(rig.arm.calls).toEqual([]);
      }
      expectOnlyWantedWrites(rig, namesTarget(rig, one));
    }),
    { numRuns: runs() },
  );
});

test('a message of the operations queue writes nothing, or is refused by name', async () => {
  await fc.assert(
    fc.asyncProperty(message, async (one) => {
      const rig = createWorld();
      const outcome = await valueOrNamedError(() => rig.consume.operation(one));
      if (outcome instanceof PosternError)
        expect(['MESSAGE_INVALID', 'RESOURCE_ID_INVALID']).toContain(outcome.code);
      expectOnlyWantedWrites(rig, false);
    }),
    { numRuns: runs() },
  );
});

test('a poisoned message is taken after all, or is abandoned in the ledger with its cause, and never refused', async () => {
  const queues = fc.constantFrom('review', 'operation');
  await fc.assert(
    fc.asyncProperty(message, queues, fc.constantFrom(1, 2, 5), async (one, queue, deliveries) => {
      const rig = createWorld();
      const { review: reviewTarget, operation: pollOperation } = rig.consume;
      const abandoned = createOnAbandoned({ ...rig, reviewTarget, pollOperation });
      await abandoned[queue](one, deliveries);
      const again = await valueOrNamedError(() => createWorld().consume[queue](one));
      const fails = deliveries === 5 || again instanceof PosternError;
      const isOver = queue === 'operation' && namesEndedOperation(one);
      expect(rig.ledger.ofKind('abandoned')).toHaveLength(fails && !isOver ? 1 : 0);
      expectOnlyWantedWrites(rig, queue === 'review' && namesTarget(rig, one));
    }),
    { numRuns: runs() },
  );
});
