import * as z from 'zod';
import type { Environment } from '../config';
import { CliError } from './cli-host';

const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String));

/** `local.settings.json`, as `func start` and the local host read it. */
const localSettings = z.object({ IsEncrypted: z.boolean().optional(), Values: values });

/** What `az functionapp config appsettings list` prints. */
const appSettings = z.array(
  z.object({
    name: z.string(),
    value: z
      .string()
      .nullish()
      .transform((value) => value ?? undefined),
  }),
);

/**
 * The settings in a file: a `local.settings.json`, or the list that the Azure CLI prints. `path` is for the message.
 * @throws CliError that tells no value: those can be secrets.
 */
export function settingsFromFile(path: string, text: string): Environment {
  const json = parsedJson(path, text);
  const list = appSettings.safeParse(json);
  if (list.success) return Object.fromEntries(list.data.map(({ name, value }) => [name, value]));
  const local = localSettings.safeParse(json);
  if (!local.success) {
    throw new CliError(
      `${path} is neither a local.settings.json ({"Values": {…}}) nor a list of az functionapp config appsettings`,
    );
  }
  if (local.data.IsEncrypted === true)
    throw new CliError(`${path} is encrypted: func settings decrypt makes it readable`);
  return local.data.Values;
}

function parsedJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    throw new CliError(`${path} is not JSON`);
  }
}
