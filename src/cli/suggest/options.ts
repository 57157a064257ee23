import { knownMicrosoftTenants } from '../../policy/facts/microsoft-tenants';
import { CliError, type ToolOptions } from '../cli-host';
import { subscriptionsFrom } from '../option-values';
import { readOptions } from '../tool-options';

/** The options of `postern suggest`. */
export interface SuggestOptions {
  /** A file, or `live`. */
  readonly from: string;
  readonly subscriptions: readonly string[];
  /** GUIDs in lower case. */
  readonly microsoftTenants: ReadonlySet<string>;
  /** The policy to write. */
  readonly out: string;
  /** The test cases to write. */
  readonly cases: string;
  /** The file to write the report to, besides printing it. */
  readonly report: string | undefined;
  readonly replace: boolean;
  readonly json: boolean;
}

/** The policy that is written if no option names one. */
export const defaultOut = 'suggested.yaml';

/** The declaration of the options. */
export const suggestOptions = {
  from: { type: 'string' },
  subscriptions: { type: 'string' },
  'microsoft-tenants': { type: 'string' },
  out: { type: 'string' },
  cases: { type: 'string' },
  report: { type: 'string' },
  replace: { type: 'boolean' },
  json: { type: 'boolean' },
} as const satisfies ToolOptions;

/** Reads the options. @throws CliError */
export function optionsFrom(args: readonly string[]): SuggestOptions {
  const { values } = readOptions(args, suggestOptions);
  const { from, out = defaultOut, replace = false, json = false } = values;
  if (from === undefined || from === '')
    throw new CliError(
      'suggest needs --from <file.jsonl | live>: write a file with postern export > connections.jsonl',
    );
  if (!/\.ya?ml$/i.test(out) || casesEnd.test(out))
    throw new CliError('--out must be the path of a policy, such as suggested.yaml');
  const cases = values.cases ?? out.replace(/\.ya?ml$/i, '.cases.yaml');
  if (!casesEnd.test(cases)) throw new CliError('--cases must be a path that ends in .cases.yaml');
  const paths = [out, cases, ...(values.report === undefined ? [] : [values.report])];
  if (new Set(paths).size < paths.length)
    throw new CliError('--out, --cases and --report must be different files');
  const tenants = subscriptionsFrom(values['microsoft-tenants'], '--microsoft-tenants');
  return {
    from,
    subscriptions: subscriptionsFrom(values.subscriptions),
    microsoftTenants: new Set([...knownMicrosoftTenants, ...tenants]),
    out,
    cases,
    report: values.report,
    replace,
    json,
  };
}

const casesEnd = /\.cases\.ya?ml$/i;
