import type { AuditRecord } from '../audit/audit-record';
import type { TargetId } from '../connections/resource-id';
import type { ConnectionState } from '../operations/operation';
import { markOf, type Saved, type TargetMark, type TargetState } from '../operations/operation-store';
import { begunRow, putBack } from '../operations/send-write';
import type { Planned } from '../operations/write/planned';
import { isRemembered } from './facts/announcements';
import type { ReviewPlan } from './plan-review';
import type { Unmet } from './queue/expectation';
import type { ReviewPorts } from './review-job';
import { pendingRecords, toldRow } from './unrecorded';

interface Durable {
  readonly rows: ReadonlyMap<string, ConnectionState>;
  /** The target's mark with this review's time, once everything is stored. */
  readonly mark: TargetMark;
}

/** A plan, the state it was made from, and what the review did not find. */
interface Reviewed {
  readonly plan: ReviewPlan;
  readonly state: TargetState;
  readonly startedAt: Date;
  readonly unmet: Unmet;
  /** The plan's only write, if it may begin with the row that makes it durable. */
  readonly only?: Planned | undefined;
}

/**
 * Makes a plan durable in a fixed order. First, the announcements that its approvals use are stored as
 * used. Then each row whose operation has pending audit records
 * is stored together with them, so that whatever happens next, they are recorded and the operation
 * ends. Then the ledger is written, then every other row. Only after that may anything be written
 * to ARM. The row of the only write may say from the beginning that the write has begun: whoever finds it reads the
 * connection, whether the write was sent or not.
 * @returns the rows as stored, and the target's new mark.
 * @throws PosternError STORE_CONFLICT, LEDGER_UNAVAILABLE, STORE_UNAVAILABLE
 */
export async function makeDurable(
  ports: ReviewPorts,
  target: TargetId,
  { plan, state: loaded, startedAt, unmet, only }: Reviewed,
): Promise<Durable> {
  const rows = withFewRemovals(awaited(plan, loaded));
  const state = await spend(ports, target, { plan, state: loaded, startedAt });
  const mark = { ...markAfter(state, rows, startedAt), expected: unmet.expected };
  // Open work remains: until its next review is scheduled, no hint counts as answered.
  const kept =
    plan.againSeconds === undefined && unmet.seconds === undefined
      ? { ...mark, againAt: undefined, laterAt: undefined }
      : spentOnly(state, mark);
  const begun = rows.filter((row) => pendingRecords(row).length > 0);
  const isAll = isOneWrite(plan, begun);
  const nothing: Saved = { rows: [] };
  if (isAll && only !== undefined) {
    const row = begunRow(ports, only);
    const saved = await ports.operations.save(target, [row], kept);
    await recordBegun(ports, { records: recordsOf(plan, begun), row: saved.rows[0] ?? row, only });
    return durableOf({ ...saved, rows: saved.rows.map(toldRow) }, mark);
  }
  const first =
    begun.length === 0 ? nothing : await ports.operations.save(target, begun, isAll ? kept : undefined);
  await ports.audit.record(recordsOf(plan, begun));
  const told = first.rows.map(toldRow);
  // The only write begins now and clears the pending records of its row itself.
  if (isAll) return durableOf({ ...first, rows: told }, mark);
  const others = rows.filter((row) => pendingRecords(row).length === 0);
  return durableOf(await ports.operations.save(target, [...others, ...told], kept), mark);
}

/**
 * Records a decision whose write has begun in its row. If the ledger does not take it, nothing is sent: the operation is
 * put back, with what it has to tell, so that the next review need not find out whether the write was sent.
 * @throws PosternError LEDGER_UNAVAILABLE
 */
async function recordBegun(
  ports: ReviewPorts,
  {
    records,
    row,
    only,
  }: { readonly records: readonly AuditRecord[]; readonly row: ConnectionState; readonly only: Planned },
): Promise<void> {
  try {
    await ports.audit.record(records);
  } catch (error) {
    const operation = row.operation ?? only.operation;
    await putBack(ports, { ...only, connectionState: row, operation });
    throw error;
  }
}

/**
 * Stores which announcements this review's approvals use, before anything else: whatever happens next, no other
 * connection uses them. Returns the state as stored.
 */
async function spend(
  { operations }: ReviewPorts,
  target: TargetId,
  { plan, state, startedAt }: Pick<Reviewed, 'plan' | 'state' | 'startedAt'>,
): Promise<TargetState> {
  if (plan.spent.length === 0) return state;
  const spent = [...(state.spent ?? []).filter((one) => isRemembered(one, startedAt)), ...plan.spent];
  const { markVersion } = await operations.save(target, [], { ...markOf(state), spent });
  return { ...state, spent, version: markVersion };
}

function durableOf({ rows, markVersion }: Saved, mark: TargetMark): Durable {
  return { rows: byKey(rows), mark: { ...mark, version: markVersion ?? mark.version } };
}

/**
 * Lists what the ledger must have before any row says that it does: the plan's records, and those
 * that an earlier review left pending in a row whose connection this review could not decide.
 */
function recordsOf({ records }: ReviewPlan, begun: readonly ConnectionState[]): readonly AuditRecord[] {
  const planned = new Set(records.map(({ id }) => id));
  return [...begun.flatMap(pendingRecords).filter(({ id }) => !planned.has(id)), ...records];
}

/** Returns the rows to save. If an operation is under way, its row says that this review could not do everything. */
function awaited(
  { running, rows }: ReviewPlan,
  { connectionStates }: TargetState,
): readonly ConnectionState[] {
  if (!running) return rows;
  const changed = new Set(rows.map(({ connection }) => connection.key));
  const others = connectionStates.filter(({ connection }) => !changed.has(connection.key));
  const busy = [...rows, ...others].find(({ operation }) => operation?.state === 'running');
  if (busy?.operation === undefined || busy.operation.isAwaited === true) return rows;
  const waiting = { ...busy, operation: { ...busy.operation, isAwaited: true } };
  return [...rows.filter((row) => row !== busy), waiting];
}

/**
 * The most rows that one review removes, because removals are made one by one. The next review
 * removes the rest.
 */
const mostRemovals = 500;

function withFewRemovals(rows: readonly ConnectionState[]): readonly ConnectionState[] {
  const removals = rows.filter(({ forget }) => forget === true).slice(mostRemovals);
  if (removals.length === 0) return rows;
  const left = new Set(removals);
  return rows.filter((row) => !left.has(row));
}

/**
 * Computes the target's mark after this review. The generations of removed rows are never reused.
 */
function markAfter(state: TargetState, rows: readonly ConnectionState[], startedAt: Date): TargetMark {
  const used = rows.filter(({ forget }) => forget === true).map(({ generation }) => generation + 1);
  const nextGeneration = used.reduce((most, next) => Math.max(most, next), state.nextGeneration);
  const { againAt, laterAt, spent, version } = state;
  return { reviewedAt: startedAt.toISOString(), againAt, laterAt, spent, nextGeneration, version };
}

function spentOnly(state: TargetState, { nextGeneration }: TargetMark): TargetMark | undefined {
  return nextGeneration === state.nextGeneration ? undefined : { ...markOf(state), nextGeneration };
}

/**
 * Tells whether the plan is a single new write: no other row is stored, no other record is written,
 * and no running operation blocks it.
 */
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
