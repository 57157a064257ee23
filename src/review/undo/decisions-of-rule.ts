import type { AuditRecord } from '../../audit/audit-record';
import { describeError, hasCode } from '../../base/errors';
import { type ConnectionId, parseConnectionId, type TargetId } from '../../connections/resource-id';
import { profileOf } from '../../connections/target-type';
import { type ConnectionState, goneStatus, isOpen } from '../../operations/operation';
import type { OperationStore } from '../../operations/operation-store';
import { isApprovalBy } from '../judge/undo';

/** The decisions of a ledger, for people. */
export interface DecisionSource {
  /**
   * Yields the `decided` records of all targets since an instant, in no guaranteed order. A row that cannot be read is
   * reported, and left out.
   */
  decidedSince(since: Date, onUnreadable: (problem: string) => void): AsyncIterable<AuditRecord>;
}

/** How a connection that a rule has decided stands. */
export type Standing =
  /** Approved by this decision, and nothing has happened since: the approval can be taken back. */
  | 'approved'
  /** The same, but rules that are not in question approve it as well. */
  | 'shared'
  /** Its approval, or a write that takes it back, is under way. */
  | 'under way'
  /** Somebody has asked for it to be taken back. */
  | 'asked'
  /** It is Approved, but by another decision, or by a person. */
  | 'changed'
  /** It is not Approved (any more). */
  | 'ended'
  /** The rule rejected it: that is not taken back here. */
  | 'rejected'
  /** Azure does not have it any more, or Postern has no row of it. */
  | 'gone';

/** The last decision of a rule about one connection, and how that stands. */
export interface RuleDecision {
  readonly connection: ConnectionId;
  readonly decided: AuditRecord;
  /** The other rules that made the same decision. */
  readonly otherRules: readonly string[];
  readonly standing: Standing;
  /** Postern's row; absent if it has none. */
  readonly row: ConnectionState | undefined;
}

/** What a rule has decided, and what could not be read. */
export interface RuleDecisions {
  readonly decisions: readonly RuleDecision[];
  /** Rows that cannot be read: what they say of this rule is not known. */
  readonly problems: readonly string[];
}

/** The ports of `decisionsOfRule`. */
export interface RuleDecisionPorts {
  readonly ledger: DecisionSource;
  readonly operations: Pick<OperationStore, 'load'>;
}

/**
 * Lists what a rule has approved or rejected since an instant: of each connection the last such decision, the oldest
 * first. Decisions of audit mode are left out, because nothing was written. A row that cannot be read keeps nothing else
 * from being listed.
 * @throws PosternError STORE_UNAVAILABLE
 */
export async function decisionsOfRule(
  { ledger, operations }: RuleDecisionPorts,
  { rule, since }: { readonly rule: string; readonly since: Date },
): Promise<RuleDecisions> {
  const problems: string[] = [];
  const last = new Map<string, { readonly connection: ConnectionId; readonly decided: AuditRecord }>();
  for await (const decided of ledger.decidedSince(since, (problem) => problems.push(problem))) {
    const { effect, rules = [], mode } = decided;
    if (!rules.includes(rule) || mode === 'audit' || (effect !== 'approve' && effect !== 'reject')) continue;
    const connection = connectionOf(decided);
    if (connection === undefined) continue;
    const before = last.get(connection.key);
    if (before === undefined || before.decided.at <= decided.at)
      last.set(connection.key, { connection, decided });
  }
  const found: RuleDecision[] = [];
  const loaded = new Map<string, readonly ConnectionState[] | undefined>();
  for (const { connection, decided } of last.values()) {
    const { target } = connection;
    if (!loaded.has(target.key)) loaded.set(target.key, await rowsOf(operations, target, problems));
    const rows = loaded.get(target.key);
    if (rows === undefined) continue;
    const row = rows.find((each) => each.connection.key === connection.key);
    const otherRules = (decided.rules ?? []).filter((each) => each !== rule);
    found.push({ connection, decided, otherRules, row, standing: standingOf(decided, otherRules, row) });
  }
  found.sort((one, other) => (one.decided.at < other.decided.at ? -1 : 1));
  return { decisions: found, problems };
}

/** Reads the rows of a target; `undefined`, and a problem, if one of them cannot be read. */
async function rowsOf(
  operations: RuleDecisionPorts['operations'],
  target: TargetId,
  problems: string[],
): Promise<readonly ConnectionState[] | undefined> {
  try {
    return (await operations.load(target)).connectionStates;
  } catch (error) {
    if (!hasCode(error, 'STORE_UNREADABLE')) throw error;
    problems.push(`${target.id}: ${describeError(error)}`);
    return undefined;
  }
}

/** A record's connection; `undefined` if its id is none, as in a row that somebody has forged. */
function connectionOf({ connection = '' }: AuditRecord): ConnectionId | undefined {
  try {
    return parseConnectionId(connection);
  } catch (error) {
    if (hasCode(error, 'RESOURCE_ID_INVALID')) return undefined;
    throw error;
  }
}

/** Tells how a decision stands, by the row of its connection. Pure. */
export function standingOf(
  { effect, decisionId = '' }: AuditRecord,
  otherRules: readonly string[],
  row: ConnectionState | undefined,
): Standing {
  if (row === undefined || row.status === goneStatus) return 'gone';
  if (effect === 'reject') return 'rejected';
  const { operation, answer } = row;
  // One that is void may still be in the row, with nobody behind it.
  const isAsked = answer?.undoes !== undefined && answer.given.length > 0;
  if (isAsked && answer.decisionId === decisionId) return 'asked';
  const isOurs = operation?.decisionId === decisionId || operation?.decided.answers === decisionId;
  if (operation !== undefined && isOpen(operation) && isOurs) return 'under way';
  if (row.status.toLowerCase() !== 'approved') return 'ended';
  // The row's status is as old as the operation's end: nobody has changed it since.
  const isLast = isApprovalBy(decisionId, operation) && operation?.endedAt === row.firstSeen;
  if (!isLast) return 'changed';
  return otherRules.length === 0 ? 'approved' : 'shared';
}

/** Says whether a type of target accepts a rejected connection again. */
export function canBeRevived({ connection }: Pick<RuleDecision, 'connection'>): boolean {
  return profileOf(connection.target.type).canReviveRejected;
}
