import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { AuthLevel } from '../functions';

export interface HostKeys {
  /** Opens everything. */
  readonly master: string;
  /** The system key `eventgrid_extension`: opens the Event Grid webhook. */
  readonly eventGrid: string;
  /** The host's default function key: opens HTTP functions of the level `function`. */
  readonly hostFunction: string;
  /** Keys of single functions, by lower-cased function name. */
  readonly functions: Readonly<Record<string, string>>;
}

/** New random keys for whatever is not given. */
export function createKeys(given: Partial<HostKeys> = {}): HostKeys {
  const random = (): string => randomBytes(32).toString('base64url');
  return { master: random(), eventGrid: random(), hostFunction: random(), functions: {}, ...given };
}

/** The key that a request brings: the header counts before `code`, also when it is wrong. */
export function keyOf(headers: IncomingHttpHeaders, query: URLSearchParams): string | undefined {
  const header = headers['x-functions-key'];
  return typeof header === 'string' && header !== '' ? header : (query.get('code') ?? undefined);
}

/** What the webhook answers to a key: undefined lets it in. A function's key is known, but not for this: 403. */
export function webhookRefusal(keys: HostKeys, key: string | undefined): 401 | 403 | undefined {
  if (key === undefined) return 401;
  if (key === keys.master || key === keys.eventGrid) return undefined;
  return key === keys.hostFunction || Object.values(keys.functions).includes(key) ? 403 : 401;
}

/** A system key opens no function. */
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
