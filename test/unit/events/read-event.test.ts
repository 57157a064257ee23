import fc from 'fast-check';
import { parseResourceId } from '../../../src/connections/resource-id';
import type { EventReading } from '../../../src/events/hints';
import { hintsFromEvent } from '../../support/samples/four-types';
import { reviewRequestFrom } from '../../../src/events/take-event';
import { parseReviewRequest } from '../../../src/review/queue/review-request';
import {
  endpoint,
  endpointEvent,
  eventFiles,
  operationEvent,
  vault,
} from '../../support/samples/event-samples';

const receivedAt = new Date('2026-01-05T12:00:00.000Z');

describe('hintsFromEvent', () => {
  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['a list', [operationEvent('Write', 'Microsoft.Network/privateEndpoints/write', endpoint)]],
    ['an empty object', {}],
    ['a text that is not JSON', '{"eventType":'],
    ['a type that is no text', { eventType: 7, data: {} }],
    ['data that is no object', { ...operationEvent('Write', '', vault), data: 7 }],
    [
      'a notification without a resource',
      { eventType: 'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated', data: {} },
    ],
  ])('%s is malformed', (_, event) => {
    expect(hintsFromEvent(event)).toEqual({ kind: 'malformed', problem: expect.any(String) });
  });

  test.each(['Write', 'Action', 'Delete'] as const)(
    'a %s below a type that is called as what every object has is ignored',
    (kind) => {
      const event = operationEvent(kind, 'Microsoft.KeyVault/vaults/write', `${vault}/constructor/x`);
      expect(hintsFromEvent(event)).toEqual({ kind: 'ignored', reason: 'other-resource' });
      expect(hintsFromEvent(endpointEvent({ id: `${vault}/constructor/x` }))).toEqual({
        kind: 'ignored',
        reason: 'other-resource',
      });
    },
  );

  test('an event of another topic is ignored', () => {
    const event = { eventType: 'Microsoft.Storage.BlobCreated', subject: '/blob', data: {} };
    expect(hintsFromEvent(event)).toEqual({ kind: 'ignored', reason: 'other-event-type' });
  });

  test.each([
    ['arn-storage-createdorupdated.cloudevent.doc.json', 'ignored'],
    ['arn-storage-createdorupdated.eventgrid.doc.json', 'ignored'],
    ['resourceactionsuccess.doc.json', 'ignored'],
    ['resourcedeletesuccess.doc.json', 'ignored'],
    ['resourcewritesuccess.c7n-test.json', 'ignored'],
    ['resourcewritesuccess.doc.json', 'ignored'],
    ['subscription-filter-arn-privateendpoints.json', 'malformed'],
  ])('%s is %s', (name, kind) => {
    const file = eventFiles().find((candidate) => candidate.name === name);
    expect(hintsFromEvent(file?.event).kind).toBe(kind);
  });

  test('a text of more than a mebibyte is not taken apart', () => {
    const event = { ...operationEvent('Write', 'Microsoft.Network/privateEndpoints/write', endpoint) };
    const padded = JSON.stringify({ ...event, padding: 'x'.repeat(1024 * 1024) });
    expect(hintsFromEvent(padded)).toMatchObject({ kind: 'malformed' });
  });

  test('whatever comes in, there is a reading', () => {
    fc.assert(fc.property(fc.oneof(fc.anything(), fc.jsonValue(), fc.json()), expectSound));
  });

  test('whatever a known type of event carries, there is a reading', () => {
    const types = [
      'Microsoft.Resources.ResourceWriteSuccess',
      'Microsoft.Resources.ResourceActionSuccess',
      'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated',
      'Microsoft.ResourceNotifications.Resources.Deleted',
    ];
    const events = fc.record({
      eventType: fc.constantFrom(...types),
      subject: fc.oneof(fc.string(), fc.constant(vault), fc.jsonValue()),
      data: fc.oneof(
        fc.jsonValue(),
        fc.record({ resourceInfo: fc.record({ id: idLike(), properties: fc.jsonValue() }) }),
        fc.record({ operationName: idLike(), resourceUri: idLike() }),
      ),
    });
    fc.assert(fc.property(events, expectSound), { numRuns: 500 });
  });

  test('a real event with anything changed anywhere has a reading', () => {
    const originals = [
      ...eventFiles().map(({ event }) => event),
      endpointEvent({ targets: [vault], manualTargets: [`${vault}2`] }),
      operationEvent(
        'Write',
        'Microsoft.KeyVault/vaults/privateEndpointConnectionProxies/write',
        `${vault}/privateEndpointConnectionProxies/p`,
      ),
    ];
    const changed = fc
      .tuple(fc.constantFrom(...originals), fc.nat(), fc.oneof(fc.jsonValue(), idLike()))
      .map(([event, place, value]) => changedAt(event, place, value));
    fc.assert(fc.property(changed, expectSound), { numRuns: 1000 });
  });
});

