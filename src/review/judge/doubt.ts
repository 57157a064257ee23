import { dayOf } from '../../base/clock';
import { type Connection, hasStatus, progressOf } from '../../connections/connection';
import { isOpen, type ConnectionState, type Unclear } from '../../operations/operation';
import { hasLasted, lagSeconds, unknownStateSeconds } from '../../operations/proof/timeouts';
import { hasOutlivedApproval } from '../../operations/timed-approval';
import { isOfAnotherEndpoint, observe } from '../observe';
import { undecidedRecord } from '../records';
import type { ReviewInput } from '../review-job';
import type { ConnectionPlan } from './connection-plan';
import { foundRequesterOf, secondsToSecondFinding } from './requester-search';

/** The reason why a connection should not be decided from the current reading. */
export interface Doubt {
  readonly unclear: Unclear;
  /** Whether the connection may be decided nevertheless. */
  readonly isDecided: boolean;
  /** The seconds after which ARM accepts the next read; 0 if it named none. */
  readonly retryAfterSeconds: number;
}

interface Reason {
  readonly why: string;
  /** Whether Postern waits for a limited time only, because the state may never change. */
  readonly isBounded: boolean;
  readonly retryAfterSeconds?: number | undefined;
}

/**
 * Finds the reason why a connection may have to wait; `undefined` if nothing speaks against
 * deciding it.
 */
export function doubtOf(
  input: ReviewInput,
  connection: Connection,
  previous: ConnectionState | undefined,
): Doubt | undefined {
  const reason = reasonFor(input, connection, previous);
  if (reason === undefined) return undefined;
  const { why, isBounded, retryAfterSeconds = 0 } = reason;
  const before = previous?.unclear;
  const unclear = before?.why === why ? before : { ...before, since: input.now.toISOString(), why };
  const hasWaited =
    isBounded && hasLasted(unclear.since, unknownStateSeconds(input.minPollSeconds), input.now);
  // Ending an approval only requires that it is in force and that no rule keeps it.
  const ends = isBounded && hasOutlivedApproval(connection, previous, input.now);
  return { unclear, isDecided: hasWaited || ends, retryAfterSeconds };
}

function reasonFor(
  input: ReviewInput,
  connection: Connection,
  previous: ConnectionState | undefined,
): Reason | undefined {
  const { unread, retryAfterSeconds } = input;
  const { provisioningState, endpoint } = connection;
  // This reason comes first: a connection must not be decided after a time limit while facts are
  // missing that can be read later.
  if (endpoint !== undefined && unread.has(endpoint.key))
    return { why: 'its endpoint could not be read', isBounded: false, retryAfterSeconds };
  const untilFound = secondsToSecondFinding(input, connection);
  if (untilFound !== undefined) return { why: foundOnce, isBounded: false, retryAfterSeconds: untilFound };
  switch (progressOf(connection)) {
    case 'working':
      return { why: `Azure is at work on it: provisioningState is ${provisioningState}`, isBounded: false };
    case 'unknown':
      return { why: unknownState(provisioningState), isBounded: true };
    case 'final':
      break;
  }
  if (
    endpoint === undefined &&
    previous !== undefined &&
    previous.endpointKey !== (connection.endpointText ?? '')
  )
    return { why: 'ARM has named its endpoint before, and does not now', isBounded: true };
  return undefined;
}

const foundOnce =
  'the resource of ours behind its endpoint was found, and a second review must find the same';

function unknownState(provisioningState: string | undefined): string {
  return provisioningState === undefined
    ? 'ARM shows no provisioningState'
    : `nobody documented what provisioningState ${JSON.stringify(provisioningState.slice(0, 100))} means`;
}

/** The seconds after which a connection that could not be decided is recorded, once a day. */
const recordAfterSeconds = 15 * 60;
const longestPauseSeconds = 15 * 60;

/**
 * Leaves a connection undecided: stores since when, records it once a day, and asks for another
 * review.
 */
export function leaveUndecided(
  input: ReviewInput,
  connection: Connection,
  previous: ConnectionState | undefined,
  { unclear, retryAfterSeconds }: Doubt,
): ConnectionPlan {
  if (!isConcerned(input, connection, previous)) return {};
  const { now, minPollSeconds } = input;
  const known = previous ?? observe(undefined, connection, now, input.nextGeneration);
  const { firstSeen } = known;
  const today = dayOf(now.toISOString());
  const isToRecord = hasLasted(firstSeen, recordAfterSeconds, now) && unclear.toldOn !== today;
  const kept = isToRecord ? { ...unclear, toldOn: today } : unclear;
  const foundRequester = foundRequesterOf(input, connection) ?? known.foundRequester;
  const isChanged =
    previous === undefined ||
    previous.unclear !== kept ||
    previous.foundRequester !== foundRequester ||
    previous.missingSince !== undefined;
  const ageSeconds = (now.getTime() - Date.parse(unclear.since)) / 1000;
  const pause = Math.ceil(Math.min(longestPauseSeconds, Math.max(minPollSeconds, ageSeconds)));
  return {
    records: isToRecord ? [undecidedRecord(input, connection, { firstSeen, why: unclear.why })] : [],
    row: isChanged ? { ...known, missingSince: undefined, unclear: kept, foundRequester } : undefined,
    againSeconds: Math.max(pause, retryAfterSeconds),
  };
}

/**
 * Tells whether the policy or open work concerns the connection. Nothing waits for any other
 * connection.
 */
function isConcerned(
  { policy }: ReviewInput,
  connection: Connection,
  previous: ConnectionState | undefined,
): boolean {
  if (policy.statuses.some((status) => hasStatus(connection, status))) return true;
  if (previous === undefined) return false;
  const { operation, decisionId, approval, answer } = previous;
  return (
    decisionId !== undefined ||
    approval !== undefined ||
    answer !== undefined ||
    (operation !== undefined && isOpen(operation))
  );
}

/** The ends that a reading of the connection has proven, or shown without proof. */
const endsByReading: ReadonlySet<string> = new Set(['applied', 'unproven', 'superseded']);

/**
 * Tells whether a reading lags behind an ended operation: it shows the status from before the
 * write, which the proof of the end did not show. After the bound it is no longer lag, but
 * somebody's change.
 */
export function isLagging(
  { now, minPollSeconds }: ReviewInput,
  connection: Connection,
  previous: ConnectionState | undefined,
): boolean {
  const operation = previous?.operation;
  if (previous === undefined || operation?.endedAt === undefined) return false;
  if (!endsByReading.has(operation.state)) return false;
  const before = operation.ticket?.statusBefore ?? operation.decided.status ?? '';
  const isBack = hasStatus(connection, before) && !hasStatus(previous, connection.status);
  if (!isBack || isOfAnotherEndpoint(previous, connection)) return false;
  const ageMs = now.getTime() - Date.parse(operation.endedAt);
  return ageMs >= 0 && ageMs < lagSeconds(minPollSeconds) * 1000;
}
