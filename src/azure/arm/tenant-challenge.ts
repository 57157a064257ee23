import { isGuid } from '../../base/guid';
import type { ReplyHeaders } from './retry-after';

/** The sign-in hosts of Azure's clouds. Only a challenge that sends to one of them names a tenant. */
const loginHosts: ReadonlySet<string> = new Set([
  'login.windows.net',
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'login.partner.microsoftonline.cn',
  'login.chinacloudapi.cn',
]);

/** The most characters of a header that are read: a challenge with everything that ARM was seen to add has about 500. */
const maxHeaderLength = 4_096;

/**
 * Returns the tenant that a 401 names in `WWW-Authenticate`, in lower case: the GUID that is the whole path of
 * `authorization_uri` on a sign-in host. `undefined` for anything else: `common`, another host, a path that goes on,
 * or two tenants.
 */
export function tenantInChallenge(headers: ReplyHeaders): string | undefined {
  const header = headers.get('www-authenticate');
  if (header === undefined || header === null || header.length > maxHeaderLength) return undefined;
  const uris = [...header.matchAll(/\bauthorization_uri\s*=\s*(?:"([^"]*)"|([^\s,"]+))/gi)];
  const tenants = new Set(uris.map(([, quoted, plain]) => tenantOf(quoted ?? plain ?? '')));
  const [tenant] = tenants;
  return tenants.size === 1 ? tenant : undefined;
}

function tenantOf(uri: string): string | undefined {
  if (!/^https:\/\/[\x21-\x7e]+$/i.test(uri) || !URL.canParse(uri)) return undefined;
  const { hostname, port, username, password, pathname, search, hash } = new URL(uri);
  if (!loginHosts.has(hostname) || port + username + password + search + hash !== '') return undefined;
  const tenant = pathname.slice(1).replace(/\/$/, '');
  return isGuid(tenant) ? tenant.toLowerCase() : undefined;
}
