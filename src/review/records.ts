import type { AuditList, AuditRecord } from '../audit/audit-record';
import { lower } from '../base/compare';
import { sanitize } from '../base/text';
import { dayOf, secondsUntil } from '../base/clock';
import { sha256Hex } from '../base/digest';
import type { Connection } from '../connections/connection';
import type { TargetId } from '../connections/resource-id';
import { namesOf } from '../operations/answer';
import type { ConnectionState } from '../operations/operation';
import type { Decision } from '../policy/decision';
import { proofText, type RequesterProof } from './facts/requester';
import type { ListUse } from '../policy/lists/list-snapshot';
import { type Announcement, announcementText } from './facts/announcement';

/** The fields that every record of a review repeats. */
export interface RecordContext {
  readonly target: TargetId;
  readonly now: Date;
  readonly traceId: string | undefined;
  /** The tenants of subscriptions, as far as they were read. Default: none. */
  readonly tenants?: ReadonlyMap<string, string> | undefined;
  /** What is known of requesters behind endpoints of Microsoft, by connection. Default: nothing. */
  readonly proofs?: ReadonlyMap<string, RequesterProof> | undefined;
  /** What was announced, by connection key. Default: nothing. */
  readonly expected?: ReadonlyMap<string, Announcement> | undefined;
}

interface Decided {
  readonly connection: Connection;
  /** When the connection's status was first seen. ISO 8601. */
  readonly firstSeen: string;
  readonly decision: Decision;
  readonly id: string;
  /** For a time-limited approval: its end. ISO 8601. */
  readonly expiresAt?: string | undefined;
  /** The people who decided, and the decision that they answered. Absent: the policy decided. */
  readonly person?: { readonly by: string; readonly answers: string } | undefined;
}

/**
 * Builds the record of a decision: who asked for what, which rules decided, and why. `doubt`: the
 * reason against deciding that was waited for long enough.
 */
export function decidedRecord(context: RecordContext, decided: Decided, doubt?: string): AuditRecord {
  const { connection, firstSeen, decision, id, expiresAt, person } = decided;
  return {
    ...connectionRecord(context, connection),
    id: `${id}|decided`,
    kind: 'decided',
    firstSeen,
    decisionId: id,
    effect: decision.effect,
    rules: decision.rules,
    reason: doubt === undefined ? decision.reason : `${decision.reason}; decided although ${sanitize(doubt)}`,
    policyDigest: decision.policyDigest,
    mode: decision.mode,
    lists: decision.lists?.map((list) => usedList(list, context.now)),
    expiresAt,
    standbySince: decision.standbySince,
    ...person,
  };
}

/** Clocks of two instances differ: no list was read after the decision. */
function usedList({ snapshot, readAt }: ListUse, now: Date): AuditList {
  return { snapshot, ageSeconds: secondsUntil(new Date(readAt), now) };
}

/**
 * Builds the daily record of a Pending connection: the decision in force, and since when the
 * connection waits.
 */
export function waitedRecord(context: RecordContext, decided: Decided): AuditRecord {
  const record = decidedRecord(context, decided);
  return { ...record, id: `${decided.id}|waited|${dayOf(record.at)}`, kind: 'waited' };
}

/**
 * Builds the daily record of a connection that could not be decided: why, and since when it waits.
 * The record has no decision.
 */
export function undecidedRecord(
  context: RecordContext,
  connection: Connection,
  undecided: { readonly firstSeen: string; readonly why: string },
): AuditRecord {
  const record = connectionRecord(context, connection);
  return {
    ...record,
    id: `${digest(connection.id.key)}|waited|${dayOf(record.at)}`,
    kind: 'waited',
    firstSeen: undecided.firstSeen,
    reason: sanitize(`Not decided: ${undecided.why}`),
  };
}

/**
 * Builds the record that closes a decision whose connection was changed by someone else.
 * `previous`: the last known row.
 */
export function answeredElsewhereRecord(previous: ConnectionState, reason: string, now: Date): AuditRecord {
  const { connection, decisionId } = previous;
  return {
    ...targetRecord({ target: connection.target, now, traceId: undefined }),
    id: `${decisionId}|superseded`,
    kind: 'superseded',
    decisionId,
    connection: connection.id,
    status: sanitize(previous.status),
    firstSeen: previous.firstSeen,
    reason: sanitize(reason),
  };
}

/** Builds the record of a person's answer that became void. `previous`: the row with the answer. */
export function lapsedRecord(
  context: Pick<RecordContext, 'target' | 'now' | 'traceId'>,
  { connection, status, firstSeen, answer }: ConnectionState,
  why: string,
): AuditRecord {
  return {
    ...targetRecord(context),
    id: `${answer?.decisionId}|lapsed|${answer?.given[0]?.at}`,
    kind: 'lapsed',
    decisionId: answer?.decisionId,
    connection: connection.id,
    status: sanitize(status),
    firstSeen,
    effect: answer?.effect,
    reason: sanitize(`The answer is void. ${why}`),
    by: answer && sanitize(namesOf(answer)),
    answers: answer?.decisionId,
  };
}

/** Builds the record of a connection that the sweep found and no event had reported. */
export function foundRecord(context: RecordContext, connection: Connection): AuditRecord {
  return {
    ...connectionRecord(context, connection),
    id: `${digest(connection.id.key)}|found`,
    kind: 'found',
    reason: 'The sweep found this connection; no event had reported it',
  };
}

/**
 * Builds the record of a listed item that cannot be a connection of this target: never decided,
 * recorded once.
 */
export function malformedRecord(context: RecordContext, item: { id: string; problem: string }): AuditRecord {
  return {
    ...targetRecord(context),
    id: `${digest(item.id)}|unreadable`,
    kind: 'ignored',
    connection: sanitize(item.id),
    reason: `ARM listed this item, but it cannot be decided: ${sanitize(item.problem)}`,
  };
}

/** Builds a record about a target as a whole. The caller adds `id`, `kind` and `reason`. */
export function targetRecord(context: RecordContext): Omit<AuditRecord, 'id' | 'kind'> {
  return {
    version: 1,
    at: context.now.toISOString(),
    target: context.target.id,
    targetType: context.target.type,
    traceId: context.traceId,
  };
}

function connectionRecord(context: RecordContext, connection: Connection): Omit<AuditRecord, 'id' | 'kind'> {
  const proof = context.proofs?.get(connection.id.key);
  return {
    ...targetRecord(context),
    connection: connection.id.id,
    endpoint: connection.endpoint?.id ?? (connection.endpointText && sanitize(connection.endpointText)),
    endpointTenantId: connection.endpoint && context.tenants?.get(lower(connection.endpoint.subscriptionId)),
    requesterProof: proof && sanitize(proofText(proof)),
    expected: announcementText(context.expected?.get(connection.id.key)),
    message: sanitize(connection.message),
    status: sanitize(connection.status),
  };
}

/** Computes a digest of 32 hexadecimal digits, for ids made of free text. */
export function digest(text: string): string {
  return sha256Hex(text, 32);
}
