import { parseArgs, type ParseArgsConfig } from 'node:util';

/** An error in the way a command was called. Only its message is printed, without a stack. */
export class UsageError extends Error {}

/**
 * Parses command-line arguments; `--help` is always known.
 * @throws UsageError with the usage text, preceded by the problem if there is one.
 */
export function parseOptions<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  usage: string,
) {
  const values = parseOrRefuse(args, options, usage);
  if ('help' in values && values.help === true) throw new UsageError(usage);
  return values;
}

function parseOrRefuse<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: Options,
  usage: string,
) {
  try {
    return parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

type Range = readonly [low: number, high: number];

/**
 * Parses the whole number of an option.
 * @throws UsageError that names the option and its range.
 */
export function wholeNumberOf(option: string, text: string, [low, high]: Range): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= low && value <= high) return value;
  throw new UsageError(`${option} takes a whole number from ${low} to ${high}, not "${text}"`);
}

/**
 * Parses the number of an option, which may have a fraction.
 * @throws UsageError if it is negative or not a number.
 */
export function numberOf(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new UsageError(`${option} takes a number, 0 or more, not "${text}"`);
}

/** Runs a command and sets the exit code: what `main` resolves to, 2 for a UsageError, 1 for any other error. */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof UsageError ? error.message : error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
