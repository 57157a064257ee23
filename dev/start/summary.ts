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
  const lines = [['', 'target/endpoint', 'request message', 'ending', 'rules', 'in Azure'], ...rows];
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
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
