import { describeError, hasCode } from '../base/errors';
import { CliError, type CliHost, type Command, type ExitCode } from './cli-host';
import { doctor } from './doctor/doctor';
import { explain } from './policy/explain';
import { exportFacts } from './facts/export-facts';
import { lift } from './operators/lift';
import { printErrorLines, printLines, table } from './output';
import { retry } from './operators/retry';
import { schema } from './policy/schema';
import { simulate } from './policy/simulate';
import { testPolicy } from './policy/test-policy';
import { validate } from './policy/validate';
import { wait } from './wait/wait';

/** The tools by name. */
export const commands: ReadonlyMap<string, Command> = new Map([
  ['validate', validate],
  ['test', testPolicy],
  ['explain', explain],
  ['simulate', simulate],
  ['export', exportFacts],
  ['schema', schema],
  ['lift', lift],
  ['retry', retry],
  ['doctor', doctor],
  ['wait', wait],
]);

/** Runs one tool; `args` are those behind `postern`. Never rejects for what a person can mend. */
export async function runCli(args: readonly string[], host: CliHost): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined) return wrong(host, ['Say which tool:', ...overview()]);
  if (name === '--help' || name === '-h' || name === 'help') {
    await printLines(host, ['Usage: postern <tool> [options]', '', ...overview()]);
    return 0;
  }
  const command = commands.get(name);
  if (command === undefined)
    return wrong(host, [`postern has no tool ${JSON.stringify(name)}:`, ...overview()]);
  if (rest.includes('--help') || rest.includes('-h')) {
    await printLines(host, command.help.split('\n'));
    return 0;
  }
  try {
    return await command.run(rest, host);
  } catch (error) {
    return wrong(host, problemLines(error, name));
  }
}

async function wrong(host: CliHost, lines: readonly string[]): Promise<ExitCode> {
  await printErrorLines(host, lines);
  return 2;
}

function overview(): string[] {
  const rows = [...commands].map(([name, { summary }]) => [`  ${name}`, summary]);
  return [...table(rows), '', 'postern <tool> --help tells more. No tool writes to a connection.'];
}

function problemLines(error: unknown, name: string): string[] {
  if (error instanceof CliError) return error.message.split('\n');
  if (isUsageError(error)) return [error.message, `postern ${name} --help tells how.`];
  const lines = describeError(error).split('\n');
  const isStranger = hasCode(error, 'ARM_UNAUTHENTICATED');
  return isStranger ? [...lines, 'On a machine of your own, sign in first: az login'] : lines;
}

/** What `parseArgs` throws, whatever realm its class is of. */
function isUsageError(error: unknown): error is { readonly message: string } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}
