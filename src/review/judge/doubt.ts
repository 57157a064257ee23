import { dayOf } from '../../base/clock';
import { type Connection, hasStatus, progressOf } from '../../connections/connection';
import { isOpen, type ConnectionState, type Unclear } from '../../operations/operation';
import { hasLasted, lagSeconds, unknownStateSeconds } from '../../operations/proof/timeouts';
import { hasOutlivedApproval } from '../../operations/timed-approval';
import { isOfAnotherEndpoint, observe } from '../observe';
import { undecidedRecord } from '../records';
import type { ReviewInput } from '../review-job';
import type { ConnectionPlan } from './connection-plan';

/** What keeps a connection from being decided by what was read now. */
export interface Doubt {
  readonly unclear: Unclear;
  /** Whether it may be decided all the same. */
  readonly isDecided: boolean;
  /** When ARM wants to be asked again at the earliest; 0 when it said nothing. */
  readonly retryAfterSeconds: number;
}

interface Reason {
  readonly why: string;
  /** Whether it is waited for within a bound only: nobody knows whether it ever changes. */
  readonly isBounded: boolean;
  readonly retryAfterSeconds?: number | undefined;
}

/** Finds out why a connection may have to wait; `undefined` when nothing speaks against deciding it. */
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
  // What ends an approval needs no more than that it stands, and that no rule keeps it.
  const ends = isBounded && hasOutlivedApproval(connection, previous, input.now);
  return { unclear, isDecided: hasWaited || ends, retryAfterSeconds };
}

function reasonFor(
  { unread, retryAfterSeconds }: ReviewInput,
  connection: Connection,
  previous: ConnectionState | undefined,
): Reason | undefined {
  const { provisioningState, endpoint } = connection;
  // First of all: no bound on anything else lets it be decided on facts that are only missing now.
  if (endpoint !== undefined && unread.has(endpoint.key))
    return { why: 'its endpoint could not be read', isBounded: false, retryAfterSeconds };
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

function unknownState(provisioningState: string | undefined): string {
  return provisioningState === undefined
    ? 'ARM shows no provisioningState'
    : `nobody documented what provisioningState ${JSON.stringify(provisioningState.slice(0, 100))} means`;
}

/** After so long, what could not be decided is told of, once a day. */
const recordAfterSeconds = 15 * 60;
const longestPauseSeconds = 15 * 60;

/** Leaves a connection undecided: remembers since when, tells of it once a day, and asks for another look. */
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
  const isChanged =
    previous === undefined || previous.unclear !== kept || previous.missingSince !== undefined;
  const ageSeconds = (now.getTime() - Date.parse(unclear.since)) / 1000;
  const pause = Math.ceil(Math.min(longestPauseSeconds, Math.max(minPollSeconds, ageSeconds)));
  return {
    records: isToRecord ? [undecidedRecord(input, connection, { firstSeen, why: unclear.why })] : [],
    row: isChanged ? { ...known, missingSince: undefined, unclear: kept } : undefined,
    againSeconds: Math.max(pause, retryAfterSeconds),
  };
}

/** What no rule concerns, and of which nothing is open, nobody waits for. */
function isConcerned(
  { policy }: ReviewInput,
  connection: Connection,
  previous: ConnectionState | undefined,
): boolean {
  if (policy.statuses.some((status) => hasStatus(connection, status))) return true;
  if (previous === undefined) return false;
  const { operation, decisionId, approval } = previous;
  return decisionId !== undefined || approval !== undefined || (operation !== undefined && isOpen(operation));
}

/**
 * Tells whether a reading lags behind an operation that has ended: it shows the status from before the write, which its proof
 * has not. Past the bound it is no lag, but somebody's act.
 */
export function isLagging(
  { now, minPollSeconds }: ReviewInput,
  connection: Connection,
  previous: ConnectionState | undefined,
): boolean {
  const operation = previous?.operation;
  if (previous === undefined || operation?.endedAt === undefined) return false;
  if (operation.state !== 'applied' && operation.state !== 'superseded') return false;
  const before = operation.ticket?.statusBefore ?? operation.decided.status ?? '';
  const isBack = hasStatus(connection, before) && !hasStatus(previous, connection.status);
  if (!isBack || isOfAnotherEndpoint(previous, connection)) return false;
  const ageMs = now.getTime() - Date.parse(operation.endedAt);
  return ageMs >= 0 && ageMs < lagSeconds(minPollSeconds) * 1000;
}
