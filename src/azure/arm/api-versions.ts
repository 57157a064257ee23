/** By provider, or by provider and type for one type alone, in lower case: the api-version that takes the pinned one's place. */
export type ApiVersions = ReadonlyMap<string, string>;

/**
 * A URL of a request that Postern makes up, with the api-version that a setting has for its provider: the last one in its
 * path, or ARM itself (`Microsoft.Resources`) where there is none. A version for the type wins over one for the provider.
 */
export function withApiVersion(text: string, versions: ApiVersions | undefined): string {
  if (versions === undefined || versions.size === 0) return text;
  const names = resourceNamesIn(text);
  const version = names.map((name) => versions.get(name)).find((each) => each !== undefined);
  return version === undefined
    ? text
    : text.replace(/([?&]api-version=)[^&#]*/i, (_, start: string) => start + encodeURIComponent(version));
}

/** The version that a request to this type is made with. */
export function apiVersionOf(type: string, pinned: string, versions: ApiVersions | undefined): string {
  return (
    namesOf(type.toLowerCase().split('/'))
      .map((name) => versions?.get(name))
      .find(Boolean) ?? pinned
  );
}

/** The provider that a request goes to. */
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

/** The last provider in a path, and the types behind it; nothing for a provider itself, of which ARM tells. */
function typesIn(url: string): readonly string[] {
  const path = new URL(url).pathname.split('/');
  const at = path.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  if (at === -1 || path[at + 2] === undefined) return [];
  return path.slice(at + 1).filter((_, index) => index === 0 || index % 2 === 1);
}
