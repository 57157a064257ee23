import { stringify } from 'yaml';
import { fixFor } from '../../base/did-you-mean';
import { sanitize } from '../../base/text';
import { CliError, type CliHost, type Command, type ExitCode, WrongUsage } from '../cli-host';
import { harmless, printJson } from '../output';
import { githubText } from './github';
import { sarifLog } from './sarif';
import { tsvText } from './tsv';
import type { ItemsFrom } from './findings';

const plainFormats = ['text', 'json', 'yaml', 'tsv'];
const reportFormats = ['github', 'junit', 'sarif'];

/** Lists the formats of a tool; empty if it has one only, or names its own. */
export function formatsOf({ options, items }: Pick<Command, 'options' | 'items'>): readonly string[] {
  if (options['json'] === undefined || options['format'] !== undefined) return [];
  return items === undefined ? plainFormats : [...plainFormats, ...reportFormats];
}

/** A tool's arguments, without the format that they name. */
export interface Chosen {
  readonly format: string;
  readonly rest: readonly string[];
}

/** Takes `--format NAME` out of a tool's arguments. @throws WrongUsage if the tool has no such format */
export function chooseFormat(command: Pick<Command, 'options' | 'items'>, args: readonly string[]): Chosen {
  const formats = formatsOf(command);
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const at = args.findIndex((each, index) => index < end && /^--format(=|$)/.test(each));
  if (formats.length === 0 || at < 0) return { format: 'text', rest: args };
  const [, inline] = /^--format=(.*)$/s.exec(args[at] ?? '') ?? [];
  const format = inline ?? args[at + 1] ?? '';
  if (!formats.includes(format))
    throw new WrongUsage(`There is no format ${JSON.stringify(format)}: ${fixFor(format, formats)}`);
  const rest = args.filter((_each, index) => index !== at && (inline !== undefined || index !== at + 1));
  if (args.slice(0, end).includes('--json') && format !== 'json')
    throw new CliError('pass --format or --json, not both');
  return { format, rest };
}

/**
 * Runs a tool, and prints its result in a format. Every format but `text` is made from the tool's JSON; a tool that ends
 * before it has a result has told why on standard error.
 */
export async function runInFormat<Ports>(
  command: Command<Ports>,
  { format, rest }: Chosen,
  host: CliHost & Ports,
): Promise<ExitCode> {
  if (format === 'text') return command.run(rest, host);
  const args = ['--json', ...rest];
  if (format === 'json') return command.run(args, host);
  let text = '';
  const write = (more: string): Promise<void> => {
    text += more;
    return Promise.resolve();
  };
  const code = await command.run(args, { ...host, write });
  if (text !== '') await printAs(host, format, { results: resultsIn(text), items: command.items });
  return code;
}

/** Parses a tool's output: one JSON value, or one in each line. */
function resultsIn(text: string): readonly unknown[] {
  if (/^[[{]\n/.test(text)) return [JSON.parse(text)];
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as unknown]));
}

async function printAs(
  host: CliHost,
  format: string,
  { results, items }: { readonly results: readonly unknown[]; readonly items: ItemsFrom | undefined },
): Promise<void> {
  const one = results.length === 1 ? results[0] : results;
  const checked = items?.(one) ?? [];
  switch (format) {
    case 'yaml':
      return host.write(yamlText(one));
    case 'tsv':
      return host.write(
        tsvText(items === undefined ? one : checked)
          .split('\n')
          .slice(0, -1)
          .map(tsvLine)
          .join(''),
      );
    case 'github':
      return host.write(githubText(checked));
    case 'sarif':
      return printJson(host, sarifLog(checked));
    default: {
      const { junitText } = await import('./junit');
      return host.write(junitText(checked));
    }
  }
}

/** Writes YAML whose texts are in double quotes, so that every character can be escaped and the value stays the same. */
function yamlText(value: unknown): string {
  return harmless(
    stringify(value, {
      defaultStringType: 'QUOTE_DOUBLE',
      defaultKeyType: 'PLAIN',
      lineWidth: 0,
      aliasDuplicateObjects: false,
    }),
  );
}

const longestCell = 65_536;

/** Escapes a row cell by cell: what a terminal would act on, but not the tabs between the cells. */
function tsvLine(line: string): string {
  return `${line
    .split('\t')
    .map((cell) => sanitize(cell, longestCell))
    .join('\t')}\n`;
}
