import { targetTypes } from '../connections/target-type';

/** The other providers and types that Postern calls. */
const others = [
  'Microsoft.Network',
  'Microsoft.Network/privateEndpoints',
  'Microsoft.Resources',
  'Microsoft.ResourceGraph',
  'Microsoft.Authorization',
  'Microsoft.EventGrid',
];
const known = new Set(
  [...targetTypes().flatMap((type) => [type, type.slice(0, type.indexOf('/'))]), ...others].map((name) =>
    name.toLowerCase(),
  ),
);

/**
 * Parses api-versions by provider or type, as `Microsoft.KeyVault=2023-07-01,Microsoft.Network=2023-11-01`,
 * into a map with names in lower case. Returns a text that says what is wrong, without the value, when it
 * cannot.
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
      return `${place} must be a name, one =, and a version such as 2023-07-01`;
    if (!known.has(name.toLowerCase())) return `${place} names a provider that Postern does not call`;
    if (versions.has(name.toLowerCase())) return `${place} names a provider for the second time`;
    versions.set(name.toLowerCase(), version);
  }
  return versions;
}

function isVersion(text: string): boolean {
  const [, date] = /^(\d{4}-\d{2}-\d{2})(?:-[a-z]+(?:\.\d+)?)?$/i.exec(text) ?? [];
  return date !== undefined && !Number.isNaN(Date.parse(date));
}
