import { targetTypes } from '../connections/target-type';

/** What is asked beside targets. */
const others = [
  'Microsoft.Network',
  'Microsoft.Network/privateEndpoints',
  'Microsoft.Resources',
  'Microsoft.ResourceGraph',
  'Microsoft.Authorization',
  'Microsoft.EventGrid',
];
const known = new Set(
  [...targetTypes.flatMap((type) => [type, type.slice(0, type.indexOf('/'))]), ...others].map((name) =>
    name.toLowerCase(),
  ),
);

/**
 * `Microsoft.KeyVault=2023-07-01,Microsoft.Network=2023-11-01`: by name in lower case, of a provider or of a type.
 * A text is what is wrong, without the value.
 */
export function apiVersionsFrom(text: string): ReadonlyMap<string, string> | string {
  const versions = new Map<string, string>();
  for (const [index, part] of text
    .split(/[,;\s]+/)
    .filter(Boolean)
    .entries()) {
    const [name = '', version = '', ...rest] = part.split('=');
    const place = `entry ${index + 1}`;
    if (rest.length > 0 || !isVersion(version))
      return `${place} has no version such as 2023-07-01 behind one =`;
    if (!known.has(name.toLowerCase())) return `${place} names no provider that Postern asks`;
    if (versions.has(name.toLowerCase())) return `${place} names a provider for the second time`;
    versions.set(name.toLowerCase(), version);
  }
  return versions;
}

function isVersion(text: string): boolean {
  const [, date] = /^(\d{4}-\d{2}-\d{2})(?:-[a-z]+(?:\.\d+)?)?$/i.exec(text) ?? [];
  return date !== undefined && !Number.isNaN(Date.parse(date));
}
