import type { Connection } from '../../connections/connection';
import type { Planned } from '../../operations/write/planned';
import type { FactsRead } from './read-facts';
import { readDetails } from './read-facts';
import type { ReviewJob, ReviewPorts } from '../review-job';

/** What a write leans on is read again when it is older, and no write leaves past it. */
export const freshMs = 20_000;

interface Reading {
  readonly planned: Planned;
  /** The facts that it was decided by. */
  readonly facts: FactsRead;
  readonly readAtMs: number;
}

/**
 * Says when all that a write leans on was last read as it was decided by, on the monotonic clock: the connection, and the facts
 * of its endpoint and its target that some rule reads. Reads again what is older than 20 seconds. Resolves to `undefined` when
 * anything has changed since: then it is decided anew. Counts and `now` stay those of the review, which is at most 10 minutes old.
 */
export async function readingFor(
  ports: ReviewPorts,
  job: ReviewJob,
  { planned, facts, readAtMs }: Reading,
): Promise<number | undefined> {
  const { connection } = planned;
  const nowMs = ports.clock.monotonicMs();
  if (nowMs - readAtMs <= freshMs) return readAtMs;
  const seen = await ports.connections.get(connection.id);
  if (seen === undefined || !isSame(seen, connection)) return undefined;
  const { details, endpoint } = await readDetails(ports, job, { connection, facts });
  const known = connection.endpoint && facts.endpoints.get(connection.endpoint.key);
  const before = [facts.details && withoutState(facts.details), known];
  const now = [details && withoutState(details), endpoint];
  return JSON.stringify(before) === JSON.stringify(now) ? nowMs : undefined;
}

/** Whether a target is locked is asked in another place. */
function withoutState({ kind, location, tags }: NonNullable<FactsRead['details']>): readonly unknown[] {
  return [kind, location, Object.entries(tags).sort()];
}

/** In all that a decision leans on. */
function isSame(one: Connection, other: Connection): boolean {
  return (
    one.status === other.status &&
    one.message === other.message &&
    one.endpointText === other.endpointText &&
    one.provisioningState === other.provisioningState &&
    hasSameGroups(one.groupIds, other.groupIds)
  );
}

/** Not every reply names them. */
function hasSameGroups(some: readonly string[], others: readonly string[]): boolean {
  return some.length === 0 || others.length === 0 || some.join('\n') === others.join('\n');
}
