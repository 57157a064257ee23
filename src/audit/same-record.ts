import { dayOf } from '../base/clock';
import { sanitize } from '../base/text';
import { idKey } from '../connections/resource-id';
import type { AuditRecord } from './audit-record';

/**
 * Compares a record with the one that the ledger holds under its id. Whoever repeats a record after a crash, or beside
 * another instance, says the same about the same thing, at another time, in another trace and after another number of
 * looks. What differs in anything that its id is made of was put there by somebody else.
 *
 * @param held what the ledger has; `undefined` when its row cannot be read.
 * @returns `undefined` when both are one record, else the true one, marked with what the ledger holds in its place.
 */
export function contradicted(record: AuditRecord, held: AuditRecord | undefined): AuditRecord | undefined {
  if (held === undefined) return { ...record, ledgerHolds: 'a row that is no record' };
  if (meaningOf(record) === meaningOf(held) && isOfItsTime(record, held)) return undefined;
  return { ...record, ledgerHolds: describe(held) };
}

/** A record that repeats a decision repeats all that the decision's id is made of; others say what, and about what. */
function meaningOf(record: AuditRecord): string {
  const { kind, target, connection, decisionId, effect } = record;
  const place = [kind, idKey(target), connection && idKey(connection), decisionId ?? null, effect ?? null];
  return JSON.stringify(effect === undefined ? place : [...place, ...questionAndAnswer(record)]);
}

function questionAndAnswer(record: AuditRecord): readonly unknown[] {
  const { kind, endpoint, message, status, rules, reason, policyDigest, mode, expiresAt, operation } = record;
  return [
    endpoint && idKey(endpoint),
    message,
    status?.toLowerCase(),
    rules?.toSorted(),
    policyDigest,
    mode,
    // It counts from the moment of deciding, which a repetition has again.
    expiresAt !== undefined,
    operation?.attempt,
    kind === 'decided' || kind === 'waited' ? reason?.replace(doubtRecorded, '') : undefined,
  ].map((part) => part ?? null);
}

/** What spoke against deciding may have passed when it is told again. */
const doubtRecorded = /; decided although .*$/s;

/** More than clocks of two instances differ by, and less than would let anybody write the future down. */
const longestAheadMs = 10 * 60 * 1000;

function isOfItsTime(record: AuditRecord, held: AuditRecord): boolean {
  const day = dayOf(record.at);
  if (record.id.endsWith(`|${day}`) && dayOf(held.at) !== day) return false;
  return Date.parse(held.at) <= Date.parse(record.at) + longestAheadMs;
}

function describe({ kind, effect, at }: AuditRecord): string {
  return sanitize(`another record: ${effect === undefined ? kind : `${kind} ${effect}`}, told at ${at}`);
}
