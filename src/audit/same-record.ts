import { dayOf } from '../base/clock';
import { sanitize } from '../base/text';
import { idKey } from '../connections/resource-id';
import type { AuditRecord } from './audit-record';

/**
 * Compares a record with the one that the ledger contains under its id. A process that repeats a
 * record after a crash, or another instance at the same time, records the same fact about the same
 * thing, at another time, in another trace and after another number of polls. A record that differs
 * in anything that its id is made of was written by someone else.
 * @param held the ledger's record; `undefined` if its row cannot be read.
 * @returns `undefined` if both are the same record, else the true one, marked with what the ledger
 *   contains in its place.
 */
export function contradicted(record: AuditRecord, held: AuditRecord | undefined): AuditRecord | undefined {
  if (held === undefined) return { ...record, ledgerHolds: 'a row that is not a record' };
  if (meaningOf(record) === meaningOf(held) && isOfItsTime(record, held)) return undefined;
  return { ...record, ledgerHolds: describe(held) };
}

/**
 * Serializes what identifies the fact. A record that repeats a decision repeats everything that the
 * decision's id is made of; other records name the kind of fact and its subject.
 */
function meaningOf(record: AuditRecord): string {
  const { kind, target, connection, decisionId, effect } = record;
  const place = [kind, idKey(target), connection && idKey(connection), decisionId ?? null, effect ?? null];
  return JSON.stringify(effect === undefined ? place : [...place, ...questionAndAnswer(record)]);
}

function questionAndAnswer(record: AuditRecord): readonly unknown[] {
  const { kind, endpoint, message, status, rules, reason, policyDigest, mode, expiresAt, operation } = record;
  const { by, answers } = record;
  return [
    endpoint && idKey(endpoint),
    message,
    status?.toLowerCase(),
    rules?.toSorted(),
    policyDigest,
    mode,
    // The time counts from the decision, and a repetition decides at another time.
    expiresAt !== undefined,
    operation?.attempt,
    kind === 'decided' || kind === 'waited' ? reason?.replace(doubtRecorded, '') : undefined,
    by,
    answers,
  ].map((part) => part ?? null);
}

/** Matches the recorded doubt, which may have passed by the time the decision is recorded again. */
const doubtRecorded = /; decided although .*$/s;

/**
 * Longer than the clocks of two instances differ, and too short for anyone to write future records
 * in advance.
 */
const longestAheadMs = 10 * 60 * 1000;

function isOfItsTime(record: AuditRecord, held: AuditRecord): boolean {
  const day = dayOf(record.at);
  if (record.id.endsWith(`|${day}`) && dayOf(held.at) !== day) return false;
  return Date.parse(held.at) <= Date.parse(record.at) + longestAheadMs;
}

function describe({ kind, effect, at }: AuditRecord): string {
  return sanitize(`another record: ${effect === undefined ? kind : `${kind} ${effect}`}, recorded at ${at}`);
}
