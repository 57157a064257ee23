import type { AuditKind, AuditRecord } from '../audit/audit-record';
import { sanitize } from '../base/text';

/** A decision, and what became of one that asked for no write (a hold, or audit mode). */
const decisionTypes = {
  decided: 'Postern.Connection.Decided',
  superseded: 'Postern.Connection.Superseded',
} as const satisfies Partial<Record<AuditKind, string>>;

/** Each way in which an operation ends. */
const endTypes = {
  applied: 'Postern.Operation.Applied',
  failed: 'Postern.Operation.Failed',
  expired: 'Postern.Operation.Expired',
  superseded: 'Postern.Operation.Superseded',
  abandoned: 'Postern.Operation.Abandoned',
} as const satisfies Partial<Record<AuditKind, string>>;

/** What others filter by. */
export const outcomeTypes = [...Object.values(decisionTypes), ...Object.values(endTypes)] as const;

export type OutcomeType = (typeof outcomeTypes)[number];

/** One CloudEvent (1.0) about one audit record. Same record, same `id`: whoever gets it twice can tell. */
export interface OutcomeEvent {
  /** The audit record's id. */
  readonly id: string;
  readonly type: OutcomeType;
  /** The target's ARM id. */
  readonly source: string;
  /** The connection's ARM id. */
  readonly subject: string;
  /** ISO 8601, UTC: when it happened, not when it was told. */
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Within these an event stays far below what one queue message holds. */
const longest = { id: 2_048, text: 1_024, rules: 100 } as const;

/** The event about a record; `undefined` for records that are neither a decision nor an end of one. Pure. */
export function outcomeFrom(record: AuditRecord): OutcomeEvent | undefined {
  const type = typeOf(record);
  if (type === undefined || record.connection === undefined) return undefined;
  return {
    id: record.id,
    type,
    source: sanitize(record.target, longest.id),
    subject: sanitize(record.connection, longest.id),
    time: record.at,
    data: dataFrom(record),
  };
}

/** `failed` and `abandoned` are also said of reviews and messages: without an operation they are no outcome. */
function typeOf({ kind, operation }: AuditRecord): OutcomeType | undefined {
  const isEnd = kind !== 'decided' && operation !== undefined;
  const types: Partial<Record<AuditKind, OutcomeType>> = isEnd ? endTypes : decisionTypes;
  return types[kind];
}

/** What version 1 of `data` holds. Fields may be added to it; none is taken away or changes its meaning. */
function dataFrom(record: AuditRecord): OutcomeEvent['data'] {
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
    traceId: shown(record.traceId),
  });
}

function shown(text: string | undefined, maxLength: number = longest.text): string | undefined {
  return text === undefined ? undefined : sanitize(text, maxLength);
}

/** What is absent stays absent: no nulls. */
function present(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
