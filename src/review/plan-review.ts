import type { AuditRecord } from '../audit/audit-record';
import type { WriteEffect } from '../connections/connection-store';
import { idKey } from '../connections/resource-id';
import type { ConnectionState } from '../operations/operation';
import { absenceSeconds } from '../operations/proof/timeouts';
import type { Planned } from '../operations/write/planned';
import { judge, settle } from './judge/judge-connection';
import type { ConnectionPlan } from './judge/connection-plan';
import { lapsedByChange } from './judge/person-answer';
import { asEnded, reconcileMissing } from './observe';
import { malformedRecord } from './records';
import type { FactsRead } from './facts/read-facts';
import type { ReviewInput, ReviewJob, ReviewPorts } from './review-job';
import type { ReviewRequest } from './queue/review-request';
import { dayOf } from '../base/clock';
import type { ConnectionListing } from '../connections/connection-store';
import type { SpentRequest, TargetState } from '../operations/operation-store';
import { nothingExpected } from '../policy/expected/expected-requests';
import { findAnnouncements } from './facts/announcements';
import { takePending } from './unrecorded';

/** Everything that a review will do, computed before it does any of it. */
export interface ReviewPlan {
  /** The audit records, written first. */
  readonly records: readonly AuditRecord[];
  /** The changed rows, written second. */
  readonly rows: readonly ConnectionState[];
  /** The announcements that approvals of this review use: nobody else may use them. */
  readonly spent: readonly SpentRequest[];
  /** The writes, sent after that, one at a time, in this order. */
  readonly writes: readonly Planned[];
  /** Whether an operation on this target is running: nothing else may be written. */
  readonly running: boolean;
  /**
   * The seconds until the next review, if some connection is in progress, lags behind an ended
   * operation, was not listed, or has a fact that could not be read now. Absent if nothing is left
   * open.
   */
  readonly againSeconds: number | undefined;
}

/** What a review has read. */
export interface Reading {
  readonly state: TargetState;
  readonly startedAt: Date;
  readonly listing: ConnectionListing | undefined;
  readonly facts: FactsRead;
}

/** Builds the input of a plan from what was read, and plans the review. */
export function planFrom(
  ports: Pick<ReviewPorts, 'pace' | 'standbyAfterSeconds'>,
  job: Pick<ReviewJob, 'target' | 'policy' | 'request'>,
  reading: Reading,
): ReviewPlan {
  return planReview(inputFrom(ports, job, reading));
}

/** Builds the input of a plan from what was read. Pure. */
export function inputFrom(
  { pace, standbyAfterSeconds }: Pick<ReviewPorts, 'pace' | 'standbyAfterSeconds'>,
  { target, policy, request }: Pick<ReviewJob, 'target' | 'policy' | 'request'>,
  { state, startedAt, listing, facts }: Reading,
): ReviewInput {
  const { connections, malformed } = listing ?? { connections: [], malformed: [] };
  return {
    target,
    policy,
    connectionStates: state.connectionStates,
    nextGeneration: state.nextGeneration,
    listing: { connections, malformed },
    targetDetails: facts.details,
    endpoints: facts.endpoints,
    networks: facts.networks,
    tenants: facts.tenants,
    subscriptions: facts.subscriptions,
    proofs: facts.proofs,
    lists: facts.lists,
    expected: findAnnouncements({
      target,
      requests: policy.reads.expected ? policy.expected : nothingExpected,
      state,
      listing: connections,
      tenants: facts.tenants,
      now: startedAt,
    }),
    unread: facts.unread,
    retryAfterSeconds: facts.retryAfterSeconds,
    minPollSeconds: pace.minPollSeconds(target.type),
    now: startedAt,
    swept: isFoundLate(state, request),
    isFirstToday: dayOf(state.reviewedAt ?? '') !== dayOf(startedAt.toISOString()),
    isRetry: request.origin === 'person',
    traceId: request.traceId,
    standbyAfterSeconds,
  };
}

/**
 * Tells whether connections that are new to Postern were missed by events. Events cannot have
 * reported those that existed before Postern's first sweep.
 */
function isFoundLate({ reviewedAt }: TargetState, { origin }: ReviewRequest): boolean {
  return origin === 'sweep' || (origin === 'first sweep' && reviewedAt !== undefined);
}

/**
 * Plans a review: decides every connection of a target. Pure: the same input gives the same plan,
 * with the same ids.
 */
export function planReview(reviewed: ReviewInput): ReviewPlan {
  const input = { ...reviewed, connectionStates: reviewed.connectionStates.map(asEnded) };
  const known = new Map(
    input.connectionStates.map((connectionState) => [connectionState.connection.key, connectionState]),
  );
  const verdicts = [
    ...input.listing.connections.map((connection) => judge(input, connection, known.get(connection.id.key))),
    ...unlisted(input).map(({ row, isMissing }) =>
      isMissing ? planMissing(input, row) : planMalformed(row),
    ),
  ];
  const waits = verdicts.flatMap(({ againSeconds }) => againSeconds ?? []);
  return {
    records: [
      ...input.listing.malformed.map((item) => malformedRecord(input, item)),
      ...verdicts.flatMap((verdict) => verdict.records ?? []),
    ],
    rows: verdicts.flatMap((verdict) => verdict.row ?? []),
    spent: verdicts.flatMap(({ spends }) => spends ?? []),
    writes: verdicts.flatMap((verdict) => verdict.write ?? []).sort(inOrder),
    running: verdicts.some((verdict) => verdict.running === true),
    againSeconds: waits.length === 0 ? undefined : Math.min(...waits),
  };
}

/**
 * Lists the known connections that were not read: missing, unless the listing contains a malformed
 * item that may be the connection.
 */
function unlisted({
  connectionStates,
  listing,
}: ReviewInput): readonly { row: ConnectionState; isMissing: boolean }[] {
  const read = new Set(listing.connections.map(({ id }) => id.key));
  const unread = new Set(listing.malformed.map(({ id }) => idKey(id)));
  // A malformed item without an id may be any connection.
  const mayBeAny = unread.has('');
  return connectionStates
    .filter(({ connection }) => !read.has(connection.key))
    .map((row) => ({ row, isMissing: !mayBeAny && !unread.has(row.connection.key) }));
}

/** Plans nothing for a connection that is listed but malformed. */
function planMalformed({ operation }: ConnectionState): ConnectionPlan {
  return { running: operation?.state === 'running' };
}

function planMissing(input: ReviewInput, missing: ConnectionState): ConnectionPlan {
  const { now, minPollSeconds } = input;
  // The poller of the running operation proves that the connection is gone.
  if (missing.operation?.state === 'running') return { running: true };
  const pending = takePending(missing);
  const seconds = absenceSeconds(minPollSeconds);
  const { absence, ...reconciled } = reconcileMissing(pending.connectionState, now, seconds);
  const lapsed = lapsedByChange(input, missing, reconciled.connectionState);
  return {
    ...settle(
      missing,
      { ...reconciled, records: [...pending.records, ...lapsed, ...reconciled.records] },
      [],
    ),
    ...(absence === 'missing' ? { againSeconds: seconds } : {}),
  };
}

const turns: readonly WriteEffect[] = ['approve', 'reject', 'delete'];

/** Orders writes: approvals first, because somebody waits for them, then by age. */
function inOrder(one: Planned, other: Planned): number {
  const turn = turns.indexOf(one.operation.effect) - turns.indexOf(other.operation.effect);
  return turn !== 0 ? turn : one.operation.plannedAt.localeCompare(other.operation.plannedAt);
}
