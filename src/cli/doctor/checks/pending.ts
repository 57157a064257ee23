import type { AuditRecord } from '../../../audit/audit-record';
import { PosternError } from '../../../base/errors';
import { hasStatus } from '../../../connections/connection';
import { type ConnectionId, parseConnectionId, type TargetId } from '../../../connections/resource-id';
import { isHeldByLimit, type Operation, type ConnectionState } from '../../../operations/operation';
import { limitedKindOf } from '../../../review/limits/write-limit';
import { type Check, type CheckRun, notChecked } from '../check';
import { type Examination, forEachSome, mostTargets } from '../examination';
import { ageText, type Finding, ok, problem, secondsSince, warning } from '../finding';

/** Creates the check of connections that have been Pending for long. */
export function pendingCheck(examination: Examination): Check {
  return {
    name: 'pending',
    title: 'Oldest Pending',
    async run(run) {
      const { found, isCut } = await findPending(examination);
      const facts = await readFacts(examination, found, run);
      const old = facts.filter((each) => isOld(each, examination)).sort(oldestFirst);
      const minutes = examination.pendingMinutes;
      const young = facts.length - old.length;
      run.report(ok('pending', `${facts.length} Pending, ${young} of them for at most ${minutes} minutes`));
      for (const each of old.slice(0, mostListed)) {
        const decided = await decidedRecord(examination, each, run);
        run.report(judgePending({ ...each, decided }, examination.clock.now()));
      }
      const rest = old.length - mostListed;
      if (rest > 0)
        run.report(
          warning('pending', `and ${rest} more that are Pending for longer than ${minutes} minutes`),
        );
      if (isCut)
        run.report(
          warning(
            'pending',
            `only the first ${mostTargets} targets were checked`,
            'check fewer subscriptions at once with --subscription',
          ),
        );
    },
  };
}

const mostListed = 5;

type PendingSeen = Omit<PendingFacts, 'decided'>;

/** Finds Pending connections by target. A finder may return a target without connections. */
async function findPending({ sources, subscriptions }: Examination): Promise<{
  readonly found: readonly (readonly [TargetId, readonly ConnectionId[]])[];
  readonly isCut: boolean;
}> {
  const byTarget = new Map<string, readonly [TargetId, ConnectionId[]]>();
  const { graph, types } = sources.arm();
  const query = { subscriptions, types, statuses: ['Pending'] };
  for await (const { targetId, connectionId } of graph.find(query)) {
    const entry = byTarget.get(targetId.key) ?? ([targetId, []] as const);
    if (!byTarget.has(targetId.key) && byTarget.size === mostTargets)
      return { found: [...byTarget.values()], isCut: true };
    byTarget.set(targetId.key, entry);
    const connection = connectionFrom(connectionId);
    if (connection !== undefined) entry[1].push(connection);
  }
  return { found: [...byTarget.values()], isCut: false };
}

function connectionFrom(text: string | undefined): ConnectionId | undefined {
  try {
    return text === undefined ? undefined : parseConnectionId(text);
  } catch (error) {
    if (error instanceof PosternError) return undefined;
    throw error;
  }
}

/** Reads what Postern knows about each connection. */
async function readFacts(
  { sources }: Examination,
  found: readonly (readonly [TargetId, readonly ConnectionId[]])[],
  { report, signal }: CheckRun,
): Promise<PendingSeen[]> {
  const { operations } = sources.records();
  const facts: PendingSeen[] = [];
  await forEachSome(found, signal, async ([target, connections]) => {
    try {
      const state = await operations.load(target);
      const { connectionStates } = state;
      const inRow = (state.troubles ?? 0) + (state.refusals ?? 0);
      if (inRow > 0) report(warning(target.id, `the last ${inRow} reviews failed`, whyUnreviewed));
      const known = new Map(
        connectionStates.map((connectionState) => [connectionState.connection.key, connectionState]),
      );
      for (const connection of connections)
        facts.push({ connection, connectionState: pendingOnly(known.get(connection.key)) });
    } catch (error) {
      report(notChecked(target.id, error));
    }
  });
  return facts;
}

const whyUnreviewed = 'see the target’s `failed` record in the ledger, and the permissions check';

/** Ignores a row in another status, which does not show how long the connection has been Pending. */
function pendingOnly(connectionState: ConnectionState | undefined): ConnectionState | undefined {
  return connectionState !== undefined && hasStatus(connectionState, 'Pending') ? connectionState : undefined;
}

/**
 * Returns whether a connection has been Pending for too long. One that Postern never observed
 * counts as old.
 */
