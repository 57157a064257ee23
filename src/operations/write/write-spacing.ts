import { addSeconds } from '../../base/clock';

const windowSeconds = 60 * 60;
/**
 * The usual number of writes to one connection within an hour: an approval, a change of mind, a
 * revocation.
 */
const usualWrites = 4;
const spacingSeconds = 10 * 60;

/**
 * Computes when the next write to a connection may begin, from the times (ISO 8601) at which
 * Postern began earlier ones: at once, or ten minutes after the last one if there were many within
 * the hour. Rules that undo each other, or somebody who undoes every answer, therefore cost little,
 * and nobody can delay a revocation for longer.
 */
export function nextWriteAt(writes: readonly string[] | undefined, now: Date): Date {
  const recent = recentWrites(writes, now);
  const last = recent.at(-1);
  if (recent.length < usualWrites || last === undefined) return now;
  const next = addSeconds(new Date(last), spacingSeconds);
  return next > now ? next : now;
}

/** Returns the times of the last hour's writes with `now` added, at most four of them. */
export function withWrite(writes: readonly string[] | undefined, now: Date): readonly string[] {
  return [...recentWrites(writes, now), now.toISOString()].slice(-usualWrites);
}

function recentWrites(writes: readonly string[] | undefined, now: Date): readonly string[] {
  const since = addSeconds(now, -windowSeconds);
  return (writes ?? []).filter((at) => new Date(at) > since && new Date(at) <= now);
}
