import type { AuditRecord } from '../audit/audit-record';
import { sanitize } from '../base/text';
import { dayOf } from '../base/clock';
import { sha256Hex } from '../base/digest';
import type { Connection } from '../connections/connection';
import type { TargetId } from '../connections/resource-id';
import type { ConnectionState } from '../operations/operation';
import type { Decision } from '../policy/decision';

/** What every record of a review repeats. */
export interface RecordContext {
  readonly target: TargetId;
  readonly now: Date;
  readonly traceId: string | undefined;
}

interface Decided {
  readonly connection: Connection;
  /** When the connection's status was first seen. ISO 8601. */
  readonly firstSeen: string;
  readonly decision: Decision;
  readonly id: string;
  /** For an approval with an end: when it comes. ISO 8601. */
  readonly expiresAt?: string | undefined;
}

/**
 * Makes the record of a decision: who asked for what, which rules answered, and why. `doubt`: what spoke against deciding it,
 * and was waited for long enough.
 */
export function decidedRecord(context: RecordContext, decided: Decided, doubt?: string): AuditRecord {
  const { connection, firstSeen, decision, id, expiresAt } = decided;
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
    expiresAt,
  };
}

/** Told once a day while the connection is Pending: the decision that stands, and since when it waits. */
export function waitedRecord(context: RecordContext, decided: Decided): AuditRecord {
  const record = decidedRecord(context, decided);
  return { ...record, id: `${decided.id}|waited|${dayOf(record.at)}`, kind: 'waited' };
}

/**
 * Makes the record of a connection that could not be decided, told once a day: why, and since when it waits. It has no
 * decision.
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

/** A question that Postern had decided and left open has another answer now. `previous`: what was known of it. */
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

/** The sweep came across a connection that no event had told of. */
export function foundRecord(context: RecordContext, connection: Connection): AuditRecord {
  return {
    ...connectionRecord(context, connection),
    id: `${digest(connection.id.key)}|found`,
    kind: 'found',
    reason: 'The sweep found it; no event had told of it',
  };
}

/** A listed item that cannot be a connection of this target: never decided, told once. */
export function malformedRecord(context: RecordContext, item: { id: string; problem: string }): AuditRecord {
  return {
    ...targetRecord(context),
    id: `${digest(item.id)}|unreadable`,
    kind: 'ignored',
    connection: sanitize(item.id),
    reason: `ARM listed it, but it cannot be decided: ${sanitize(item.problem)}`,
  };
}

/** A record about a target as a whole. The caller gives `id`, `kind` and `reason`. */
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
  return {
    ...targetRecord(context),
    connection: connection.id.id,
    endpoint: connection.endpoint?.id ?? (connection.endpointText && sanitize(connection.endpointText)),
    message: sanitize(connection.message),
    status: sanitize(connection.status),
  };
}

/** 32 hexadecimal digits for an id that is made of free text. */
export function digest(text: string): string {
  return sha256Hex(text, 32);
}
