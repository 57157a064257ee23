/**
 * The api-versions that replace pinned ones, by provider, or by provider and type for one type alone, in
 * lower case.
 */
export type ApiVersions = ReadonlyMap<string, string>;

/**
 * Returns the URL of a request with the api-version that the settings have for its provider: the last one in
 * its path, or ARM itself (`Microsoft.Resources`) without one. A version for the type wins over one for the
 * provider.
 */
export function withApiVersion(text: string, versions: ApiVersions | undefined): string {
  if (versions === undefined || versions.size === 0) return text;
  const names = resourceNamesIn(text);
  const version = names.map((name) => versions.get(name)).find((each) => each !== undefined);
  return version === undefined
    ? text
    : text.replace(/([?&]api-version=)[^&#]*/i, (_, start: string) => start + encodeURIComponent(version));
}

/** Returns the api-version of requests to a type. */
export function apiVersionOf(type: string, pinned: string, versions: ApiVersions | undefined): string {
  return (
    namesOf(type.toLowerCase().split('/'))
      .map((name) => versions?.get(name))
      .find(Boolean) ?? pinned
  );
}

/** Returns the namespace of the provider that answers a request. */
export function namespaceOf(url: string): string {
  return typesIn(url)[0] ?? 'Microsoft.Resources';
}

function resourceNamesIn(url: string): readonly string[] {
  const types = typesIn(url).map((segment) => segment.toLowerCase());
  return types.length === 0 ? ['microsoft.resources'] : namesOf(types);
}

/** `a/b/c`, `a/b`, `a`. */
function namesOf(types: readonly string[]): readonly string[] {
  return types.map((_, index) => types.slice(0, types.length - index).join('/'));
}

/**
 * Returns the last provider in a path and the types after it; nothing for a provider itself, which ARM
 * answers for.
 */
function typesIn(url: string): readonly string[] {
  const path = new URL(url).pathname.split('/');
  const at = path.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  if (at === -1 || path[at + 2] === undefined) return [];
  return path.slice(at + 1).filter((_, index) => index === 0 || index % 2 === 1);
}
