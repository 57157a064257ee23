import type { PolicyFile, PolicyProblem } from '../policy';

const maxWidth = 160;

/**
 * Formats problems as `path:line:column: message`, each with its source line and carets under the
 * part that is wrong.
 */
export function formatProblems(problems: readonly PolicyProblem[], files: readonly PolicyFile[]): string {
  const lines = new Map(files.map((file) => [file.path, file.text.split(/\r?\n/)]));
  return problems.map((problem) => formatProblem(problem, lines.get(problem.path))).join('\n');
}

function formatProblem(problem: PolicyProblem, lines: readonly string[] | undefined): string {
  const head = `${problem.path}:${problem.line}:${problem.column}: ${problem.message}`;
  const line = lines?.[problem.line - 1];
  if (line === undefined || line.trim() === '') return head;

  const skipped = problem.column > maxWidth - 40 ? problem.column - 40 : 0;
  const shown = plain(line.slice(skipped, skipped + maxWidth));
  const before = problem.column - 1 - skipped;
  const length = Math.max(1, Math.min(problem.length, shown.length - before));
  const gutter = String(problem.line).padStart(5);
  return [
    head,
    `${gutter} | ${shown}`,
    `${' '.repeat(gutter.length)} | ${' '.repeat(before)}${'^'.repeat(length)}`,
  ].join('\n');
}

/**
 * Replaces tabs by spaces, so that carets align, and control characters that a terminal would
 * interpret.
 */
function plain(line: string): string {
  return line.replace(/\t/g, ' ').replace(/\p{C}/gu, '?');
}
