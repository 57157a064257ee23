import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AuthLevel } from '../functions';

export interface HostKeys {
  /** The master key, valid for everything. */
  readonly master: string;
  /** The system key `eventgrid_extension`, valid for the Event Grid webhook. */
  readonly eventGrid: string;
  /** The host's default function key, valid for HTTP functions of the level `function`. */
  readonly hostFunction: string;
  /** Keys of single functions, by function name in lower case. */
  readonly functions: Readonly<Record<string, string>>;
}

/** Creates random keys, except for the given ones. */
export function createKeys(given: Partial<HostKeys> = {}): HostKeys {
  const random = (): string => randomBytes(32).toString('base64url');
  return { master: random(), eventGrid: random(), hostFunction: random(), functions: {}, ...given };
}

/** Returns the key of a request. The header has priority over `code`, even if it is wrong. */
export function keyOf(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  const header = headers['x-functions-key'];
  return typeof header === 'string' && header !== '' ? header : (query.get('code') ?? undefined);
}

/**
 * Returns the webhook's status for an invalid key; undefined if the key is valid. A function's key gets 403.
 */
export function webhookRefusal(keys: HostKeys, key: string | undefined): 401 | 403 | undefined {
  if (key === undefined) return 401;
  if (key === keys.master || key === keys.eventGrid) return undefined;
  return key === keys.hostFunction || Object.values(keys.functions).includes(key) ? 403 : 401;
}

/** Returns whether a key is valid for an HTTP function. A system key is not. */
export function opensFunction(
  keys: HostKeys,
  wanted: { readonly name: string; readonly level: AuthLevel },
  key: string | undefined,
): boolean {
  if (wanted.level === 'anonymous') return true;
  if (key === undefined) return false;
  if (key === keys.master) return true;
  if (wanted.level === 'admin') return false;
  return key === keys.hostFunction || key === keys.functions[wanted.name.toLowerCase()];
}
