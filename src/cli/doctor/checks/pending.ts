import type { AuditRecord } from '../../../audit/audit-record';
import { PosternError } from '../../../base/errors';
import { hasStatus } from '../../../connections/connection';
import { type ConnectionId, parseConnectionId, type TargetId } from '../../../connections/resource-id';
import { targetTypes } from '../../../connections/target-type';
import { isHeldByLimit, type Operation, type ConnectionState } from '../../../operations/operation';
import { limitedKindOf } from '../../../review/limits/write-limit';
import { type Check, type CheckRun, notChecked } from '../check';
import { type Examination, forEachSome, mostTargets } from '../examination';
import { ageText, type Finding, ok, problem, secondsSince, warning } from '../finding';

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
      run.report(ok('pending', `${facts.length} Pending, ${young} for no longer than ${minutes} minutes`));
      for (const each of old.slice(0, mostListed)) {
        const decided = await decidedRecord(examination, each, run);
        run.report(judgePending({ ...each, decided }, examination.clock.now()));
      }
      const rest = old.length - mostListed;
      if (rest > 0) run.report(warning('pending', `and ${rest} more for longer than ${minutes} minutes`));
      if (isCut)
        run.report(warning('pending', `on more than ${mostTargets} targets`, 'name some: --subscription'));
    },
  };
}

const mostListed = 5;

type PendingSeen = Omit<PendingFacts, 'decided'>;

/** Connections by target; a finder tells them ordered by target, and may name a target without connections. */
async function findPending({ sources, subscriptions }: Examination): Promise<{
  readonly found: readonly (readonly [TargetId, readonly ConnectionId[]])[];
  readonly isCut: boolean;
}> {
  const byTarget = new Map<string, readonly [TargetId, ConnectionId[]]>();
  const query = { subscriptions, types: targetTypes, statuses: ['Pending'] };
  for await (const { targetId, connectionId } of sources.arm().graph.find(query)) {
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

/** What Postern knows of each. */
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
      if (inRow > 0)
        report(warning(target.id, `could not be reviewed ${inRow} times in a row`, whyUnreviewed));
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

const whyUnreviewed = 'the ledger says why, in a record `failed` of the target; `permissions` may, too';

/** What was seen in another status says nothing of how long it has been Pending. */
function pendingOnly(connectionState: ConnectionState | undefined): ConnectionState | undefined {
  return connectionState !== undefined && hasStatus(connectionState, 'Pending') ? connectionState : undefined;
}

/** One that Postern has never seen may be old: nobody knows. */
function isOld({ connectionState }: PendingSeen, { clock, pendingMinutes }: Examination): boolean {
  if (connectionState === undefined) return true;
  return clock.now().getTime() - Date.parse(connectionState.firstSeen) > pendingMinutes * 60_000;
}

/** Those that nobody has seen come last: they may be new. */
function oldestFirst(one: PendingSeen, other: PendingSeen): number {
  return (one.connectionState?.firstSeen ?? '9').localeCompare(other.connectionState?.firstSeen ?? '9');
}

/** Only of one without an operation: an operation carries its own. */
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

export interface PendingFacts {
  readonly connection: ConnectionId;
  /** What Postern knows of it as Pending; absent when it never saw it so. */
  readonly connectionState: ConnectionState | undefined;
  /** The decision that stands; absent when there is none, or it cannot be read. */
  readonly decided: AuditRecord | undefined;
}

/** Why a connection is still Pending, and whether that is as it should be. */
export function judgePending({ connection, connectionState, decided }: PendingFacts, now: Date): Finding {
  const place = connection.id;
  if (connectionState === undefined) {
    const fix = 'if it is not new: is its target in a watched subscription, and does the sweep run?';
    return warning(place, 'never seen by Postern as Pending', fix);
  }
  const since = `Pending for ${ageText(secondsSince(connectionState.firstSeen, now))}`;
  const { operation, decisionId } = connectionState;
  if (operation !== undefined && operation.decisionId === decisionId)
    return judgeOperation({ place, since }, operation);
  if (connectionState.unclear !== undefined && decisionId === undefined)
    return warning(place, `${since}, and could not be decided: ${connectionState.unclear.why}`);
  if (decisionId === undefined)
    return problem(place, `${since}, seen and not decided`, 'does the policy load, and does the app run?');
  if (decided === undefined) return warning(place, `${since}, decided; the ledger has no record of it`);
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
    return warning(place, `${since}, held by ${by}: ${reason}`, 'a person must answer, or a rule be written');
  if (mode === 'audit')
    return warning(place, `${since}, would ${effect} (${by}), in audit mode`, 'enforce writes');
  return problem(place, `${since}, ${effect} decided (${by}), and nothing is under way`, retry(place));
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
      return warning(place, `${since}, ${effect} ${state}; its next look is due at ${dueAt ?? '?'}`);
    case 'abandoned':
      return problem(place, `${since}, ${effect} given up: ${error ?? 'cause unknown'}`, retry(place));
    case 'failed':
    case 'expired': {
      const next = retryAt === undefined ? '' : `; tried again after ${retryAt}`;
      return warning(place, `${since}, ${effect} ${state} at attempt ${attempt}: ${error ?? '?'}${next}`);
    }
    case 'applied':
    case 'superseded':
      return problem(place, `${since}, and its ${effect} counts as ${state}`, retry(place));
  }
}

function retry(id: string): string {
  return `postern retry ${id}`;
}
