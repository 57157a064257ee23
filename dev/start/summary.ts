import { fitText } from '../lib/terminal-text';
import { textTable } from '../lib/text-table';
import type { Result } from './scenario';

const headings = ['target/endpoint', 'ending', 'rules', 'in Azure', 'request message'];
/** The widest that a column of the summary becomes, in the order of the headings. */
const widest = [30, 14, 16, 12];
/** A message in fewer columns would say nothing. */
const fewestForMessage = 16;

export interface SummaryOptions {
  /** The width of the terminal, in columns. */
  readonly columns: number;
  /** Whether the policy is the shipped one, so that each ending was expected or not. */
  readonly isShipped: boolean;
}

/** Returns a table for people: each request, how it ended and which rule decided, in the width of the terminal. */
export function summaryTable(results: readonly Result[], { columns, isShipped }: SummaryOptions): string {
  const rows = results.map((result) => cellsOf(result, isShipped));
  const table = [[...(isShipped ? [''] : []), ...headings], ...rows];
  const narrow = textTable(table.map((row) => row.slice(0, -1)));
  const used = Math.max(...narrow.split('\n').map((line) => line.length)) + 2;
  if (columns - used < fewestForMessage) return narrow;
  return textTable(table.map((row) => [...row.slice(0, -1), fitText(row.at(-1) ?? '', columns - used)]));
}

function cellsOf({ planned, ending, rules, status }: Result, isShipped: boolean): readonly string[] {
  const mark = ending === planned.ending ? 'ok' : 'NO';
  const cells = [planned.label, ending ?? 'not settled', rules.join(', '), status];
  const fitted = cells.map((cell, column) => fitText(cell, widest[column] ?? 0));
  return [...(isShipped ? [mark] : []), ...fitted, planned.message ?? ''];
}

/** Returns whether all connections ended as planned; with a policy of your own, whether all have settled. */
export function isGood(results: readonly Result[], isShipped: boolean): boolean {
  return results.every(({ ending, planned }) =>
    isShipped ? ending === planned.ending : ending !== undefined,
  );
}

/** Returns the last line of `--once`, as JSON. */
export function summaryLine(
  results: readonly Result[],
  { seconds, isShipped }: { readonly seconds: number; readonly isShipped: boolean },
): string {
  const count = (ending: string): number => results.filter((result) => result.ending === ending).length;
  const isFailed = ({ ending, planned }: Result): boolean =>
    isShipped ? ending !== planned.ending : ending === undefined || ending.startsWith('otherwise ');
  return JSON.stringify({
    settled: results.filter(({ ending }) => ending !== undefined).length,
    approved: count('approved'),
    rejected: count('rejected'),
    deleted: count('deleted'),
    held: count('held'),
    superseded: count('superseded'),
    audited: results.filter(({ ending }) => ending?.startsWith('would ')).length,
    untouched: count('untouched'),
    failed: results.filter(isFailed).length,
    seconds: Math.round(seconds * 10) / 10,
  });
}
