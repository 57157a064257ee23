import fc from 'fast-check';
import { sampleConnection, sampleRecord, sampleTarget } from '../../dev/lib/samples';
import {
  entityFromConnectionState,
  connectionStateFromRow,
} from '../../src/azure/storage/tables/connection-row';
import { entityFromRecord, recordFromRow } from '../../src/azure/storage/tables/ledger-row';
import type { Row } from '../../src/azure/storage/tables/query';
import { operationSchema } from '../../src/azure/storage/tables/schemas';
import { ArmError, type ArmErrorCode, PosternError } from '../../src/base/errors';
import { hasStatus } from '../../src/connections/connection';
import { nextStep } from '../../src/operations/next-step';
import type { ConnectionState, Ticket } from '../../src/operations/operation';
import { type Reply, wantedStatus } from '../../src/operations/proof/step';
import { recordedOrigin } from '../support/arbitraries/arm-headers';
import { hostileReply, operationReplies } from '../support/arbitraries/arm-replies';
import { hostileText } from '../support/arbitraries/hostile-text';
import { mutatedValue } from '../support/arbitraries/mutated-value';
import { mutatedOperation, mutatedRow } from '../support/arbitraries/operation-rows';
import { createScriptedArm, wireConnection } from '../support/http/scripted-arm';
import { createRig } from '../support/rigs/rig';
import { valueOrNamedError } from './support/expectations';
import { runs } from './support/runs';

test('a row is read as a sighting that can be written and read again as it was, or refused by name', () => {
  fc.assert(
    fc.property(mutatedRow, (row) => {
      const connectionState = readOrRefused(() => connectionStateFromRow(row), row);
      if (connectionState === undefined) return;
      const again = {
        ...entityFromConnectionState(connectionState),
        etag: connectionState.version,
      } as unknown as Row;
      expect(whole(connectionStateFromRow(again))).toEqual(whole(connectionState));
    }),
    { numRuns: runs() },
  );
});

test('a ledger row is read as a record that can be written and read again as it was, or refused by name', () => {
  const original = entityFromRecord(sampleRecord());
  const rows = fc.oneof<fc.Arbitrary<unknown>[]>(
    mutatedValue(fc.constant<unknown>(original)).map((row) => ({
      ...(row as Row),
      partitionKey: original.partitionKey,
      rowKey: original.rowKey,
    })),
    mutatedValue(fc.constant<unknown>(sampleRecord().operation)).map((operation) => ({
      ...original,
      operation: JSON.stringify(operation),
    })),
  );
  fc.assert(
    fc.property(rows, (columns) => {
      const row = columns as Row;
      const record = readOrRefused(() => recordFromRow(row), row);
      if (record === undefined) return;
      const again = entityFromRecord(record) as unknown as Row;
      expect(whole(recordFromRow(again))).toEqual(whole(record));
    }),
    { numRuns: runs() },
  );
});

/** Half characters may become U+FFFD when they are written: the table service takes none. */
function whole<T>(value: T): T {
  return JSON.parse(JSON.stringify(value), (_key, inner: unknown) =>
    typeof inner === 'string' ? inner.replace(/\p{Cs}/gu, '\ufffd') : inner,
  ) as T;
}

/** Tickets that a row may really hold. */
const ticket: fc.Arbitrary<Ticket> = mutatedOperation
  .map((operation) => operationSchema.safeParse(operation).data?.ticket)
  .filter((found) => found !== undefined);
const armCodes: readonly ArmErrorCode[] = [
  ...(['ARM_THROTTLED', 'ARM_CONFLICT', 'ARM_FORBIDDEN', 'ARM_UNAUTHENTICATED', 'ARM_NOT_FOUND'] as const),
  ...(['ARM_REFUSED', 'ARM_UNAVAILABLE', 'ARM_UNREACHABLE', 'ARM_UNREADABLE', 'ARM_UNTRUSTED_URL'] as const),
];
const word = fc.oneof(
  fc.constantFrom(
    'Approved',
    'Rejected',
    'Pending',
    'Succeeded',
    'Failed',
    'Updating',
    'Canceled',
    'InProgress',
  ),
  hostileText,
);
const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const seconds = optional(fc.oneof(fc.nat(604_800), fc.constantFrom(0, 604_800)));
const reply: fc.Arbitrary<Reply> = fc.oneof(
  fc.record({
    kind: fc.constant('connection'),
    connection: optional(fc.record({ status: word, message: word, provisioningState: optional(word) })),
  }),
  fc.record({
    kind: fc.constant('operation'),
    report: fc.record({
      httpStatus: fc.constantFrom(200, 202, 204),
      status: optional(word),
      error: optional(fc.record({ code: hostileText, message: hostileText })),
      retryAfterSeconds: seconds,
      nextUrl: optional(fc.constant(`${recordedOrigin}/operations/2`)),
    }),
  }),
  fc
    .record({ code: fc.constantFrom(...armCodes), message: hostileText, retryAfterSeconds: seconds })
    .map(({ code, message, retryAfterSeconds }) => ({
      kind: 'error' as const,
      error: new ArmError(code, message, { retryAfterSeconds }),
    })),
);
const instant = fc
  .integer({ min: Date.parse('2026-01-05T11:00:00Z'), max: Date.parse('2026-01-05T13:00:00Z') })
  .map((milliseconds) => new Date(milliseconds));

