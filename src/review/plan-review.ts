import type { AuditRecord } from '../audit/audit-record';
import type { WriteEffect } from '../connections/connection-store';
import { idKey } from '../connections/resource-id';
import type { Sighting } from '../operations/operation';
import { absenceSeconds } from '../operations/proof/patience';
import type { Planned } from '../operations/write/planned';
import { judge, settle } from './judge/judge-connection';
import type { Verdict } from './judge/verdict';
import { asEnded, missed } from './observe';
import { unreadableRecord } from './records';
import type { ReviewInput } from './review-job';
import { tellAgain } from './unrecorded';

/** Everything a review will do, before it does any of it. */
export interface ReviewPlan {
  /** Durable first. */
  readonly records: readonly AuditRecord[];
  /** Durable second: the rows that changed. */
  readonly rows: readonly Sighting[];
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

/** Decides every connection of a target. Pure: the same input gives the same plan, with the same ids. */
export function planReview(reviewed: ReviewInput): ReviewPlan {
  const input = { ...reviewed, sightings: reviewed.sightings.map(asEnded) };
  const known = new Map(input.sightings.map((sighting) => [sighting.connection.key, sighting]));
  const verdicts = [
    ...input.listing.connections.map((connection) => judge(input, connection, known.get(connection.id.key))),
    ...unlisted(input).map(({ row, isMissing }) => (isMissing ? miss(input, row) : leave(row))),
  ];
  const waits = verdicts.flatMap(({ againSeconds }) => againSeconds ?? []);
  return {
    records: [
      ...input.listing.unreadable.map((item) => unreadableRecord(input, item)),
      ...verdicts.flatMap((verdict) => verdict.records ?? []),
    ],
    rows: verdicts.flatMap((verdict) => verdict.row ?? []),
    writes: verdicts.flatMap((verdict) => verdict.write ?? []).sort(inOrder),
    running: verdicts.some((verdict) => verdict.running === true),
    againSeconds: waits.length === 0 ? undefined : Math.min(...waits),
  };
}

/** Known, and not listed as it is known: missing, unless it was listed and could not be read. */
function unlisted({ sightings, listing }: ReviewInput): readonly { row: Sighting; isMissing: boolean }[] {
  const read = new Set(listing.connections.map(({ id }) => id.key));
  const unread = new Set(listing.unreadable.map(({ id }) => idKey(id)));
  // Without an id it may be any of them.
  const mayBeAny = unread.has('');
  return sightings
    .filter(({ connection }) => !read.has(connection.key))
    .map((row) => ({ row, isMissing: !mayBeAny && !unread.has(row.connection.key) }));
}

/** It is there, and nothing is known of it now. */
function leave({ operation }: Sighting): Verdict {
  return { running: operation?.state === 'running' };
}

function miss({ now, pollFloorSeconds }: ReviewInput, lost: Sighting): Verdict {
  // Whoever polls it proves that it is gone.
  if (lost.operation?.state === 'running') return { running: true };
  const retold = tellAgain(lost);
  const seconds = absenceSeconds(pollFloorSeconds);
  const { absence, ...met } = missed(retold.sighting, now, seconds);
  return {
    ...settle(lost, met, retold.records),
    ...(absence === 'missing' ? { againSeconds: seconds } : {}),
  };
}

const turns: readonly WriteEffect[] = ['approve', 'reject', 'delete'];

/** Those who wait for an approval first, then by age. */
function inOrder(one: Planned, other: Planned): number {
  const turn = turns.indexOf(one.operation.effect) - turns.indexOf(other.operation.effect);
  return turn !== 0 ? turn : one.operation.plannedAt.localeCompare(other.operation.plannedAt);
}
