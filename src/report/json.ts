import type { Report } from './row';
import { summaryOf } from './summary';

/**
 * Yields a report as JSON, `version` 1: what it was made of, its summary, its rows, one in a line, and what could
 * not be read. `line` formats one value.
 */
export function* jsonOf(report: Report, line: (value: unknown) => string): Generator<string> {
  const { source, rows, unread } = report;
  const summary = summaryOf(rows, new Date(source.generatedAt));
  yield `{"version":1,"source":${line(source)},\n"summary":${line(summary)},\n"rows":[`;
  for (const [at, row] of rows.entries()) yield `${at === 0 ? '' : ','}\n${line(row)}`;
  yield `],\n"unread":${line(unread)}}\n`;
}