function isOld({ connectionState }: PendingSeen, { clock, pendingMinutes }: Examination): boolean {
  if (connectionState === undefined) return true;
  return clock.now().getTime() - Date.parse(connectionState.firstSeen) > pendingMinutes * 60_000;
}

/**
 * Compares for sorting by age. Connections that Postern never observed come last, because they may
 * be new.
 */
function oldestFirst(one: PendingSeen, other: PendingSeen): number {
  return (one.connectionState?.firstSeen ?? '9').localeCompare(other.connectionState?.firstSeen ?? '9');
}

/** Reads the `decided` record of a connection's current decision. */
async function decidedRecord(
  { sources }: Examination,
  { connection, connectionState }: PendingSeen,
  { report }: CheckRun,
): Promise<AuditRecord | undefined> {
  if (connectionState?.decisionId === undefined) return undefined;
  try {
    return await sources.records().decisions.read(connection, connectionState.decisionId);
  } catch (error) {
    report(notChecked(connection.id, error));
    return undefined;
  }
}

/** What is known about one Pending connection. */
export interface PendingFacts {
  readonly connection: ConnectionId;
  /** Postern's row for the connection while Pending; absent if Postern never observed it as Pending. */
  readonly connectionState: ConnectionState | undefined;
  /** Record of the current decision; absent if there is none, or if it cannot be read. */
  readonly decided: AuditRecord | undefined;
}

/** Reports why a connection is still Pending, and whether that needs attention. */
export function judgePending({ connection, connectionState, decided }: PendingFacts, now: Date): Finding {
  const place = connection.id;
  if (connectionState === undefined) {
    const fix =
      'if it is not new, check that its target is in a watched subscription and that the sweep runs';
    return warning(place, 'Postern has not seen this connection as Pending', fix);
  }
  const since = `Pending for ${ageText(secondsSince(connectionState.firstSeen, now))}`;
  const { operation, decisionId } = connectionState;
  if (operation !== undefined && operation.decisionId === decisionId)
    return judgeOperation({ place, since }, operation);
  if (connectionState.unclear !== undefined && decisionId === undefined)
    return warning(place, `${since}; could not be decided: ${connectionState.unclear.why}`);
  if (decisionId === undefined)
    return problem(
      place,
      `${since}, seen but not decided`,
      'check that the policy loads and that the app runs',
    );
  if (decided === undefined)
    return warning(place, `${since}, decided, but the ledger has no record of the decision`);
  return judgeDecision({ place, since }, decided);
}

interface Reported {
  readonly place: string;
  readonly since: string;
}

function judgeDecision(
  { place, since }: Reported,
  { effect, mode, rules = [], reason = '' }: AuditRecord,
): Finding {
  const by = rules.length === 0 ? 'no rule' : rules.join(', ');
  if (effect === 'hold')
    return warning(
      place,
      `${since}, held by ${by}: ${reason}`,
      'approve or reject it yourself, or write a rule for it',
    );
  if (mode === 'audit')
    return warning(
      place,
      `${since}, audit mode: would ${effect} (${by})`,
      'to write, set the mode to enforce',
    );
  return problem(place, `${since}, decided ${effect} (${by}), but no operation is running`, retry(place));
}

function judgeOperation({ place, since }: Reported, operation: Operation): Finding {
  const { effect, state, attempt, error, retryAt, dueAt, limit } = operation;
  if (isHeldByLimit(operation)) {
    const kind = limitedKindOf(operation);
    const message = `${since}, ${effect} held by the limit of ${kind} since ${limit?.heldAt ?? '?'}`;
    return warning(place, message, `postern lift ${kind} --yes`);
  }
  switch (state) {
    case 'planned':
    case 'running':
      return warning(place, `${since}, ${effect} ${state}; next check at ${dueAt ?? '?'}`);
    case 'abandoned':
      return problem(place, `${since}, ${effect} abandoned: ${error ?? 'cause unknown'}`, retry(place));
    case 'failed':
    case 'expired': {
      const next = retryAt === undefined ? '' : `; next attempt after ${retryAt}`;
      return warning(
        place,
        `${since}, attempt ${attempt} to ${effect} ${state}: ${error ?? 'cause unknown'}${next}`,
      );
    }
    case 'applied':
    case 'unproven':
    case 'superseded':
      return problem(
        place,
        `${since}, although its operation (${effect}) is recorded as ${state}`,
        retry(place),
      );
  }
}

function retry(id: string): string {
  return `postern retry ${id}`;
}
