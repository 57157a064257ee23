import type { AuditRecord } from '../../../../src/audit/audit-record';
import type { OpenState } from '../../../../src/console/api';
import { mendEntries, stateOf } from '../../../../src/console/index/mend';
import type { CrashWorld } from '../crash-world';

/** Reports answers of people that were lost, doubled, carried out without a record, or never ended. */
export function answerViolations({ operations, ledger }: CrashWorld): string[] {
  const answered = ledger.ofKind('answered');
  const stored = operations.saves
    .flatMap(({ rows }) => rows.flatMap(({ answer }) => answer?.untold ?? []))
    .map(({ id }) => id);
  const ids = new Set(ledger.records.map(({ id }) => id));
  const waiting = new Set(operations.rows().flatMap(({ answer }) => answer?.decisionId ?? []));
  const ended = new Set(ledger.records.filter(endsAnswer).flatMap(({ answers }) => answers ?? []));
  return [
    ...[...new Set(stored)].filter((id) => !ids.has(id)).map((id) => `stored, but never recorded: ${id}`),
    ...answered
      .filter(({ answers = '' }) => !waiting.has(answers) && !ended.has(answers))
      .map(({ by }) => `an answer came to no end: ${by}`),
    ...doubled(answered, ledger.ofKind('withdrawn')),
    ...ledger.ofKind('applied').flatMap((record) => unsigned(record, answered)),
  ];
}

/** Tells whether a record says what became of an answer. */
function endsAnswer({ kind }: AuditRecord): boolean {
  return ['applied', 'superseded', 'lapsed', 'withdrawn'].includes(kind);
}

/** Returns the object id of whoever answered or took an answer back: `DECISION|answered|OID|INSTANT`. */
function personOf({ id }: AuditRecord): string {
  return id.split('|')[2] ?? '';
}

/** A person has one answer to a question, and another one only after it was taken back. */
function doubled(answered: readonly AuditRecord[], withdrawn: readonly AuditRecord[]): string[] {
  const keyOf = (record: AuditRecord): string => `${record.answers} ${personOf(record)}`;
  const countIn = (records: readonly AuditRecord[], key: string): number =>
    records.filter((record) => keyOf(record) === key).length;
  return [...new Set(answered.map(keyOf))]
    .filter((key) => countIn(answered, key) > 1 + countIn(withdrawn, key))
    .map((key) => `answered more than once: ${key}`);
}

/** The record of what was carried out names each person who answered so. */
function unsigned({ answers, by = '' }: AuditRecord, answered: readonly AuditRecord[]): string[] {
  return answered
    .filter((record) => answers !== undefined && record.answers === answers)
    .filter((record) => !by.includes(personOf(record)))
    .map((record) => `${record.by} is not named by what was applied`);
}

/** Returns how each person's answer ended, so that two runs can be compared. */
export function endsOfAnswers({ ledger }: CrashWorld): string {
  return ledger.records
    .filter((record) => record.answers !== undefined && endsAnswer(record))
    .map(({ kind, by }) => `${by}: ${kind}`)
    .toSorted()
    .join();
}

const states: readonly OpenState[] = ['held', 'answered', 'working', 'limited', 'given up'];

/** Reports where the list that people see differs from the rows, a day after everything has ended. */
export async function listViolations({ index, operations, clock }: CrashWorld): Promise<string[]> {
  const { items } = await index.open(states, undefined, 1_000);
  const listed = await mendEntries({ index, operations }, items, { states, now: clock.now() });
  const shown = listed.map(({ connection, state }) => `${connection.split('/').at(-1)} ${state}`).toSorted();
  const truth = operations
    .rows()
    .flatMap((row) => {
      const state = stateOf(row, row);
      return state === undefined ? [] : [`${row.connection.name} ${state}`];
    })
    .toSorted();
  const isSame = JSON.stringify(shown) === JSON.stringify(truth);
  return isSame ? [] : [`the list shows "${shown.join()}", not "${truth.join()}"`];
}