describe('reviewRequestFrom', () => {
  test('an expected connection is looked for during twenty minutes', () => {
    expect(requestsFrom(endpointEvent({ targets: [vault] }), 'trace')).toEqual([
      {
        version: 1,
        kind: 'target',
        id: vault,
        hintedAt: '2026-01-05T12:00:00.000Z',
        because: 'event',
        expects: endpoint.toLowerCase(),
        lookUntil: '2026-01-05T12:20:00.000Z',
        attempt: 0,
        traceId: 'trace',
      },
    ]);
  });

  test('where nothing is expected there is no second look', () => {
    const event = operationEvent('Delete', '', `${vault}/privateEndpointConnections/c`);
    expect(requestsFrom(event, undefined)).toEqual([
      {
        version: 1,
        kind: 'target',
        id: vault,
        hintedAt: '2026-01-05T12:00:00.000Z',
        because: 'event',
        attempt: 0,
      },
    ]);
  });

  test.each(['', 'a\nb', 'a\u202eb', 'x'.repeat(101)])('a trace id such as %j is left out', (traceId) => {
    const [request] = requestsFrom(endpointEvent({ targets: [vault] }), traceId);
    expect(request).not.toHaveProperty('traceId');
  });

  test('an endpoint expects its own connection', () => {
    const event = operationEvent('Write', 'Microsoft.Network/privateEndpoints/write', endpoint);
    expect(requestsFrom(event, undefined)).toMatchObject([
      {
        kind: 'endpoint',
        id: endpoint,
        expects: endpoint.toLowerCase(),
        lookUntil: '2026-01-05T12:20:00.000Z',
      },
    ]);
  });

  test('every request can be read back from the queue', () => {
    const targets = Array.from({ length: 60 }, (_, index) => `${vault}${index}`);
    for (const request of requestsFrom(endpointEvent({ targets }), 'x'.repeat(500))) {
      expect(parseReviewRequest(JSON.parse(JSON.stringify(request)))).toEqual(request);
    }
  });
});

/** A reading that is well-formed, and whose every id can be parsed again. */
function expectSound(event: unknown): void {
  const reading: EventReading = hintsFromEvent(event);
  if (reading.kind === 'malformed') return expect(reading.problem).not.toBe('');
  if (reading.kind === 'ignored') return expect(reading.reason).not.toBe('');
  expect(reading.hints.length).toBeGreaterThan(0);
  for (const hint of reading.hints) {
    const request = reviewRequestFrom(hint, receivedAt, undefined);
    expect(parseResourceId(request.id).id).toBe(request.id);
    expect(parseReviewRequest(request)).toEqual(request);
  }
}

function requestsFrom(event: unknown, traceId: string | undefined) {
  const reading = hintsFromEvent(event);
  if (reading.kind !== 'hints') throw new Error(reading.kind);
  return reading.hints.map((hint) => reviewRequestFrom(hint, receivedAt, traceId));
}

/** Texts on both sides of the line between an id and none. */
function idLike(): fc.Arbitrary<string> {
  const segment = fc.constantFrom('..', '%2f', 'privateEndpointConnections', 'x\u202ey', '?', '', 'c', '#');
  return fc
    .tuple(
      fc.constantFrom(vault, endpoint, `${vault}/privateEndpointConnectionProxies/p`, ''),
      fc.array(segment),
    )
    .map(([start, rest]) => [start, ...rest].join('/'));
}

/** A copy in which the `place`-th value (modulo their number) is another one. */
function changedAt(event: unknown, place: number, value: unknown): unknown {
  let count = 0;
  JSON.stringify(event, (_key, inner: unknown) => {
    count += 1;
    return inner;
  });
  let index = -1;
  return JSON.parse(
    JSON.stringify(event, (_key, inner: unknown) => {
      index += 1;
      return index === place % count ? value : inner;
    }) ?? 'null',
  );
}
