import type { AuditLog } from '../audit/audit-log';
import { addSeconds, secondsUntil, type Clock } from '../clock';
import type {
  ConnectionListing,
  ConnectionStore,
  EndpointDetails,
  Fence,
  ResourceReader,
  TargetDetails,
} from '../connections/connection-store';
import { hasStatus, isSettled, type Connection } from '../connections/connection';
import type { TargetId } from '../connections/resource-id';
import { targetProfiles } from '../connections/target-type';
import { ArmError, describeError } from '../errors';
import type { Logger } from '../logger';
import type { Alarm } from '../operations/alarm';
import { carryOut, type CarryOut, type ScheduleRetry } from '../operations/carry-out';
import type { Sighting } from '../operations/operation';
import type { OperationStore, TargetState } from '../operations/operation-store';
import { backoffSeconds } from '../operations/retry';
import type { Policy } from '../policy/policy';
import { planReview, type PlannedWrite, type ReviewPlan } from './plan-review';
import type { ReviewRequest } from './review-request';

export interface ReviewTargetOptions {
  readonly operations: OperationStore;
  readonly connections: ConnectionStore;
  readonly resources: ResourceReader;
  readonly audit: AuditLog;
  readonly alarm: Alarm;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pollFloorSeconds?: number | undefined;
  readonly scheduleRetry: ScheduleRetry;
}

export interface ReviewJob {
  readonly target: TargetId;
  readonly policy: Policy;
  readonly request: ReviewRequest;
  readonly fence: Fence;
}

/** How a review ended: whether, and why, somebody must come back. */
export type ReviewOutcome =
  | { readonly kind: 'done'; readonly connections: readonly Connection[] }
  /** An earlier review began after the hint: it has seen all this. */
  | { readonly kind: 'seen' }
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'again';
      readonly because: 'unsettled' | 'locked' | 'patience' | 'next in line';
      readonly retryAfterSeconds: number | undefined;
    };

/**
 * One review, under the target's lease: reads the connections once, decides each, makes the decisions durable, then
 * writes, one operation at a time. @throws ArmError when the target cannot be read; nothing was written then.
 */
export async function reviewTarget(options: ReviewTargetOptions, job: ReviewJob): Promise<ReviewOutcome> {
  const state = await options.operations.load(job.target);
  if (wasSeen(state, job.request)) return { kind: 'seen' };
  const startedAt = options.clock.now();
  const listing = await options.connections.list(job.target);
  const { details, endpoints } = await readFacts(options, job, listing);
  const plan = planReview({
    target: job.target,
    policy: job.policy,
    sightings: state.sightings,
    listing: listing ?? { connections: [], unreadable: [] },
    targetDetails: details,
    endpoints,
    now: startedAt,
    swept: job.request.because === 'sweep',
    traceId: job.request.traceId,
  });
  const rows = await makeDurable(options, job.target, plan, startedAt);
  if (listing === undefined) return { kind: 'gone' };
  const outcome = await write(options, job, { plan, rows, details, startedAt });
  return outcome ?? { kind: 'done', connections: listing.connections };
}

/** Clocks of different machines differ by less than this. */
const clockSkewMs = 1_000;

function wasSeen(state: TargetState, request: ReviewRequest): boolean {
  if (state.reviewedAt === undefined) return false;
  if (Date.parse(state.reviewedAt) < Date.parse(request.hintedAt) + clockSkewMs) return false;
  if (hasUnfinishedWork(state)) return false;
  const { expects } = request;
  return expects === undefined || state.sightings.some((sighting) => sighting.endpointKey === expects);
}

/** Planned, and nothing under way whose end would come back to it: its review may have died before the write. */
function hasUnfinishedWork({ sightings }: TargetState): boolean {
  const states = sightings.map(({ operation }) => operation?.state);
  return states.includes('planned') && !states.includes('running');
}

interface FactsRead {
  readonly details: TargetDetails | undefined;
  readonly endpoints: ReadonlyMap<string, EndpointDetails>;
}

