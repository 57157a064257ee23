import { addSeconds } from '../base/clock';
import {
  parseEndpointId,
  parseResourceId,
  parseTargetId,
  targetOf,
  type TargetId,
} from '../connections/resource-id';
import type { TargetType } from '../connections/target-type';
import { ArmError, describeError, hasCode, isStorageError } from '../base/errors';
import type { Reading } from '../operations/poll/read-connection';
import { backoffSeconds } from '../operations/retry';
import type { Policy, PolicyLoad, PolicySource } from '../policy/policy';
import { handleArmError, requeue, usualBackoff, waitFor } from './failure/handle-arm-error';
import { reviewAgain } from './queue/review-again';
import type { ReviewJob, ReviewOutcome, ReviewPorts } from './review-job';
import { needsNoReview } from './is-due';
import { reviewTarget } from './review-target';
import type { ReviewQueue, ReviewRequest } from './queue/review-request';
import type { HeldLease, TargetLease } from './target-lease';
import { recordPolicyProblem } from './failure/record-policy-problem';

/** The ports of `createTakeRequest`. */
export interface TakeRequestPorts extends ReviewPorts {
  readonly policy: PolicySource;
  readonly lease: TargetLease;
  /** Tells which types of target are answered. */
  readonly answers: (type: TargetType) => boolean;
  readonly reviews: ReviewQueue;
}

/** How a review request is handled. */
export interface Handling {
  /**
   * Runs work that takes long, while something else stands for the request if the process dies. Default: runs it.
   */
  readonly guarded?: ((work: () => Promise<void>) => Promise<void>) | undefined;
  /** Called right before the target's connections are listed: a hint that comes later may not be answered. */
  readonly beforeListing?: (() => void) | undefined;
  /** A listing of the target's connections that was just made, with which the review begins. */
  readonly reading?: Reading | undefined;
  /** Whether the request comes right from its event, so that it has probably not been answered yet. */
  readonly isFresh?: boolean | undefined;
}

/** Handles one review request. */
export type TakeRequest = (request: ReviewRequest, handling?: Handling) => Promise<void>;

const suspendedSeconds = 5 * 60;
const leaseSeconds = 60;
const conflictSeconds = 5 * 60;

/**
 * Creates the handler of review requests, which reviews the target under its lease. A request is
 * never dropped silently: if another review of the target is running, another process changed its
 * rows, ARM or storage is unavailable, or the policy did not load, the request is queued again for
 * later, and lasting errors are recorded in the ledger. Safe to run twice with the same request.
 * @throws (the returned function) a storage error only if the queue is unavailable, too; the
 *   message then stays in its queue. Errors other than these and `ArmError` are thrown as they are.
 */
export function createTakeRequest(ports: TakeRequestPorts): TakeRequest {
  const underReview = new Set<string>();
  return async (request, handling = {}) => {
    try {
      await take({ ...ports, underReview }, request, handling);
    } catch (error) {
      if (hasCode(error, 'STORE_CONFLICT')) return handleConflict(ports, request);
      if (isStorageError(error)) return handleStorageError(ports, request, error);
      throw error;
    }
  };
}

async function take(
  ports: TakeRequestPorts & { readonly underReview: Set<string> },
  request: ReviewRequest,
  handling: Handling,
): Promise<void> {
  const { guarded = doAtOnce } = handling;
  try {
    if (request.kind === 'endpoint') await guarded(() => takeEndpoint(ports, request));
    else await takeTarget(ports, request, { ...handling, guarded, target: parseTargetId(request.id) });
  } catch (error) {
    if (!(error instanceof ArmError)) throw error;
    await handleArmError(ports, request, error);
  }
}

async function takeTarget(
  ports: TakeRequestPorts & { readonly underReview: Set<string> },
  request: ReviewRequest,
  handling: Handling & { readonly guarded: typeof doAtOnce; readonly target: TargetId },
): Promise<void> {
  const { target, isFresh = false, beforeListing, reading } = handling;
  if (!(await concernsUs(ports, target))) return;
  const loaded = await ports.policy.current();
  if (loaded.kind === 'refused') return suspend(ports, request, loaded);
  if (loaded.refusedUpdate !== undefined) await recordPolicyProblem(ports, 'refused', loaded.refusedUpdate);
  // Many hints arrive at once: a review has usually seen what they announce, or will when the
  // operation that it began has ended.
  if (!isFresh && mayBeAnswered(request) && (await needsNoReview(ports, { target, request }))) return;
  const { policy } = loaded;
  const isPolicyInForce = (): Promise<boolean> => isStillInForce(ports, policy);
  const job = { target, policy, isPolicyInForce, request, beforeListing, reading };
  await handling.guarded(async () => {
    const outcome = await reviewAlone(ports, job);
    if (outcome === undefined) await reviewLater(ports, request);
  });
}

function doAtOnce(work: () => Promise<void>): Promise<void> {
  return work();
}

/** Tells whether a review may have answered the request already: others are queued because none can have. */
function mayBeAnswered({ attempt, because }: ReviewRequest): boolean {
  return attempt > 0 || because === 'event';
}

/** Queues the request again, because another review of the target is running. */
async function reviewLater(ports: TakeRequestPorts, request: ReviewRequest): Promise<void> {
  // The holder of the lease may be dead: the lease then expires within a minute, and many hints may
  // wait for that.
  const wait = backoffSeconds(request.attempt, ports.pace.backoffSeconds, leaseSeconds);
  ports.logger.info(`${request.id}: reviewed again in ${wait} s (another review of the target is running)`);
  // The hint keeps its time: the next review that begins has seen it, so many hints cause one
  // review.
  return ports.reviews.put({ ...request, attempt: request.attempt + 1 }, wait);
}

