import { addSeconds } from '../../base/clock';

const windowSeconds = 60 * 60;
/** So many writes to one connection within an hour are usual: an approval, a change of mind, a revocation. */
const usualWrites = 4;
const spacingSeconds = 10 * 60;

/**
 * Says when the next write to a connection may begin, by the instants (ISO 8601) of those that Postern has begun: at once, or
 * ten minutes after the last one when there were many within the hour. So rules that undo each other, or somebody who undoes
 * every answer, cost little, and nobody can put off a revocation for longer.
 */
export function nextWriteAt(writes: readonly string[] | undefined, now: Date): Date {
  const recent = recentWrites(writes, now);
  const last = recent.at(-1);
  if (recent.length < usualWrites || last === undefined) return now;
  const next = addSeconds(new Date(last), spacingSeconds);
  return next > now ? next : now;
}

/** Keeps the instants of the last hour, with one more. */
export function withWrite(writes: readonly string[] | undefined, now: Date): readonly string[] {
  return [...recentWrites(writes, now), now.toISOString()].slice(-usualWrites);
}

function recentWrites(writes: readonly string[] | undefined, now: Date): readonly string[] {
  const since = addSeconds(now, -windowSeconds);
  return (writes ?? []).filter((at) => new Date(at) > since && new Date(at) <= now);
}
