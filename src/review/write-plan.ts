import { addSeconds, isFromTheFuture, secondsUntil } from '../base/clock';
import { isSettled } from '../connections/connection';
import type { Fence, TargetDetails } from '../connections/connection-store';
import { targetProfiles } from '../connections/target-type';
import { PosternError } from '../base/errors';
import { sendWrite, type SendResult } from '../operations/send-write';
import type { Planned } from '../operations/write/planned';
import type { ConnectionState } from '../operations/operation';
import { hasLasted } from '../operations/proof/timeouts';
import { backoffSeconds } from '../operations/retry';
import { createLimitGuard } from './limits/limit-guard';
import type { ReviewPlan } from './plan-review';
import type { FactsRead } from './facts/read-facts';
import { freshMs, readingFor } from './facts/reading-age';
import type { Again, ReviewJob, ReviewPorts } from './review-job';

export interface Writing {
  readonly plan: ReviewPlan;
  readonly rows: ReadonlyMap<string, ConnectionState>;
  readonly facts: FactsRead;
  /** The monotonic clock's reading before the connections and the facts were read. */
  readonly readAtMs: number;
}

/** Facts that are older are all read again: no write leans on them. */
const longestReviewMs = 10 * 60_000;

/**
 * Carries a durable plan out: one write at a time, none past a limit, none on the strength of an old reading. Resolves to why
 * somebody must come back for what was left.
 */
export async function writePlan(
  ports: ReviewPorts,
  job: ReviewJob,
  writing: Writing,
): Promise<Again | undefined> {
  const { plan, facts } = writing;
  if (plan.running) return undefined;
  const stored = plan.writes.map((planned) => current(planned, writing.rows));
  if (isLocked(ports, job, stored, facts.details)) return retryLater(ports, job, 'locked');
  const guard = await createLimitGuard(ports, job, stored);
  let laterSeconds = Infinity;
  for (const planned of stored) {
    const { clock } = ports;
    if (clock.monotonicMs() - writing.readAtMs > longestReviewMs)
      return retryLater(ports, job, 'next in line');
    const early = secondsUntil(clock.now(), new Date(planned.operation.dueAt ?? 0));
    if (early > 0 && !isFromTheFuture(planned.operation.plannedAt, clock.now())) {
      laterSeconds = Math.min(laterSeconds, early);
      continue;
    }
    const readAtMs = await readingFor(ports, job, { planned, facts, readAtMs: writing.readAtMs });
    if (readAtMs === undefined) return retryLater(ports, job, 'next in line');
    const admitted = await guard.admit(planned);
    if (admitted === undefined) continue;
    const result = await sendWrite(ports, admitted, fenceFrom(ports, job, readAtMs));
    // Its end comes back to what is left.
    if (result.kind === 'running') return undefined;
    if (result.kind === 'lost') return retryLater(ports, job, 'patience');
    if (result.kind === 'later') return postpone(ports, job, result);
  }
  return laterSeconds === Infinity ? undefined : { because: 'patience', seconds: laterSeconds };
}

/** After the usual back-off. */
function retryLater(ports: ReviewPorts, job: ReviewJob, because: Again['because']): Again {
  return {
    because,
    seconds: backoffSeconds(
      job.request.attempt,
      ports.pace.minPollSeconds(job.target.type),
      longestAgainSeconds,
    ),
  };
}

const longestAgainSeconds = 15 * 60;

/** Asked right before the bytes leave: between the reading and them, storage and tokens may have taken their time. */
function fenceFrom({ clock }: ReviewPorts, { fence }: ReviewJob, readAtMs: number): Fence {
  return () => {
    fence();
    const ageMs = clock.monotonicMs() - readAtMs;
    if (ageMs <= freshMs) return;
    throw new PosternError('READING_STALE', `the connection was read ${Math.ceil(ageMs / 1000)} s ago`);
  };
}

/** As stored, and told of. */
function current(planned: Planned, rows: ReadonlyMap<string, ConnectionState>): Planned {
  const connectionState = rows.get(planned.connection.id.key) ?? planned.connectionState;
  return { ...planned, connectionState, operation: connectionState.operation ?? planned.operation };
}

/** Until then no review sends the write again, however many hints come. */
async function postpone(
  ports: ReviewPorts,
  job: ReviewJob,
  { connectionState, retryAfterSeconds, problem }: Extract<SendResult, { kind: 'later' }>,
): Promise<Again> {
  const backoff = backoffSeconds(
    job.request.attempt,
    ports.pace.minPollSeconds(job.target.type),
    longestPostponeSeconds,
  );
  const seconds = Math.min(retryAfterSeconds ?? backoff, longestRetryAfterSeconds);
  ports.logger.info(`The write must wait ${seconds} s. ${problem}`);
  const dueAt = addSeconds(ports.clock.now(), seconds).toISOString();
  await ports.operations.save(job.target, [
    { ...connectionState, operation: { ...connectionState.operation, dueAt } },
  ]);
  return { because: 'patience', seconds };
}

const longestPostponeSeconds = 5 * 60;
const longestRetryAfterSeconds = 60 * 60;

/**
 * An API Management service that is changing refuses every write; asking it would only cost a call. One that says so for longer
 * than any change was recorded to take is asked all the same.
 */
function isLocked(
  { clock }: ReviewPorts,
  { target }: ReviewJob,
  writes: readonly Planned[],
  details: TargetDetails | undefined,
): boolean {
  const { locksTarget, deadlineSeconds } = targetProfiles[target.type];
  if (!locksTarget || details === undefined || isSettled(details) || writes.length === 0) return false;
  const oldest = writes.map(({ operation }) => operation.plannedAt).sort()[0];
  return !hasLasted(oldest, deadlineSeconds, clock.now());
}
