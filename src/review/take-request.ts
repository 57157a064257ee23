import { addSeconds } from '../base/clock';
import {
  parseEndpointId,
  parseResourceId,
  parseTargetId,
  targetOf,
  type TargetId,
} from '../connections/resource-id';
import { ArmError, describeError, hasCode, isStorageError } from '../base/errors';
import { backoffSeconds } from '../operations/retry';
import type { PolicyLoad, PolicySource } from '../policy/policy';
import { handleArmError, baseSeconds, requeue, usualBackoff, waitFor } from './failure/handle-arm-error';
import { reviewAgain } from './queue/review-again';
import type { ReviewJob, ReviewOutcome, ReviewTargetOptions } from './review-job';
import { isAnswered, reviewTarget } from './review-target';
import type { ReviewQueue, ReviewRequest } from './queue/review-request';
import type { HeldLease, TargetLease } from './target-lease';
import { recordPolicyProblem } from './failure/record-policy-problem';

export interface TakeRequestOptions extends ReviewTargetOptions {
  readonly policy: PolicySource;
  readonly lease: TargetLease;
  readonly reviews: ReviewQueue;
}

/** Answers one hint. Whatever stands in the way, the request is put back for later or told of: never dropped. */
export type TakeRequest = (request: ReviewRequest) => Promise<void>;

const suspendedSeconds = 5 * 60;
const leaseSeconds = 60;
const conflictSeconds = 5 * 60;

export function createTakeRequest(options: TakeRequestOptions): TakeRequest {
  const underReview = new Set<string>();
  return async (request) => {
    try {
      if (request.kind === 'endpoint') await takeEndpoint(options, request);
      else await takeTarget({ ...options, underReview }, request, parseTargetId(request.id));
    } catch (error) {
      if (hasCode(error, 'STORE_CONFLICT')) return handleConflict(options, request);
      if (isStorageError(error)) return handleStorageError(options, request, error);
      if (!(error instanceof ArmError)) throw error;
      await handleArmError(options, request, error);
    }
  };
}

async function takeTarget(
  options: TakeRequestOptions & { readonly underReview: Set<string> },
  request: ReviewRequest,
  target: TargetId,
): Promise<void> {
  const loaded = await options.policy.current();
  if (loaded.kind === 'refused') return suspend(options, request, loaded);
  if (loaded.refusedUpdate !== undefined) await recordPolicyProblem(options, 'refused', loaded.refusedUpdate);
  // Many hints come at once, and were put back: the review that they met has usually seen what they tell of.
  if (request.attempt > 0 && (await isAnswered(options, { target, request }))) return;
  const outcome = await reviewAlone(options, { target, policy: loaded.policy, request });
  if (outcome?.kind === 'read' && !outcome.isAnswered) await expectLater(options, request);
  if (outcome !== undefined) return;
  // Its holder may be dead: then the lease runs out within a minute, and many hints may wait for that.
  const wait = backoffSeconds(request.attempt, baseSeconds(options), leaseSeconds);
  options.logger.info(`${request.id}: again in ${wait} s, because the target is being reviewed`);
  // The hint stays as old as it is: the next review that begins has seen it, and many hints stay one review.
  return options.reviews.put({ ...request, attempt: request.attempt + 1 }, wait);
}

/** Under the target's lease, which nobody else holds then, in no process. Resolves to `undefined` when somebody does. */
async function reviewAlone(
  { underReview, ...options }: TakeRequestOptions & { readonly underReview: Set<string> },
  job: Omit<ReviewJob, 'fence'>,
): Promise<ReviewOutcome | undefined> {
  const { key } = job.target;
  // In this process: the lease need not be asked.
  if (underReview.has(key)) return undefined;
  underReview.add(key);
  try {
    const lease = await options.lease.acquire(job.target);
    if (lease === undefined) return undefined;
    try {
      const outcome = await reviewTarget(options, { ...job, fence: lease.fence });
      if (outcome.kind === 'read' && outcome.again !== undefined) {
        const { because: why, seconds } = outcome.again;
        await reviewAgain(options, { ...job, why, seconds, mark: outcome.mark, isReviewed: true });
      }
      return outcome;
    } finally {
      await release(options, lease);
    }
  } finally {
    underReview.delete(key);
  }
}

async function release(options: TakeRequestOptions, lease: HeldLease): Promise<void> {
  try {
    await lease.release();
  } catch (error) {
    options.logger.warn(`The lease was not released and will run out by itself. ${describeError(error)}`);
  }
}

/** The policy is not whole, so nothing is decided; the request waits until it is. */
async function suspend(
  options: TakeRequestOptions,
  request: ReviewRequest,
  load: Extract<PolicyLoad, { kind: 'refused' }>,
): Promise<void> {
  await recordPolicyProblem(options, 'suspended', load);
  const seconds = Math.min(suspendedSeconds, baseSeconds(options) * 3);
  await waitFor(options, request, { why: 'the policy did not load', backoff: () => seconds });
}

/** The connection may come minutes after its event. Each look waits a little longer than the one before. */
async function expectLater(options: TakeRequestOptions, request: ReviewRequest): Promise<void> {
  const delay = backoffSeconds(request.attempt, baseSeconds(options), 4 * 60);
  const comesAt = addSeconds(options.clock.now(), delay);
  if (request.lookUntil === undefined || comesAt > new Date(request.lookUntil)) {
    options.logger.info(
      `${request.id}: what the event announced did not come; the sweep will find it if it does`,
    );
    return;
  }
  await requeue(options, request, 'not there yet', delay);
}

/** The hint named only the requester's endpoint: its targets are read from ARM, then each is asked for. */
async function takeEndpoint(options: TakeRequestOptions, request: ReviewRequest): Promise<void> {
  const endpoint = parseEndpointId(request.id);
  const details = await options.resources.readEndpoint(endpoint.id);
  if (details === undefined) {
    options.logger.info(`${endpoint.id}: the endpoint is gone`);
    return;
  }
  const targets = details.targetIds.flatMap((id) => targetFrom(id) ?? []);
  if (details.targetIds.length === 0) return expectLater(options, { ...request, expects: 'any' });
  for (const target of targets) {
    await options.reviews.put(
      { ...request, kind: 'target', id: target.id, expects: endpoint.key, attempt: 0 },
      0,
    );
  }
}

function targetFrom(id: string): TargetId | undefined {
  try {
    return targetOf(parseResourceId(id));
  } catch {
    // Somebody else's kind of target: nothing of ours.
    return undefined;
  }
}

const conflict = 'somebody else changed the rows';

/** Its decisions may be recorded by now, so it comes again at once; only one that conflicts again and again waits for longer. */
async function handleConflict(options: TakeRequestOptions, request: ReviewRequest): Promise<void> {
  const attempt = request.because === conflict ? request.attempt : 0;
  await requeue(options, { ...request, attempt }, conflict, backoffSeconds(attempt, 1, conflictSeconds));
}

/** Five quick deliveries would make poison of it. If the queue is away, too, its message stays where it is. */
async function handleStorageError(
  options: TakeRequestOptions,
  request: ReviewRequest,
  error: unknown,
): Promise<void> {
  options.logger.warn(`${request.id}: ${describeError(error)}`);
  await requeue(options, request, 'storage is away', usualBackoff(options)(request.attempt));
}