/** Facts that cost a call: only if a loaded rule reads them, or a write must know whether the target is locked. */
async function readFacts(
  options: ReviewTargetOptions,
  job: ReviewJob,
  listing: ConnectionListing | undefined,
): Promise<FactsRead> {
  const { policy, target } = job;
  const concerned = (listing?.connections ?? []).filter(
    (connection) => isSettled(connection) && policy.statuses.some((status) => hasStatus(connection, status)),
  );
  if (concerned.length === 0) return { details: undefined, endpoints: new Map() };
  const wantsDetails = policy.reads.target || targetProfiles[target.type].locksTarget;
  const details = wantsDetails
    ? await unlessForbidden(options, () => options.resources.readTarget(target))
    : undefined;
  const endpoints = new Map<string, EndpointDetails>();
  if (policy.reads.endpoint) {
    for (const { endpoint } of concerned) {
      if (endpoint === undefined || endpoints.has(endpoint.key)) continue;
      const read = await unlessForbidden(options, () => options.resources.readEndpoint(endpoint.id));
      if (read !== undefined) endpoints.set(endpoint.key, read);
    }
  }
  return { details, endpoints };
}

/** What Postern may not read stays absent, and a rule that reads it holds the connection. */
async function unlessForbidden<T>(
  options: ReviewTargetOptions,
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ArmError) || !absentCodes.has(error.code)) throw error;
    options.logger.warn(`A fact could not be read and stays absent. ${describeError(error)}`);
    return undefined;
  }
}

const absentCodes: ReadonlySet<string> = new Set(['ARM_FORBIDDEN', 'ARM_NOT_FOUND', 'ARM_REFUSED']);

/** Ledger first, rows second; only then may anything be written to ARM. Resolves to the rows as stored. */
async function makeDurable(
  options: ReviewTargetOptions,
  target: TargetId,
  plan: ReviewPlan,
  startedAt: Date,
): Promise<ReadonlyMap<string, Sighting>> {
  await options.audit.record(plan.records);
  const saved = await options.operations.save(target, plan.rows, startedAt.toISOString());
  return new Map(saved.map((sighting) => [sighting.connection.key, sighting]));
}

interface Writing {
  readonly plan: ReviewPlan;
  readonly rows: ReadonlyMap<string, Sighting>;
  readonly details: TargetDetails | undefined;
  readonly startedAt: Date;
}

/** A listing older than this is read again before anything is written on its strength. */
const freshSeconds = 20;

async function write(
  options: ReviewTargetOptions,
  job: ReviewJob,
  writing: Writing,
): Promise<ReviewOutcome | undefined> {
  const { plan, details } = writing;
  const unsettled = plan.unsettled ? again('unsettled') : undefined;
  if (plan.running) return unsettled;
  if (plan.writes.length > 0 && isLocked(job.target, details)) return again('locked');
  for (const planned of plan.writes) {
    const now = options.clock.now();
    if (now.getTime() - writing.startedAt.getTime() > freshSeconds * 1000) return again('next in line', 0);
    const early = secondsUntil(now, new Date(planned.operation.dueAt ?? 0));
    if (early > 0) return again('patience', early);
    const row = current(planned, writing.rows);
    const result = await carryOut(options, row, job.fence);
    if (result.kind === 'running') return unsettled;
    if (result.kind === 'lost') return again('patience');
    if (result.kind === 'later') return postpone(options, job, row, result);
  }
  return unsettled;
}

function current(planned: PlannedWrite, rows: ReadonlyMap<string, Sighting>): PlannedWrite {
  return { ...planned, sighting: rows.get(planned.connection.id.key) ?? planned.sighting };
}

/** Until then no review sends the write again, however many hints come. */
async function postpone(
  options: ReviewTargetOptions,
  job: ReviewJob,
  { sighting, operation }: PlannedWrite,
  { retryAfterSeconds, problem }: Extract<CarryOut, { kind: 'later' }>,
): Promise<ReviewOutcome> {
  const base = options.pollFloorSeconds ?? targetProfiles[job.target.type].pollFloorSeconds;
  const wait = retryAfterSeconds ?? backoffSeconds(job.request.attempt, base, longestBackoffSeconds);
  options.logger.info(`The write must wait ${wait} s. ${problem}`);
  const dueAt = addSeconds(options.clock.now(), wait).toISOString();
  await options.operations.save(job.target, [{ ...sighting, operation: { ...operation, dueAt } }]);
  return again('patience', wait);
}

const longestBackoffSeconds = 5 * 60;

/** An API Management service that is changing refuses every write; asking it would only cost a call. */
function isLocked(target: TargetId, details: TargetDetails | undefined): boolean {
  return targetProfiles[target.type].locksTarget && details !== undefined && !isSettled(details);
}

function again(
  because: 'unsettled' | 'locked' | 'patience' | 'next in line',
  retryAfterSeconds?: number,
): ReviewOutcome {
  return { kind: 'again', because, retryAfterSeconds };
}
