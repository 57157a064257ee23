import type { ArmClient } from '../../../../src/azure/arm/client';
import { writeReplyFrom } from '../../../../src/azure/arm/connections/write-reply';
import { systemClock } from '../../../../src/base/clock';

const arm = { origin: 'https://management.azure.com', clock: systemClock } as ArmClient;

function shownBy(body: string): unknown {
  const reply = writeReplyFrom(
    arm,
    { url: '', httpStatus: 200, headers: { get: () => undefined }, body },
    [],
  );
  return reply.kind === 'accepted' ? reply.shows : reply;
}

const state = { status: 'Approved', description: 'fine' };

test('a reply with a body says what the connection is said to be', () => {
  const body = { properties: { provisioningState: 'Succeeded', privateLinkServiceConnectionState: state } };
  expect(shownBy(JSON.stringify(body))).toEqual({ status: 'Approved', provisioningState: 'Succeeded' });
});

test.each([
  '',
  'no JSON',
  'null',
  '[]',
  JSON.stringify({ properties: { privateLinkServiceConnectionState: state } }),
  JSON.stringify({ properties: { provisioningState: 'Succeeded' } }),
  JSON.stringify({ properties: { provisioningState: 7, privateLinkServiceConnectionState: state } }),
  JSON.stringify({
    properties: { provisioningState: 'x'.repeat(101), privateLinkServiceConnectionState: state },
  }),
])('any other body says nothing: %s', (body) => {
  expect(shownBy(body)).toBeUndefined();
});
