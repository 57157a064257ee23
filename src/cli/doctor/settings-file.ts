import type { Environment } from '../../config/config';
import { CliError } from '../cli-host';
import { fieldOf, isObject, readJson } from '../facts/json-text';

const shapes =
  'not a settings file: use a local.settings.json ({"Values": {…}}), the output of az functionapp config appsettings list, or an object of settings and their values';

/**
 * Parses a file of settings: a `local.settings.json` as `func start` reads it, the settings of a
 * function app as the Azure CLI, ARM or Az PowerShell print them, or an object of names and values.
 * `path` is used in messages only.
 * @throws CliError whose message contains no value, because values can be secrets.
 */
export function settingsFromFile(path: string, text: string): Environment {
  const reading = readJson(text);
  if (reading.kind === 'refused') throw new CliError(`${path} is not valid JSON\n  ${reading.problem}`);
  const { value } = reading;
  if (fieldOf(value, 'IsEncrypted') === true)
    throw new CliError(`${path} is encrypted: run func settings decrypt first`);
  const settings = settingsFrom(value);
  if (settings === undefined) throw new CliError(`${path} is ${shapes}`);
  if (Object.keys(settings).length > 0 && Object.values(settings).every((each) => each === undefined))
    throw new CliError(
      `${path} has names but no values: use the output of az functionapp config appsettings list`,
    );
  return settings;
}

function settingsFrom(value: unknown): Environment | undefined {
  if (Array.isArray(value)) return fromList(value);
  const site = fieldOf(fieldOf(value, 'siteConfig'), 'appSettings');
  if (Array.isArray(site)) return fromList(site);
  const named = fromList([value]);
  if (named !== undefined) return named;
  const inside = fieldOf(value, 'Values') ?? fieldOf(value, 'properties') ?? fieldOf(value, 'value');
  if (Array.isArray(inside)) return fromList(inside);
  if (inside !== undefined) return fromRecord(inside);
  return isObject(value) && Object.keys(value).some(isKnown) ? fromRecord(value) : undefined;
}

/**
 * Parses a list of objects with a name and a value, in any case. PowerShell prints a list of one as
 * a single object.
 */
function fromList(list: readonly unknown[]): Environment | undefined {
  const entries = list.map((item): readonly [string, string | undefined] | undefined => {
    const name = fieldOf(item, 'name');
    const value = plainValue(fieldOf(item, 'value') ?? null);
    return typeof name === 'string' && 'text' in value ? [name, value.text] : undefined;
  });
  return entries.every((entry) => entry !== undefined) ? Object.fromEntries(entries) : undefined;
}

function fromRecord(value: unknown): Environment | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).map(([name, each]) => [name, plainValue(each)] as const);
  if (!entries.every(([, each]) => 'text' in each)) return undefined;
  return Object.fromEntries(entries.map(([name, each]) => [name, 'text' in each ? each.text : undefined]));
}

function plainValue(value: unknown): { readonly text: string | undefined } | { readonly kind: 'nested' } {
  if (value === null) return { text: undefined };
  if (typeof value === 'string') return { text: value };
  return typeof value === 'number' || typeof value === 'boolean'
    ? { text: String(value) }
    : { kind: 'nested' };
}

/**
 * Returns whether a name is a known setting of a function app. A bare object must have one to be
 * taken as settings.
 */
function isKnown(name: string): boolean {
  return /^(?:AzureWebJobs|APPLICATIONINSIGHTS_|FUNCTIONS_|WEBSITE_|POLICY_|SWEEP_|ARM_|AZURE_|EVENT_TOPIC_|POLL_FLOOR_|IDENTITY_|API_VERSIONS$)/i.test(
    name,
  );
}
