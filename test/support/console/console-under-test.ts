import { createConsole, type ConsoleOptions } from '../../../src/console/console';
import type { AssetFiles } from '../../../src/console/http/assets';
import type { ConsoleReply } from '../../../src/console/http/message';
import type { Route } from '../../../src/console/http/route';
import { FakeClock } from '../fakes';
import { claimsAt, createKey, createKeySet, settings, sign, type TestKey } from './key-ring';

/** A request as a test states it. */
export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly token?: string | undefined;
}

export const now = new Date('2026-03-01T12:00:00Z');

export const noFiles: AssetFiles = new Map();

/** One key for all tests of a file: making one takes a while. */
let sharedKey: Promise<TestKey> | undefined;

/** A console over scripted keys and files, and the headers that it has read. */
export async function createConsoleUnderTest(options: Partial<ConsoleOptions> = {}) {
  const key = await (sharedKey ??= createKey('key-1'));
  const keySet = createKeySet(key);
  const headersRead = new Set<string>();
  const log: string[] = [];
  const note = (line: string): void => void log.push(line);
  const bodiesRead: string[] = [];
  const answer = createConsole({
    settings: { ...settings, url: undefined },
    clock: new FakeClock(now.toISOString()),
    logger: { info: note, warn: note, error: note },
    assets: { read: () => Promise.resolve(noFiles) },
    fetchKeys: (url) => keySet.fetch(url),
    routes: new Map<string, Route>(),
    ...options,
  });
  return {
    key,
    keySet,
    headersRead,
    bodiesRead,
    log,
    token: (changes = {}) => sign(key, claimsAt(now, changes)),
    ask(path: string, { method = 'GET', headers = {}, body = '', token }: Asked = {}): Promise<ConsoleReply> {
      const sent = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
      if (token !== undefined) sent.set('authorization', `Bearer ${token}`);
      return answer({
        method,
        url: new URL(path, 'https://postern.example.test'),
        header: (name) => {
          headersRead.add(name.toLowerCase());
          return sent.get(name.toLowerCase());
        },
        body: () => {
          bodiesRead.push(path);
          return Promise.resolve(Buffer.from(body));
        },
      });
    },
  };
}

/** Parses a reply's JSON. */
export function jsonOf({ body }: ConsoleReply): Record<string, unknown> {
  return JSON.parse(Buffer.from(body ?? '').toString('utf8')) as Record<string, unknown>;
}
