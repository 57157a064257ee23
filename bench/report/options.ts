import { parseOptions, UsageError, wholeNumberOf } from '../../dev/lib/cli-options';

export interface BenchOptions {
  /** The parts to run, in this order. */
  readonly parts: readonly string[];
  readonly runs: number;
  readonly quick: boolean;
  /** The file for the JSON, in addition to the printed tables. */
  readonly json: string | undefined;
  /** Whether to update docs/performance.json and the tables in docs/performance.md. */
  readonly write: boolean;
}

export function usage(parts: readonly string[]): string {
  return `npm run bench -- [options]
  --only PART   one of ${parts.join(', ')}; can be repeated; default all
  --runs N      number of measurements, 1 to 99; default 5
  --quick       small sizes and one run, to check that it works
  --json FILE   writes all measurements as JSON
  --write       updates docs/performance.json and the tables in docs/performance.md`;
}

const known = {
  only: { type: 'string', multiple: true },
  runs: { type: 'string' },
  quick: { type: 'boolean' },
  json: { type: 'string' },
  write: { type: 'boolean' },
} as const;

/**
 * Reads the options of `npm run bench`.
 * @throws UsageError that names the option and its values.
 */
export function readOptions(args: readonly string[], parts: readonly string[]): BenchOptions {
  const values = parseOptions(args, known, usage(parts));
  const only = values.only ?? [];
  const unknown = only.find((name) => !parts.includes(name));
  if (unknown !== undefined)
    throw new UsageError(`--only takes one of ${parts.join(', ')}, not "${unknown}"`);
  const quick = values.quick ?? false;
  return {
    parts: parts.filter((name) => only.length === 0 || only.includes(name)),
    runs: wholeNumberOf('--runs', values.runs ?? (quick ? '1' : '5'), [1, 99]),
    quick,
    json: values.json,
    write: values.write ?? false,
  };
}
