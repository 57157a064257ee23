import { Absences } from '../../../../../dev/explore/judge/absences';
import type { LocalReply, LocalRequest } from '../../../../../dev/azure';

const list = '/subscriptions/s/providers/Microsoft.KeyVault/vaults/KV/privateEndpointConnections';
const one = `${list}/one`;

function get(path: string): LocalRequest {
  const url = `https://management.azure.com${path}?api-version=1`;
  return { method: 'GET', url, headers: {}, body: new Uint8Array() };
}

function reply(status: number, ...ids: readonly string[]): LocalReply {
  const properties = { privateLinkServiceConnectionState: { status: 'Approved' } };
  return {
    kind: 'response',
    status,
    headers: {},
    body: JSON.stringify({ value: ids.map((id) => ({ id, properties })) }),
  };
}

function told(
  ...readings: readonly (readonly [seconds: number, path: string, reply: LocalReply])[]
): boolean {
  const absences = new Absences();
  for (const [seconds, path, given] of readings) absences.onReply(get(path), given, seconds * 1000);
  return absences.areTwo(one.toLowerCase(), 1_000_000);
}

test('two replies without the connection, a minute apart, say that it is gone', () => {
  expect(told([900, list, reply(200)], [960, one, reply(404)])).toBe(true);
  expect(told([900, list, reply(404)], [960, list, reply(200, `${list}/other`)])).toBe(true);
});

test('one reply does not, nor two at the same time, nor one that shows it, nor old ones, nor errors', () => {
  expect(told([960, one, reply(404)])).toBe(false);
  expect(told([959, list, reply(404)], [960, one, reply(404)])).toBe(false);
  expect(told([900, list, reply(200, one)], [960, list, reply(404)])).toBe(false);
  expect(told([100, list, reply(404)], [200, list, reply(404)])).toBe(false);
  expect(told([900, list, reply(503)], [960, list, reply(503)])).toBe(false);
  expect(told([900, `${list}/other`, reply(404)], [960, `${list}/other`, reply(404)])).toBe(false);
});
