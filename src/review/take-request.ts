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
import { handleArmError, requeue, usualBackoff, waitFor } from './failure/handle-arm-error';
import { reviewAgain } from './queue/review-again';
import type { ReviewJob, ReviewOutcome, ReviewPorts } from './review-job';
import { isAnswered } from './is-due';
import { reviewTarget } from './review-target';
import type { ReviewQueue, ReviewRequest } from './queue/review-request';
import type { HeldLease, TargetLease } from './target-lease';
import { recordPolicyProblem } from './failure/record-policy-problem';

export interface TakeRequestPorts extends ReviewPorts {
  readonly policy: PolicySource;
  readonly lease: TargetLease;
  readonly reviews: ReviewQueue;
}

/** Answers one hint. Whatever stands in the way, the request is put back for later or told of: never dropped. */
export type TakeRequest = (request: ReviewRequest) => Promise<void>;

const suspendedSeconds = 5 * 60;
const leaseSeconds = 60;
const conflictSeconds = 5 * 60;

export function createTakeRequest(ports: TakeRequestPorts): TakeRequest {
  const underReview = new Set<string>();
  return async (request) => {
    try {
      if (request.kind === 'endpoint') await takeEndpoint(ports, request);
      else await takeTarget({ ...ports, underReview }, request, parseTargetId(request.id));
    } catch (error) {
      if (hasCode(error, 'STORE_CONFLICT')) return handleConflict(ports, request);
      if (isStorageError(error)) return handleStorageError(ports, request, error);
      if (!(error instanceof ArmError)) throw error;
      await handleArmError(ports, request, error);
    }
  };
}

async function takeTarget(
  ports: TakeRequestPorts & { readonly underReview: Set<string> },
  request: ReviewRequest,
  target: TargetId,
): Promise<void> {
  const loaded = await ports.policy.current();
  if (loaded.kind === 'refused') return suspend(ports, request, loaded);
  if (loaded.refusedUpdate !== undefined) await recordPolicyProblem(ports, 'refused', loaded.refusedUpdate);
  // Many hints come at once, and were put back: the review that they met has usually seen what they tell of.
  if (request.attempt > 0 && (await isAnswered(ports, { target, request }))) return;
  const outcome = await reviewAlone(ports, { target, policy: loaded.policy, request });
  if (outcome?.kind === 'read' && !outcome.isAnswered) await expectLater(ports, request);
  if (outcome !== undefined) return;
  // Its holder may be dead: then the lease runs out within a minute, and many hints may wait for that.
  const wait = backoffSeconds(request.attempt, ports.pace.backoffSeconds, leaseSeconds);
  ports.logger.info(`${request.id}: again in ${wait} s, because the target is being reviewed`);
  // The hint stays as old as it is: the next review that begins has seen it, and many hints stay one review.
  return ports.reviews.put({ ...request, attempt: request.attempt + 1 }, wait);
}

/** Under the target's lease, which nobody else holds then, in no process. Resolves to `undefined` when somebody does. */
async function reviewAlone(
  { underReview, ...ports }: TakeRequestPorts & { readonly underReview: Set<string> },
  job: Omit<ReviewJob, 'fence'>,
): Promise<ReviewOutcome | undefined> {
  const { key } = job.target;
  // In this process: the lease need not be asked.
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
    ports.logger.warn(`The lease was not released and will run out by itself. ${describeError(error)}`);
  }
}

/** The policy is not whole, so nothing is decided; the request waits until it is. */
async function suspend(
  ports: TakeRequestPorts,
  request: ReviewRequest,
  load: Extract<PolicyLoad, { kind: 'refused' }>,
): Promise<void> {
  await recordPolicyProblem(ports, 'suspended', load);
  const seconds = Math.min(suspendedSeconds, ports.pace.backoffSeconds * 3);
  await waitFor(ports, request, { why: 'the policy did not load', backoff: () => seconds });
}

/** The connection may come minutes after its event. Each look waits a little longer than the one before. */
async function expectLater(ports: TakeRequestPorts, request: ReviewRequest): Promise<void> {
  const delay = backoffSeconds(request.attempt, ports.pace.backoffSeconds, 4 * 60);
  const comesAt = addSeconds(ports.clock.now(), delay);
  if (request.lookUntil === undefined || comesAt > new Date(request.lookUntil)) {
    ports.logger.info(
      `${request.id}: what the event announced did not come; the sweep will find it if it does`,
    );
    return;
  }
  await requeue(ports, request, 'not there yet', delay);
}

/** The hint named only the requester's endpoint: its targets are read from ARM, then each is asked for. */
async function takeEndpoint(ports: TakeRequestPorts, request: ReviewRequest): Promise<void> {
  const endpoint = parseEndpointId(request.id);
  const details = await ports.resources.readEndpoint(endpoint.id);
  if (details === undefined) {
    ports.logger.info(`${endpoint.id}: the endpoint is gone`);
    return;
  }
  const targets = details.targetIds.flatMap((id) => targetFrom(id) ?? []);
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
    // Somebody else's kind of target: nothing of ours.
    return undefined;
  }
}

const conflict = 'somebody else changed the rows';

/** Its decisions may be recorded by now, so it comes again at once; only one that conflicts again and again waits for longer. */
async function handleConflict(ports: TakeRequestPorts, request: ReviewRequest): Promise<void> {
  const attempt = request.because === conflict ? request.attempt : 0;
  await requeue(ports, { ...request, attempt }, conflict, backoffSeconds(attempt, 1, conflictSeconds));
}

/** Five quick deliveries would make poison of it. If the queue is away, too, its message stays where it is. */
async function handleStorageError(
  ports: TakeRequestPorts,
  request: ReviewRequest,
  error: unknown,
): Promise<void> {
  ports.logger.warn(`${request.id}: ${describeError(error)}`);
  await requeue(ports, request, 'storage is away', usualBackoff(ports)(request.attempt));
}
