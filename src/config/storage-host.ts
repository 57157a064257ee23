export type StorageService = 'blob' | 'queue' | 'table';

/**
 * The suffixes of storage accounts' host names behind the service: Azure's clouds, and the DNS zones of the
 * public one. Only Microsoft's servers answer below them, so that a token sent there stays with Microsoft.
 */
const suffixes: readonly string[] = [
  'core.windows.net',
  'storage.azure.net',
  'core.usgovcloudapi.net',
  'core.chinacloudapi.cn',
  'core.sovcloud-api.fr',
  'core.sovcloud-api.de',
  'core.sovcloud-api.sg',
  'core.microsoft.scloud',
  'core.eaglex.ic.gov',
];
const accountPattern = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/;

/**
 * Tells whether the storage token may go to `text`: an https URL on port 443 of a storage account's
 * `service`.
 */
export function isStorageUrl(text: string, service: StorageService): boolean {
  const url = plainUrl(text);
  if (url?.protocol !== 'https:' || url.port !== '') return false;
  return suffixes.some((suffix) => {
    const end = `.${service}.${suffix}`;
    return url.hostname.endsWith(end) && accountPattern.test(url.hostname.slice(0, -end.length));
  });
}

/**
 * Tells whether `text` is an https URL on the origin of `own`, the service that the settings name for the
 * same token.
 */
export function isOnOrigin(text: string, own: string): boolean {
  const url = plainUrl(text);
  return url?.protocol === 'https:' && url.origin === plainUrl(own)?.origin;
}

/** Tells whether `text` is a URL of this machine. */
export function isLoopback(text: string): boolean {
  const { hostname = '' } = plainUrl(text) ?? {};
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/**
 * Parses a URL; `undefined` with user info or backslashes, which people and parsers read in different ways.
 */
export function plainUrl(text: string): URL | undefined {
  if (text.includes('\\') || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.username + url.password === '' ? url : undefined;
}
