import { parseArgs } from 'node:util';
import { fixFor } from '../base/did-you-mean';
import { type ToolOptions, WrongUsage } from './cli-host';

type Parsed<T extends ToolOptions> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; options: T }>
>;

/** Reads the arguments of a tool: its options, and the other words in their order. @throws WrongUsage */
export function readArgs<const T extends ToolOptions>(args: readonly string[], options: T): Parsed<T> {
  return parsed(options, () => parseArgs({ args: [...args], allowPositionals: true, options }));
}

/** Reads the arguments of a tool that takes options only. @throws WrongUsage */
export function readOptions<const T extends ToolOptions>(
  args: readonly string[],
  options: T,
): Pick<Parsed<T>, 'values'> {
  return parsed(options, () => parseArgs({ args: [...args], allowPositionals: false, options }) as Parsed<T>);
}

function parsed<T>(options: ToolOptions, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!isParseError(error)) throw error;
    throw new WrongUsage(problemOf(error, options));
  }
}

/** Recognizes errors of `parseArgs` by code, because the class may be from another realm. */
function isParseError(error: unknown): error is { readonly code: string; readonly message: string } {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    String(error.code).startsWith('ERR_PARSE_ARGS')
  );
}

function problemOf(
  { code, message }: { readonly code: string; readonly message: string },
  options: ToolOptions,
): string {
  if (code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return message;
  const [, name = ''] = /'(-[^']*)'/.exec(message) ?? [];
  const known = [...Object.keys(options), 'help'].map((each) => `--${each}`);
  return `There is no option ${name}: ${fixFor(name, known)}`;
}
