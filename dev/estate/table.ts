import { textTable } from '../lib/text-table';
import type { Settled } from './settle';

/** Returns a table for people: each connection, what the policy wants of it, and what became of it. */
export function tableOf(rows: readonly Settled[]): string {
  const lines = rows.map(
    ({ isAsWanted, type, answer, status = 'gone', record = 'none', seconds, reason }) => [
      isAsWanted ? 'ok' : 'NO',
      type,
      answer,
      status,
      record,
      seconds === undefined ? '' : `${seconds} s`,
      isAsWanted && answer !== 'hold' ? '' : (reason ?? ''),
    ],
  );
  return textTable([['', 'type', 'policy', 'in Azure', 'last record', 'after', 'reason'], ...lines]);
}

/** Returns the counts as a line of JSON, with the types that did not settle. */
export function summaryOf(rows: readonly Settled[]): string {
  const count = (answer: string): number =>
    rows.filter((row) => row.isAsWanted && row.answer === answer).length;
  return JSON.stringify({
    types: new Set(rows.map(({ type }) => type)).size,
    connections: rows.length,
    approved: count('approve'),
    rejected: count('reject'),
    held: count('hold'),
    failed: rows.filter(({ isAsWanted }) => !isAsWanted).map(({ type, answer }) => `${answer} ${type}`),
  });
}
