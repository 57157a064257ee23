import { isGuid } from '../base/guid';
import * as z from '../base/schema/schema';
import type { ConfigProblem } from './config-error';
import { setting } from './optional-text';
import { isLoopback, plainUrl } from './storage-host';

/** The settings of the console, in which people answer held connections. */
export interface ConsoleSettings {
  /** Client id of the app registration. A GUID in lower case. */
  readonly clientId: string;
  /** The tenant whose people may sign in. A GUID in lower case. */
  readonly tenantId: string;
  /** Origin of the sign-in service, e.g. `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** Address of the page, ending in `/console/`, for links to it; absent: unknown. */
  readonly url: string | undefined;
}

const defaultAuthority = 'https://login.microsoftonline.com';

const guid = setting((text, context) => {
  if (text === undefined || isGuid(text)) return text?.toLowerCase();
  return z.refuse(context, 'must be a GUID');
});

const authority = setting((text, context) => {
  const url = plainUrl(text ?? defaultAuthority);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.href));
  if (url !== undefined && isSafe && url.pathname === '/' && url.search + url.hash === '') return url.origin;
  return z.refuse(context, `must be the https origin of the sign-in service, e.g. ${defaultAuthority}`);
});

/** The schemas of the console's settings. */
export const consoleSettings = {
  CONSOLE_CLIENT_ID: guid,
  CONSOLE_TENANT_ID: guid,
  CONSOLE_AUTHORITY: authority,
  WEBSITE_HOSTNAME: z.catch(z.optional(z.string()), undefined),
};

/** The console's settings as read. */
type Read = z.output<z.ZodMiniObject<typeof consoleSettings>>;

/** Returns the console's settings; `undefined` without both ids: then there is no console. */
export function consoleFrom(read: Read): ConsoleSettings | undefined {
  const { CONSOLE_CLIENT_ID: clientId, CONSOLE_TENANT_ID: tenantId } = read;
  if (clientId === undefined || tenantId === undefined) return undefined;
  return { clientId, tenantId, authority: read.CONSOLE_AUTHORITY, url: pageUrl(read.WEBSITE_HOSTNAME) };
}

/** Reports a console that has only one of its two ids. */
export function consoleProblems(read: Read): readonly ConfigProblem[] {
  const { CONSOLE_CLIENT_ID: clientId, CONSOLE_TENANT_ID: tenantId } = read;
  if ((clientId === undefined) === (tenantId === undefined)) return [];
  const [missing, other] =
    clientId === undefined
      ? ['CONSOLE_CLIENT_ID', 'CONSOLE_TENANT_ID']
      : ['CONSOLE_TENANT_ID', 'CONSOLE_CLIENT_ID'];
  return [{ setting: missing, problem: `must be set, too, because ${other} is; or remove both` }];
}

/** Returns the page's address on the host name that the platform states. */
function pageUrl(hostName: string | undefined): string | undefined {
  const host = hostName?.trim().toLowerCase() ?? '';
  if (!/^[a-z0-9.-]+(?::\d{1,5})?$/.test(host)) return undefined;
  const scheme = isLoopback(`http://${host}`) ? 'http' : 'https';
  return `${scheme}://${host}/console/`;
}