test('a step from any ticket that can be stored is an end with its proof, or a wait that makes headway', () => {
  fc.assert(
    fc.property(ticket, reply, instant, (before, answer, now) => {
      const step = nextStep(before, answer, now);
      if (step.kind === 'failed' || step.kind === 'expired') return expect(typeof step.error).toBe('string');
      if (step.kind === 'done') {
        if (answer.kind !== 'connection') throw new Error('done without reading the connection');
        if (step.outcome !== 'applied') return undefined;
        const wanted = wantedStatus(before.effect);
        const isProven =
          wanted === undefined
            ? answer.connection === undefined
            : answer.connection !== undefined && hasStatus(answer.connection, wanted);
        return expect(isProven).toBe(true);
      }
      const { delaySeconds, ticket: after } = step;
      expect(delaySeconds >= 0 && delaySeconds <= 24 * 60 * 60).toBe(true);
      expect(after.polls).toBe(before.polls + 1);
      // Only where ARM let nobody look does the deadline move on.
      const sawNothing = answer.kind === 'error' && answer.error.code === 'ARM_THROTTLED';
      expect(sawNothing || new Date(after.deadlineAt) <= new Date(before.deadlineAt)).toBe(true);
      // No time passes only where the operation is left for its proof, and that happens once.
      if (delaySeconds < 1) expect([before.phase, after.phase]).toEqual(['operation', 'proof']);
      // A look that does not find the connection is followed by one more, whatever the deadline.
      else if (answer.kind !== 'connection' || answer.connection !== undefined)
        expect(now < new Date(after.deadlineAt)).toBe(true);
    }),
    { numRuns: runs() },
  );
});

/** What the row's own connection may answer, beside what operation URLs answer. */
const answers = hostileReply([
  ...operationReplies,
  ...['Pending', 'Approved', 'Rejected'].flatMap((status) =>
    ['Succeeded', 'Updating'].map((provisioningState) => ({
      status: 200,
      body: wireConnection(sampleTarget(), 'conn-1', {
        provisioningState,
        privateLinkServiceConnectionState: { status },
      }),
    })),
  ),
]);

test('a poll of any row that can be read asks ARM at most twice, writes nothing, and never fails without a name', async () => {
  const readable = mutatedRow
    .map((row) => valueOf(() => connectionStateFromRow(row)))
    .filter((connectionState) => connectionState?.connection.key === sampleConnection().key)
    .filter((connectionState) => connectionState !== undefined);
  await fc.assert(
    fc.asyncProperty(
      readable,
      fc.array(answers, { minLength: 1, maxLength: 2 }),
      async (connectionState, replies) => {
        const adapters = createScriptedArm(
          (_sent, index) => replies[index % replies.length] ?? { status: 500 },
          {
            endpoint: recordedOrigin,
          },
        );
        const rig = createRig({ target: sampleTarget().id, adapters });
        rig.clock.advance(60);
        rig.operations.seed(rig.target, [connectionState]);
        const operation = connectionState.operation;
        const call = {
          version: 1 as const,
          connectionId: connectionState.connection.id,
          operationId: operation?.id ?? 'none',
          poll: operation?.ticket?.polls ?? 0,
        };
        await valueOrNamedError(() => rig.poll(call));
        expect(adapters.sent.length).toBeLessThanOrEqual(2);
        for (const { method, url } of adapters.sent) {
          expect(method).toBe('GET');
          expect(new URL(url).origin).toBe(recordedOrigin);
        }
        expectNoSilence(connectionState, rig);
      },
    ),
    { numRuns: runs() },
  );
});

/** A running operation is woken again, asked for again, or has ended with a record of it. */
function expectNoSilence(connectionState: ConnectionState, rig: ReturnType<typeof createRig>): void {
  const stored = rig.operations.rows(rig.target)[0]?.operation;
  if (connectionState.operation?.state !== 'running' || stored?.state === 'running') return;
  expect(rig.ledger.records.map(({ kind }) => kind)).toContain(stored?.state);
}

function valueOf<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function readOrRefused<T>(read: () => T, row: Row): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    expect(error.code).toBe('STORE_UNREADABLE');
    expect(error.message).toContain(String(row.rowKey));
    return undefined;
  }
}
