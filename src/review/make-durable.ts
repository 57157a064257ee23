import type { AuditRecord } from '../audit/audit-record';
import type { TargetId } from '../connections/resource-id';
import type { ConnectionState } from '../operations/operation';
import { markOf, type TargetMark, type TargetState } from '../operations/operation-store';
import type { ReviewPlan } from './plan-review';
import type { ReviewPorts } from './review-job';
import { pendingRecords, withoutPending } from './unrecorded';

interface Durable {
  readonly rows: ReadonlyMap<string, ConnectionState>;
  /** With this review's time, once all of it is remembered. */
  readonly mark: TargetMark;
}

/**
 * What begins is in its row first, with all that is to be told of it: whatever happens next, it is told and it ends. Then the
 * ledger, then every other row; only then may anything be written to ARM. Resolves to the rows as stored.
 */
export async function makeDurable(
  ports: ReviewPorts,
  target: TargetId,
  { plan, state, startedAt }: { plan: ReviewPlan; state: TargetState; startedAt: Date },
): Promise<Durable> {
  const rows = withFewRemovals(plan.rows);
  const mark = markAfter(state, rows, startedAt);
  // What was left open has not been seen to: until a look at it is promised, no hint counts as answered.
  const kept = plan.againSeconds === undefined ? { ...mark, againAt: undefined } : spentOnly(state, mark);
  const begun = rows.filter((row) => pendingRecords(row).length > 0);
  const isAll = isOneWrite(plan, begun);
  const first =
    begun.length === 0 ? [] : await ports.operations.save(target, begun, isAll ? kept : undefined);
  await ports.audit.record(recordsOf(plan, begun));
  // The one write that begins now clears its row itself.
  if (isAll) return { rows: byKey(first.map(withoutPending)), mark };
  const others = rows.filter((row) => pendingRecords(row).length === 0);
  const saved = await ports.operations.save(target, [...others, ...first.map(withoutPending)], kept);
  return { rows: byKey(saved), mark };
}

/**
 * Lists what the ledger must have before any row says that it does: the plan's records, and what an earlier review left
 * pending in a row whose connection this one could not decide.
 */
function recordsOf({ records }: ReviewPlan, begun: readonly ConnectionState[]): readonly AuditRecord[] {
  const planned = new Set(records.map(({ id }) => id));
  return [...begun.flatMap(pendingRecords).filter(({ id }) => !planned.has(id)), ...records];
}

/** Removals go one by one: of a great many, the next review goes on with the rest. */
const mostRemovals = 500;

function withFewRemovals(rows: readonly ConnectionState[]): readonly ConnectionState[] {
  const removals = rows.filter(({ forget }) => forget === true).slice(mostRemovals);
  if (removals.length === 0) return rows;
  const left = new Set(removals);
  return rows.filter((row) => !left.has(row));
}

/** What is forgotten takes its generation with it: nothing that comes later has it again. */
function markAfter(state: TargetState, rows: readonly ConnectionState[], startedAt: Date): TargetMark {
  const spent = rows.filter(({ forget }) => forget === true).map(({ generation }) => generation + 1);
  const nextGeneration = spent.reduce((most, next) => Math.max(most, next), state.nextGeneration);
  return { reviewedAt: startedAt.toISOString(), againAt: state.againAt, nextGeneration };
}

function spentOnly(state: TargetState, { nextGeneration }: TargetMark): TargetMark | undefined {
  return nextGeneration === state.nextGeneration ? undefined : { ...markOf(state), nextGeneration };
}

/** Nothing else is to be stored or told, and nothing stands in its way. */
function isOneWrite(
  { rows, records, writes, running }: ReviewPlan,
  begun: readonly ConnectionState[],
): boolean {
  const [only] = begun;
  if (only === undefined || running || rows.length > 1 || writes.length !== 1) return false;
  return records.length === pendingRecords(only).length;
}

function byKey(rows: readonly ConnectionState[]): ReadonlyMap<string, ConnectionState> {
  return new Map(rows.map((connectionState) => [connectionState.connection.key, connectionState]));
}
