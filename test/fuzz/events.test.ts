import fc from 'fast-check';
import { createAuditLog } from '../../src/audit/audit-log';
import { parseEndpointId, parseTargetId } from '../../src/connections/resource-id';
import { isOneOfFour } from '../support/samples/four-types';
import { createTakeEvent } from '../../src/events/take-event';
import { parseReviewRequest } from '../../src/review/queue/review-request';
import { hostileText } from '../support/arbitraries/hostile-text';
import { hostileValue, mutatedValue } from '../support/arbitraries/mutated-value';
import { goodIds, hostileId } from '../support/arbitraries/resource-ids';
import { FakeClock, FakeLedger, FakeReviewQueue, FakeTelemetry } from '../support/fakes';
import {
  apim,
  asCloudEvent,
  endpoint,
  endpointEvent,
  eventFiles,
  operationEvent,
  storageAccount,
  vault,
} from '../support/samples/event-samples';
import { expectAllHarmless, expectHarmless } from './support/expectations';
import { runs } from './support/runs';

const kinds = ['Write', 'Action', 'Delete'] as const;
const operationNames = [
  'Microsoft.Network/privateEndpoints/write',
  'Microsoft.KeyVault/vaults/privateEndpointConnections/write',
  'Microsoft.KeyVault/vaults/privateEndpointConnectionProxies/validate/action',
  'Microsoft.ApiManagement/service/privateEndpointConnectionsApproval/action',
];
const gridEvents: readonly Record<string, unknown>[] = [
  ...eventFiles().map(({ event }) => event),
  endpointEvent({ targets: [vault], manualTargets: [apim, storageAccount] }),
  endpointEvent({ manualTargets: [vault], type: 'Deleted' }),
  endpointEvent({ id: vault }),
  ...goodIds.flatMap((id) =>
    kinds.flatMap((kind) => operationNames.map((name) => operationEvent(kind, name, id))),
  ),
];
const originals = [...gridEvents, ...gridEvents.map(asCloudEvent)];

/** Ids are where an event's meaning is, so they are often what is put in the wrong place. */
const changed = mutatedValue(fc.constantFrom<unknown>(...originals), {
  value: fc.oneof(hostileId, fc.constantFrom(...goodIds, vault, endpoint), hostileValue),
});
/** As an object, as JSON, and as JSON twice, because relays do that. */
const delivered = fc
  .tuple(changed, fc.constantFrom(0, 0, 0, 1, 2))
  .map(([event, times]) =>
    Array.from({ length: times }).reduce<unknown>((inner) => JSON.stringify(inner), event),
  );

test('a real event with anything changed anywhere queues hints of real targets, and nothing else happens', async () => {
  await fc.assert(
    fc.asyncProperty(delivered, (event) => expectHintsOnly(event, undefined)),
    { numRuns: runs() },
  );
});

/** Right in all but their ids. */
const aboutHostileIds = fc.oneof(
  fc
    .tuple(fc.constantFrom(...kinds), fc.constantFrom(...operationNames), hostileId)
    .map(([kind, name, id]) => operationEvent(kind, name, id)),
  fc
    .record({
      id: fc.oneof(hostileId, fc.constant(endpoint)),
      targets: fc.array(hostileId, { maxLength: 3 }),
      manualTargets: fc.array(hostileId, { maxLength: 3 }),
    })
    .map(endpointEvent),
);

test('an event about a hostile id queues hints of real targets, and nothing else happens', async () => {
  await fc.assert(fc.asyncProperty(aboutHostileIds, hostileText, expectHintsOnly), { numRuns: runs() });
});

test('any value at all in place of an event is accepted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(hostileValue, fc.anything()), (event) => expectHintsOnly(event, undefined)),
    {
      numRuns: runs(),
    },
  );
});

async function expectHintsOnly(event: unknown, traceId: string | undefined): Promise<void> {
  const clock = new FakeClock();
  const reviews = new FakeReviewQueue(clock);
  const ledger = new FakeLedger();
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const logger = { info: log, warn: log, error: log };
  const audit = createAuditLog({ ledger, telemetry: new FakeTelemetry(), logger });
  await createTakeEvent({
    reviews,
    audit,
    clock,
    logger,
    answers: isOneOfFour,
    reviewNow: (request) => reviews.put(request, 0),
    ownObjectId: () => undefined,
  })(event, traceId);

  expect(reviews.history.length).toBeLessThanOrEqual(50);
  for (const { message } of reviews.history) {
    expect(parseReviewRequest(JSON.parse(JSON.stringify(message)))).toEqual(message);
    const parsed = message.kind === 'target' ? parseTargetId(message.id) : parseEndpointId(message.id);
    expect(parsed.id).toBe(message.id);
  }
  // It was understood, counted, or told of: never silently dropped.
  expect(reviews.history.length + lines.length + ledger.records.length).toBeGreaterThan(0);
  expect(ledger.records.length).toBeLessThanOrEqual(50);
  expectAllHarmless(ledger.records, 1_024);
  for (const line of lines) expectHarmless(line, 1_200);
}
