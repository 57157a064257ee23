import type { RequestRecord } from '../../dev/azure';

/** One poll may read the operation's URL and then the connection, at once. */
const samePollMs = 500;

/** Returns when each poll of one target's operation began, in milliseconds since 1970: from the requests after the write. `ours`: in their order. */
export function pollTimes(
  ours: readonly Pick<RequestRecord, 'method' | 'startedRealMs'>[],
): readonly number[] {
  const written = ours.findIndex(({ method }) => method === 'PUT');
  if (written < 0) return [];
  const times: number[] = [];
  let last = -Infinity;
  for (const { startedRealMs } of ours.slice(written + 1)) {
    if (startedRealMs - last > samePollMs) times.push(startedRealMs);
    last = startedRealMs;
  }
  return times;
}
