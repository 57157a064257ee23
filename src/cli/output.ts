import { sanitize } from '../base/text';
import type { CliHost } from './cli-host';
import { jsonWithoutCommands, withoutCommands } from './pipeline-commands';

const longestLine = 4_096;

/**
 * Prints lines for people. Texts may be a stranger's: what a terminal would act on is spelled out, and so is what a runner
 * of pipelines would. Whatever a tool prints goes through here, or through `safeJson`.
 */
export async function printLines(host: CliHost, lines: readonly string[]): Promise<void> {
  await host.write(lines.map(printable).join(''));
}

/** As `printLines`, beside the output proper. */
export async function printErrorLines(host: CliHost, lines: readonly string[]): Promise<void> {
  await host.writeError(lines.map(printable).join(''));
}

/** One line, fit to be printed, with its end. */
export function printable(line: string): string {
  return `${withoutCommands(sanitize(line, longestLine))}\n`;
}

/** Prints one JSON value for machines: plain ASCII where a terminal or a runner could be fooled, and still the same value. */
export async function printJson(host: CliHost, value: unknown): Promise<void> {
  await host.write(`${safeJson(value, 2)}\n`);
}

/** `indent` 0 gives one line. */
export function safeJson(value: unknown, indent: number): string {
  const text = JSON.stringify(value, undefined, indent) ?? 'null';
  const plain = text.replace(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`)
      .join(''),
  );
  return jsonWithoutCommands(plain);
}

/** Rows as columns, two blanks apart; numbers stand on the right. The first row is the heading. */
export function table(rows: readonly (readonly (string | number)[])[]): string[] {
  const shown = rows.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? sanitize(cell, 120) : String(cell))),
  );
  const widths = (shown[0] ?? []).map((_, column) =>
    shown.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0),
  );
  const isNumber = (column: number): boolean => typeof rows.at(-1)?.[column] === 'number';
  return shown.map((row) =>
    row
      .map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** `1 rule`, `2 rules`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
