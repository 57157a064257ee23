import type { AuditKind, AuditRecord } from '../audit/audit-record';
import { sanitize } from '../base/text';

/**
 * The event types of a decision, of a person's answer to one, and of the end of one that needed no write
 * (a hold, or audit mode).
 */
const decisionTypes = {
  decided: 'Postern.Connection.Decided',
  superseded: 'Postern.Connection.Superseded',
  answered: 'Postern.Connection.Answered',
} as const satisfies Partial<Record<AuditKind, string>>;

/** The event types of the ends of operations. */
const endTypes = {
  applied: 'Postern.Operation.Applied',
  failed: 'Postern.Operation.Failed',
  expired: 'Postern.Operation.Expired',
  unproven: 'Postern.Operation.Unproven',
  superseded: 'Postern.Operation.Superseded',
  abandoned: 'Postern.Operation.Abandoned',
} as const satisfies Partial<Record<AuditKind, string>>;

/** All event types, for the filters of subscribers. */
export const outcomeTypes = [...Object.values(decisionTypes), ...Object.values(endTypes)] as const;

/** The type of an outcome event. */
export type OutcomeType = (typeof outcomeTypes)[number];

/**
 * A CloudEvent (1.0) about one audit record. The same record always has the same `id`, so that
 * subscribers can detect duplicates.
 */
export interface OutcomeEvent {
  /** The audit record's id. */
  readonly id: string;
  readonly type: OutcomeType;
  /** The target's ARM id. */
  readonly source: string;
  /** The connection's ARM id. */
  readonly subject: string;
  /** When it happened, not when it was published. ISO 8601, UTC. */
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Length limits that keep an event far below what one queue message can hold. */
const longest = { id: 2_048, text: 1_024, rules: 100 } as const;

/**
 * Builds the event about a record; `undefined` for records that are neither a decision, an answer to one, nor
 * the end of one. Pure.
 * @param consoleUrl address of the console, for links to what is held; absent: there is no console.
 */
export function outcomeFrom(record: AuditRecord, consoleUrl?: string): OutcomeEvent | undefined {
  const type = typeOf(record);
  if (type === undefined || record.connection === undefined) return undefined;
  return {
    id: record.id,
    type,
    source: sanitize(record.target, longest.id),
    subject: sanitize(record.connection, longest.id),
    time: record.at,
    data: dataFrom(record, consoleUrl),
  };
}

/**
 * Returns the event type of a record. `failed` and `abandoned` records about reviews and messages
 * have no operation and are not outcomes.
 */
function typeOf({ kind, operation }: AuditRecord): OutcomeType | undefined {
  const isEnd = kind !== 'decided' && operation !== undefined;
  const types: Partial<Record<AuditKind, OutcomeType>> = isEnd ? endTypes : decisionTypes;
  return types[kind];
}

/** Builds version 1 of `data`. Fields may be added; none may be removed or change its meaning. */
function dataFrom(record: AuditRecord, consoleUrl: string | undefined): OutcomeEvent['data'] {
  const { operation } = record;
  return present({
    version: 1,
    kind: record.kind,
    decisionId: record.decisionId,
    target: sanitize(record.target, longest.id),
    targetType: record.targetType,
    connection: shown(record.connection, longest.id),
    endpoint: shown(record.endpoint, longest.id),
    message: shown(record.message),
    status: shown(record.status),
    firstSeen: record.firstSeen,
    effect: record.effect,
    mode: record.mode,
    rules: record.rules?.slice(0, longest.rules),
    reason: shown(record.reason),
    policyDigest: record.policyDigest,
    expiresAt: record.expiresAt,
    operation:
      operation &&
      present({
        attempt: operation.attempt,
        startedAt: operation.startedAt,
        endedAt: operation.endedAt,
        polls: operation.polls,
        lastHttpStatus: operation.lastHttpStatus,
        error: shown(operation.error),
      }),
    by: shown(record.by),
    answers: record.answers,
    console: linkTo(record, consoleUrl),
    traceId: shown(record.traceId),
  });
}

/**
 * Returns the link to the page of a connection that waits for a person: it is held, somebody has answered it,
 * or Postern gave up. The page only shows the connection: a link never decides anything.
 */
function linkTo(
  { kind, effect, connection }: AuditRecord,
  consoleUrl: string | undefined,
): string | undefined {
  const waits = kind === 'answered' || kind === 'abandoned' || (kind === 'decided' && effect === 'hold');
  if (consoleUrl === undefined || connection === undefined || !waits) return undefined;
  return `${consoleUrl}#/connection?id=${encodeURIComponent(connection)}`;
}

function shown(text: string | undefined, maxLength: number = longest.text): string | undefined {
  return text === undefined ? undefined : sanitize(text, maxLength);
}

/** Removes absent fields, so that the JSON has no nulls. */
function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
