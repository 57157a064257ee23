import { sanitize } from '../base/text';
import type { CliHost } from './cli-host';
import { jsonWithoutCommands, withoutCommands } from './pipeline-commands';

const longestLine = 4_096;

/**
 * Prints lines of text to the standard output. Text can come from anyone, so characters and
 * commands that a terminal or a pipeline runner would act on are escaped. All output goes through
 * this function, `printErrorLines` or `safeJson`.
 */
export async function printLines(host: CliHost, lines: readonly string[]): Promise<void> {
  await host.write(lines.map(printable).join(''));
}

/** Prints lines of text to the standard error, escaped as in `printLines`. */
export async function printErrorLines(host: CliHost, lines: readonly string[]): Promise<void> {
  await host.writeError(lines.map(printable).join(''));
}

/** Escapes one line of at most 4,096 characters and appends a line end. */
export function printable(line: string): string {
  return `${withoutCommands(sanitize(line, longestLine))}\n`;
}

/** Prints a script of several lines as it is: its words are the project's own, and come from nobody else. */
export async function printScript(host: CliHost, script: string): Promise<void> {
  await host.write(script);
}

/**
 * Prints a value as JSON. Escapes what a terminal or a pipeline runner would act on; the value
 * stays the same.
 */
export async function printJson(host: CliHost, value: unknown): Promise<void> {
  await host.write(`${safeJson(value, 2)}\n`);
}

/**
 * Formats a value as JSON that is safe to print, escaped as in `printJson`. An `indent` of 0 gives
 * one line.
 */
export function safeJson(value: unknown, indent: number): string {
  return harmless(JSON.stringify(value, undefined, indent) ?? 'null');
}

/** Escapes what a terminal or a pipeline runner would act on in JSON, or in YAML whose texts are in double quotes. */
export function harmless(text: string): string {
  const plain = text.replace(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`)
      .join(''),
  );
  return jsonWithoutCommands(plain);
}

/**
 * Formats rows as a table: two blanks between columns, numbers aligned to the right. The first row
 * is the heading.
 */
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

/** Shortens a text in its middle to at most `width` UTF-16 units, after what a terminal would act on is escaped. */
export function shortened(text: string, width: number): string {
  const shown = sanitize(text, longestLine);
  if (shown.length <= width) return shown;
  const half = Math.floor((width - 1) / 2);
  const start = shown.slice(0, half).replace(/[\ud800-\udbff]$/, '');
  return `${start}…${shown.slice(shown.length - half).replace(/^[\udc00-\udfff]/, '')}`;
}

/** Formats a count with its noun: `1 rule`, `2 rules`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
