import type { AuditRecord } from '../audit/audit-record';
import type { WriteEffect } from '../connections/connection-store';
import { idKey } from '../connections/resource-id';
import type { ConnectionState } from '../operations/operation';
import { absenceSeconds } from '../operations/proof/timeouts';
import type { Planned } from '../operations/write/planned';
import { judge, settle } from './judge/judge-connection';
import type { ConnectionPlan } from './judge/connection-plan';
import { asEnded, reconcileMissing } from './observe';
import { malformedRecord } from './records';
import type { FactsRead } from './facts/read-facts';
import type { ReviewInput, ReviewJob, ReviewPorts } from './review-job';
import type { ReviewRequest } from './queue/review-request';
import { dayOf } from '../base/clock';
import type { ConnectionListing } from '../connections/connection-store';
import type { TargetState } from '../operations/operation-store';
import { takePending } from './unrecorded';

/** Everything a review will do, before it does any of it. */
export interface ReviewPlan {
  /** Durable first. */
  readonly records: readonly AuditRecord[];
  /** Durable second: the rows that changed. */
  readonly rows: readonly ConnectionState[];
  /** Then these, one at a time. */
  readonly writes: readonly Planned[];
  /** An operation on this target is under way: nothing else may be written. */
  readonly running: boolean;
  /**
   * Some connection is in between, lags behind an operation that has ended, was not listed, or has a fact that could not be
   * read now: the target must be looked at again after so many seconds. Absent when nothing is left open.
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

/** Builds the input of a plan from what was read, and plans it. */
export function planFrom(
  { pace }: ReviewPorts,
  { target, policy, request }: ReviewJob,
  { state, startedAt, listing, facts }: Reading,
): ReviewPlan {
  return planReview({
    target,
    policy,
    connectionStates: state.connectionStates,
    nextGeneration: state.nextGeneration,
    listing: listing ?? { connections: [], malformed: [] },
    targetDetails: facts.details,
    endpoints: facts.endpoints,
    unread: facts.unread,
    retryAfterSeconds: facts.retryAfterSeconds,
    minPollSeconds: pace.minPollSeconds(target.type),
    now: startedAt,
    swept: isFoundLate(state, request),
    isFirstToday: dayOf(state.reviewedAt ?? '') !== dayOf(startedAt.toISOString()),
    isRetry: request.origin === 'person',
    traceId: request.traceId,
  });
}

/** What was there before Postern's first sweep, no event can have told of. */
function isFoundLate({ reviewedAt }: TargetState, { origin }: ReviewRequest): boolean {
  return origin === 'sweep' || (origin === 'first sweep' && reviewedAt !== undefined);
}

/** Decides every connection of a target. Pure: the same input gives the same plan, with the same ids. */
export function planReview(reviewed: ReviewInput): ReviewPlan {
  const input = { ...reviewed, connectionStates: reviewed.connectionStates.map(asEnded) };
  const known = new Map(
    input.connectionStates.map((connectionState) => [connectionState.connection.key, connectionState]),
  );
  const verdicts = [
    ...input.listing.connections.map((connection) => judge(input, connection, known.get(connection.id.key))),
    ...unlisted(input).map(({ row, isMissing }) => (isMissing ? miss(input, row) : leave(row))),
  ];
  const waits = verdicts.flatMap(({ againSeconds }) => againSeconds ?? []);
  return {
    records: [
      ...input.listing.malformed.map((item) => malformedRecord(input, item)),
      ...verdicts.flatMap((verdict) => verdict.records ?? []),
    ],
    rows: verdicts.flatMap((verdict) => verdict.row ?? []),
    writes: verdicts.flatMap((verdict) => verdict.write ?? []).sort(inOrder),
    running: verdicts.some((verdict) => verdict.running === true),
    againSeconds: waits.length === 0 ? undefined : Math.min(...waits),
  };
}

/** Known, and not listed as it is known: missing, unless it was listed and could not be read. */
function unlisted({
  connectionStates,
  listing,
}: ReviewInput): readonly { row: ConnectionState; isMissing: boolean }[] {
  const read = new Set(listing.connections.map(({ id }) => id.key));
  const unread = new Set(listing.malformed.map(({ id }) => idKey(id)));
  // Without an id it may be any of them.
  const mayBeAny = unread.has('');
  return connectionStates
    .filter(({ connection }) => !read.has(connection.key))
    .map((row) => ({ row, isMissing: !mayBeAny && !unread.has(row.connection.key) }));
}

/** It is there, and nothing is known of it now. */
function leave({ operation }: ConnectionState): ConnectionPlan {
  return { running: operation?.state === 'running' };
}

function miss({ now, minPollSeconds }: ReviewInput, lost: ConnectionState): ConnectionPlan {
  // Whoever polls it proves that it is gone.
  if (lost.operation?.state === 'running') return { running: true };
  const pending = takePending(lost);
  const seconds = absenceSeconds(minPollSeconds);
  const { absence, ...reconciled } = reconcileMissing(pending.connectionState, now, seconds);
  return {
    ...settle(lost, reconciled, pending.records),
    ...(absence === 'missing' ? { againSeconds: seconds } : {}),
  };
}

const turns: readonly WriteEffect[] = ['approve', 'reject', 'delete'];

/** Those who wait for an approval first, then by age. */
function inOrder(one: Planned, other: Planned): number {
  const turn = turns.indexOf(one.operation.effect) - turns.indexOf(other.operation.effect);
  return turn !== 0 ? turn : one.operation.plannedAt.localeCompare(other.operation.plannedAt);
}
