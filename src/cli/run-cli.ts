import { describeError, hasCode } from '../base/errors';
import { CliError, type CliHost, type Command, type ExitCode } from './cli-host';
import { doctor } from './doctor/doctor';
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
]);

/**
 * Runs one tool and returns the exit code. `args` are the arguments after `postern`. Rejects only
 * for bugs; other errors are printed.
 */
export async function runCli(args: readonly string[], host: ToolHost): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined) return reportWrongUsage(host, ['Name a tool:', ...overview()]);
  if (name === '--help' || name === '-h' || name === 'help') {
    await printLines(host, ['Usage: postern <tool> [options]', '', ...overview()]);
    return 0;
  }
  const command = commands.get(name);
  if (command === undefined)
    return reportWrongUsage(host, [
      `There is no tool ${JSON.stringify(name)}. Name one of these:`,
      ...overview(),
    ]);
  if (rest.includes('--help') || rest.includes('-h')) {
    await printLines(host, command.help.split('\n'));
    return 0;
  }
  try {
    return await command.run(rest, host);
  } catch (error) {
    return reportWrongUsage(host, problemLines(error, name));
  }
}

async function reportWrongUsage(host: CliHost, lines: readonly string[]): Promise<ExitCode> {
  await printErrorLines(host, lines);
  return 2;
}

function overview(): string[] {
  const rows = [...commands].map(([name, { summary }]) => [`  ${name}`, summary]);
  return [...table(rows), '', 'For details, run postern <tool> --help. No tool writes to a connection.'];
}

function problemLines(error: unknown, name: string): string[] {
  if (error instanceof CliError) return error.message.split('\n');
  if (isUsageError(error)) return [error.message, `For usage, run postern ${name} --help.`];
  const lines = describeError(error).split('\n');
  const isSignedOut = hasCode(error, 'ARM_UNAUTHENTICATED');
  return isSignedOut ? [...lines, 'On your own machine, sign in first: az login'] : lines;
}

/** Recognizes errors that `parseArgs` throws, by code, because the class may be from another realm. */
function isUsageError(error: unknown): error is { readonly message: string } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}
