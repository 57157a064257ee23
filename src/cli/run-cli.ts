import { describeError, hasCode } from '../base/errors';
import { nearest } from '../base/did-you-mean';
import { CliError, type CliHost, type Command, type ExitCode, WrongUsage } from './cli-host';
import { createCompletion } from './completion/completion';
import type { CompletedTool } from './completion/scripts';
import { doctor } from './doctor/doctor';
import { chooseFormat, formatsOf, runInFormat } from './formats/formats';
import type { DoctorHost } from './doctor/sources';
import type { ExpectHost } from './expect/announcement-folder';
import { expect } from './expect/expect';
import { explain } from './policy/explain';
import { exportFacts } from './facts/export-facts';
import type { AzureHost } from './facts/read-live-facts';
import type { DeploymentHost } from './operators/deployment';
import { lists } from './operators/lists';
import { lift } from './operators/lift';
import { printErrorLines, printLines, table } from './output';
import type { OutputHost } from './output-files';
import { report } from './report/report';
import type { ReportHost } from './report/report-host';
import { retry } from './operators/retry';
import { schema } from './policy/schema';
import type { RecordsHost } from './show/connection-records';
import { show } from './show/show';
import { undo } from './undo/undo';
import { simulate } from './policy/simulate';
import { testPolicy } from './policy/test-policy';
import { validate } from './policy/validate';
import { suggest } from './suggest/suggest';
import type { TypesHost } from './types/type-info';
import { types } from './types/types';
import { posternVersion } from './version';
import { wait } from './wait/wait';
import type { WatchHost } from './wait/watch';

/** The parts of the host that only some tools need. */
export type ToolPorts = AzureHost &
  DeploymentHost &
  DoctorHost &
  ExpectHost &
  ReportHost &
  RecordsHost &
  OutputHost &
  TypesHost &
  WatchHost;

/** The host that all tools need together. */
export type ToolHost = CliHost & ToolPorts;

/** The tools, by name. */
export const commands: ReadonlyMap<string, Command<ToolPorts>> = new Map<string, Command<ToolPorts>>([
  ['validate', validate],
  ['test', testPolicy],
  ['explain', explain],
  ['show', show],
  ['simulate', simulate],
  ['export', exportFacts],
  ['suggest', suggest],
  ['report', report],
  ['schema', schema],
  ['types', types],
  ['lists', lists],
  ['expect', expect],
  ['lift', lift],
  ['retry', retry],
  ['undo', undo],
  ['doctor', doctor],
  ['wait', wait],
  ['completion', createCompletion(completedTools)],
]);

/** Lists every tool with its options, for completion. */
function completedTools(): readonly CompletedTool[] {
  const tools = [...commands].map(([name, { summary, options, items }]) => ({
    name,
    summary,
    options: [
      ...Object.keys(options),
      ...(formatsOf({ options, items }).length > 0 ? ['format'] : []),
      'help',
    ].map((option) => `--${option}`),
  }));
  return [...tools, { name: 'help', summary: 'explain a tool', options: [] }];
}

/**
 * Runs one tool and returns the exit code. `args` are the arguments after `postern`. Rejects only
 * for bugs; other errors are printed.
 */
export async function runCli(args: readonly string[], host: ToolHost): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined) return reportWrongUsage(host, ['Name a tool:', ...overview()]);
  if (name === '--version' || name === '-V') {
    await printLines(host, [`postern ${posternVersion}`]);
    return 0;
  }
  if (name === '--help' || name === '-h' || name === 'help') return explainTool(rest, host);
  const command = commands.get(name);
  if (command === undefined) return reportUnknownTool(host, name);
  if (asksForHelp(rest)) return explainTool([name], host);
  try {
    return await runInFormat(command, chooseFormat(command, rest), host);
  } catch (error) {
    return reportWrongUsage(host, problemLines(error, name));
  }
}

/** Returns whether a tool's options ask for help: what follows `--` is no option. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const options = end < 0 ? args : args.slice(0, end);
  return options.includes('--help') || options.includes('-h');
}

/** Explains the tool that is named, or lists all. */
async function explainTool([name]: readonly string[], host: CliHost): Promise<ExitCode> {
  if (name === undefined || name.startsWith('-')) {
    await printLines(host, ['Usage: postern <tool> [options]', '', ...overview()]);
    return 0;
  }
  const command = commands.get(name);
  if (command === undefined) return reportUnknownTool(host, name);
  await printLines(host, helpLines(command));
  return 0;
}

/** Returns a tool's help, with the formats that it can print. */
function helpLines(command: Command<ToolPorts>): readonly string[] {
  const formats = formatsOf(command);
  const lines = command.help.split('\n');
  if (formats.length === 0) return lines;
  return lines.flatMap((line) => {
    const [, before = '', gap = ''] = /^( +--json)( +)/.exec(line) ?? [];
    const head = '  --format <name>';
    return before === ''
      ? [line]
      : [`${head.padEnd(before.length + gap.length - 1)} ${formats.join(', ')}`, line];
  });
}

function reportUnknownTool(host: CliHost, name: string): Promise<ExitCode> {
  const near = nearest(name, commands.keys());
  const unknown = `There is no tool ${JSON.stringify(name)}`;
  const lines =
    near === undefined
      ? [`${unknown}. Name one of these:`, ...overview()]
      : [`${unknown}: did you mean \`${near}\`?`];
  return reportWrongUsage(host, lines);
}

async function reportWrongUsage(host: CliHost, lines: readonly string[]): Promise<ExitCode> {
  await printErrorLines(host, lines);
  return 2;
}

function overview(): string[] {
  const rows = [...commands].map(([name, { summary }]) => [`  ${name}`, summary]);
  return [...table(rows), '', 'For details, run postern help <tool>. No tool writes to a connection.'];
}

function problemLines(error: unknown, name: string): string[] {
  if (error instanceof WrongUsage) return [error.message, `For usage, run postern ${name} --help.`];
  if (error instanceof CliError) return error.message.split('\n');
  // A code is for machines: people get the sentence.
  const lines = (
    hasCode(error, 'POLICY_INVALID') || hasCode(error, 'CONFIG_INVALID')
      ? error.message
      : describeError(error)
  ).split('\n');
  const isSignedOut = hasCode(error, 'ARM_UNAUTHENTICATED');
  return isSignedOut ? [...lines, 'On your own machine, sign in first: az login'] : lines;
}