async function isStillInForce(ports: TakeRequestPorts, { digest, mode, expected }: Policy): Promise<boolean> {
  const load = await ports.policy.current();
  if (load.kind !== 'loaded') return false;
  const now = load.policy;
  return now.digest === digest && now.mode === mode && now.expected.digest === expected.digest;
}

/**
 * Tells whether a target's type is answered, or was when Postern last answered it: what has been
 * promised there, such as the end of an approval, is kept.
 */
async function concernsUs(ports: TakeRequestPorts, target: TargetId): Promise<boolean> {
  if (ports.answers(target.type)) return true;
  if ((await ports.operations.load(target)).connectionStates.length > 0) return true;
  ports.logger.info(`${target.id}: TARGET_TYPES leaves this type out`);
  return false;
}

/**
 * Reviews the target under its lease, which no other process holds then. Resolves to `undefined` if
 * another review holds it.
 */
async function reviewAlone(
  { underReview, ...ports }: TakeRequestPorts & { readonly underReview: Set<string> },
  job: Omit<ReviewJob, 'fence'>,
): Promise<ReviewOutcome | undefined> {
  const { key } = job.target;
  // Another review runs in this process: no call to acquire the lease is needed.
  if (underReview.has(key)) return undefined;
  underReview.add(key);
  try {
    const lease = await ports.lease.acquire(job.target);
    if (lease === undefined) return undefined;
    try {
      const outcome = await reviewTarget(ports, { ...job, fence: lease.fence });
      if (outcome.kind === 'read' && outcome.again !== undefined) {
        const { because: why, seconds } = outcome.again;
        await reviewAgain(ports, { ...job, why, seconds, mark: outcome.mark, isReviewed: true });
      }
      return outcome;
    } finally {
      await release(ports, lease);
    }
  } finally {
    underReview.delete(key);
  }
}

async function release(ports: TakeRequestPorts, lease: HeldLease): Promise<void> {
  try {
    await lease.release();
  } catch (error) {
    ports.logger.warn(`The lease was not released and will expire by itself. ${describeError(error)}`);
  }
}

/**
 * Records that the policy did not load, so that nothing is decided, and queues the request again.
 */
async function suspend(
  ports: TakeRequestPorts,
  request: ReviewRequest,
  load: Extract<PolicyLoad, { kind: 'refused' }>,
): Promise<void> {
  await recordPolicyProblem(ports, 'suspended', load);
  const seconds = Math.min(suspendedSeconds, ports.pace.backoffSeconds * 3);
  await waitFor(ports, request, { why: 'the policy did not load', backoff: () => seconds });
}

/**
 * Queues the hint of an endpoint again until the endpoint names its targets, which may take minutes
 * after its event. Each delay is longer than the last.
 */
async function expectLater(ports: TakeRequestPorts, request: ReviewRequest): Promise<void> {
  const delay = backoffSeconds(request.attempt, ports.pace.backoffSeconds, 4 * 60);
  const comesAt = addSeconds(ports.clock.now(), delay);
  if (request.lookUntil === undefined || comesAt > new Date(request.lookUntil)) {
    ports.logger.info(
      `${request.id}: the endpoint named no target; a sweep will find its connection if it does later`,
    );
    return;
  }
  await requeue(ports, request, 'not there yet', delay);
}

/**
 * Reads the targets of an endpoint from ARM and queues a review of each, because the hint named
 * only the requester's endpoint.
 */
async function takeEndpoint(ports: TakeRequestPorts, request: ReviewRequest): Promise<void> {
  const endpoint = parseEndpointId(request.id);
  const details = await ports.resources.readEndpoint(endpoint.id);
  if (details === undefined) {
    ports.logger.info(`${endpoint.id}: the endpoint is gone`);
    return;
  }
  const targets = details.targetIds
    .flatMap((id) => targetFrom(id) ?? [])
    .filter(({ type }) => ports.answers(type));
  if (details.targetIds.length === 0) return expectLater(ports, { ...request, expects: 'any' });
  for (const target of targets) {
    await ports.reviews.put(
      { ...request, kind: 'target', id: target.id, expects: endpoint.key, attempt: 0 },
      0,
    );
  }
}

function targetFrom(id: string): TargetId | undefined {
  try {
    return targetOf(parseResourceId(id));
  } catch {
    // A target type that Postern does not support.
    return undefined;
  }
}

const conflict = 'somebody else changed the rows';

/**
 * Queues the request again at once, because its decisions may already be recorded. Only a request
 * that conflicts repeatedly waits longer.
 */
async function handleConflict(ports: TakeRequestPorts, request: ReviewRequest): Promise<void> {
  const attempt = request.because === conflict ? request.attempt : 0;
  await requeue(ports, { ...request, attempt }, conflict, backoffSeconds(attempt, 1, conflictSeconds));
}

/**
 * Queues the request again with a delay. Otherwise five quick deliveries would make the message
 * poison. If the queue is unavailable, too, the message stays where it is.
 */
async function handleStorageError(
  ports: TakeRequestPorts,
  request: ReviewRequest,
  error: unknown,
): Promise<void> {
  ports.logger.warn(`${request.id}: ${describeError(error)}`);
  await requeue(ports, request, 'storage is unavailable', usualBackoff(ports)(request.attempt));
}
