import { addSeconds, isFromTheFuture, secondsUntil } from '../../base/clock';
import type { Connection } from '../../connections/connection';
import type { WriteEffect } from '../../connections/connection-store';
import type { ConnectionState, Watch } from '../../operations/operation';
import { hasLasted } from '../../operations/proof/timeouts';
import { hasOutlivedApproval } from '../../operations/timed-approval';
import { askPolicy } from '../ask-policy';
import type { ReviewInput } from '../review-job';
import type { Answered } from './person-answer';

/** What a standby makes of an answer. */
export interface StandbyAnswer extends Answered {
  /** The seconds until the next review; absent if nothing is waited for. */
  readonly againSeconds?: number | undefined;
}

/** A connection that was answered, and its row from before the review. */
export interface Wish {
  readonly connection: Connection;
  readonly previous: ConnectionState | undefined;
  readonly answered: Answered;
  /** The write that the answer asks for; absent if it asks for none. */
  readonly effect: WriteEffect | undefined;
}

/**
 * Leaves a write to the first deployment for `standbyAfterSeconds`: the standby holds the connection until it has
 * itself seen, without a gap, that the write has been wanted and nobody has made it for that long. What is the standby's own
 * is not left to anybody: ends of its own timed approvals, and approvals of its own that a person takes back. Without
 * `standbyAfterSeconds`, returns the answer unchanged. Pure.
 */
export function leaveToFirst(
  input: ReviewInput,
  { connection, previous, answered, effect }: Wish,
): StandbyAnswer {
  const { standbyAfterSeconds: afterSeconds, now } = input;
  const { connectionState, decision } = answered;
  if (afterSeconds === undefined || decision === undefined || effect === undefined)
    return withWatch(answered, undefined);
  if (isOwn(input, { connection, answered })) return withWatch(answered, undefined);
  const known = previous?.missingSince === undefined ? connectionState.watch : undefined;
  const watch = watchOf(known, { effect, connectionState, afterSeconds, now });
  const watched = withWatch(answered, watch);
  if (hasLasted(watch.since, afterSeconds, now))
    return { ...watched, decision: { ...decision, standbySince: watch.since } };
  const until = addSeconds(new Date(watch.since), afterSeconds);
  const againSeconds = Math.max(1, Math.min(stepSeconds(afterSeconds), secondsUntil(now, until)));
  // The question that people answered must stay as it is, or their answer would be void.
  if (answered.person !== undefined) {
    const held = askPolicy(input, connection, connectionState);
    return { ...watched, decision: held, person: undefined, againSeconds };
  }
  const reason = `standby: waits until ${until.toISOString()}; then: ${decision.reason}`;
  return {
    ...watched,
    decision: { ...decision, effect: 'hold', reason, expireAfterSeconds: undefined },
    againSeconds,
  };
}

function isOwn(input: ReviewInput, { connection, answered }: Pick<Wish, 'connection' | 'answered'>): boolean {
  const { connectionState, decision, person } = answered;
  if (decision?.effect === 'delete' && hasOutlivedApproval(connection, connectionState, input.now))
    return true;
  return person !== undefined && connectionState.answer?.undoes !== undefined;
}

/**
 * The longest time between two reviews of which a standby may say that it has seen the connection in between. What is
 * requested again under the same name within it looks the same.
 */
function gapSeconds(afterSeconds: number): number {
  return Math.min(60 * 60, afterSeconds);
}

/** The time between two reviews of a connection that waits, in seconds: several fit into a gap. */
function stepSeconds(afterSeconds: number): number {
  return Math.min(15 * 60, Math.ceil(afterSeconds / 4));
}

/** Continues a watch, or begins a new one if the wish or the connection is another, or was not seen for too long. */
function watchOf(
  known: Watch | undefined,
  {
    effect,
    connectionState: { generation },
    afterSeconds,
    now,
  }: {
    readonly effect: WriteEffect;
    readonly connectionState: ConnectionState;
    readonly afterSeconds: number;
    readonly now: Date;
  },
): Watch {
  const seenAt = now.toISOString();
  const isContinued =
    known?.effect === effect &&
    known.generation === generation &&
    !isFromTheFuture(known.seenAt, now) &&
    !hasLasted(known.seenAt, gapSeconds(afterSeconds), now);
  if (!isContinued) return { effect, generation, since: seenAt, seenAt };
  return hasLasted(known.seenAt, stepSeconds(afterSeconds) / 2, now) ? { ...known, seenAt } : known;
}

function withWatch(answered: Answered, watch: Watch | undefined): Answered {
  const { connectionState } = answered;
  return connectionState.watch === watch
    ? answered
    : { ...answered, connectionState: { ...connectionState, watch } };
}
