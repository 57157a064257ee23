import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { readJson } from '../../src/cli/facts/json-text';
import { textFromBytes } from '../../src/base/text-bytes';
import { HostError, messageOf } from './errors';

/** App settings by name. */
export type Settings = Readonly<Record<string, string>>;

const localSettings = z.looseObject({
  IsEncrypted: z.literal(false).optional(),
  Values: z.record(z.string(), z.string()).default({}),
});

/**
 * Reads the `Values` of a `local.settings.json`.
 * @throws HostError HOST_SETTINGS_INVALID if the file cannot be read, is encrypted, or has a value that is
 * not a string.
 */
export function readLocalSettings(file: string): Record<string, string> {
  try {
    const reading = readJson(textFromBytes(readFileSync(file)));
    if (reading.kind === 'refused') throw new Error(`not JSON: ${reading.problem}`);
    return localSettings.parse(reading.value).Values;
  } catch (error) {
    const detail = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new HostError('HOST_SETTINGS_INVALID', `${file}: ${detail}`, { cause: error });
  }
}

/** Returns a setting by its name in any case, as in the real host. */
export function settingOf(settings: Settings, name: string): string | undefined {
  const exact = settings[name];
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  return Object.entries(settings).find(([key]) => key.toLowerCase() === wanted)?.[1];
}

/**
 * Replaces each `%NAME%` with that setting.
 * @throws HostError HOST_BINDING_INVALID for a setting that is missing.
 */
export function resolveSettings(text: string, settings: Settings): string {
  return text.replace(/%([^%]+)%/g, (token, name: string) => {
    const value = settingOf(settings, name);
    if (value === undefined) throw new HostError('HOST_BINDING_INVALID', `${token} is not an app setting`);
    return value;
  });
}

/** Returns whether `AzureWebJobs.<function>.Disabled` (or its form without dots) is true. */
export function isDisabled(functionName: string, settings: Settings): boolean {
  const value =
    settingOf(settings, `AzureWebJobs.${functionName}.Disabled`) ??
    settingOf(settings, `AzureWebJobs_${functionName}_Disabled`);
  return value !== undefined && /^(true|1)$/i.test(value.trim());
}
