import { textTable } from '../lib/text-table';
import type { Result } from './scenario';

/** Returns a table for people: each request, how it ended and which rule decided. */
export function summaryTable(results: readonly Result[]): string {
  const rows = results.map(({ planned, ending, rules, status }) => [
    ending === planned.ending ? 'ok' : 'NO',
    planned.label,
    planned.message ?? '',
    ending ?? 'not settled',
    rules.join(', '),
    status,
  ]);
  return textTable([['', 'target/endpoint', 'request message', 'ending', 'rules', 'in Azure'], ...rows]);
}

/** Returns the last line of `--once`, as JSON. */
export function summaryLine(results: readonly Result[], seconds: number): string {
  const count = (ending: string): number => results.filter((result) => result.ending === ending).length;
  return JSON.stringify({
    settled: results.filter(({ ending }) => ending !== undefined).length,
    approved: count('approved'),
    rejected: count('rejected'),
    deleted: count('deleted'),
    held: count('held'),
    superseded: count('superseded'),
    failed: results.filter(({ ending, planned }) => ending !== planned.ending).length,
    seconds: Math.round(seconds * 10) / 10,
  });
}
