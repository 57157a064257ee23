import type { Clock } from '../../base/clock';
import { sha256Hex } from '../../base/digest';
import { parseEndpoint } from '../endpoint';
import type { OpenItem, OpenPage, OpenState } from '../api';
import type { ConsoleIndex } from '../index/console-index';
import { type OpenEntry, openKeyPattern } from '../index/entries';
import { mendEntries, type MendPorts } from '../index/mend';
import { isUnchanged } from '../http/encoding';
import { ConsoleError, jsonReply } from '../http/message';
import type { Route } from '../http/route';
import { odditiesOf } from '../oddities';

/** The ports of `createOpenRoute`. */
export interface OpenPorts extends MendPorts {
  readonly index: ConsoleIndex;
  readonly clock: Clock;
}

const pageSize = 50;
/** Counting further would read every entry of a long list for a number that nobody needs. */
const mostCounted = 1_000;

/** The entries behind each tab. What was answered, but not carried out yet, still waits. */
const statesOf: Readonly<Record<string, readonly OpenState[]>> = {
  held: ['held', 'answered'],
  answered: ['answered'],
  working: ['working'],
  limited: ['limited'],
  'given up': ['given up'],
};

/** Creates the route that lists open connections, oldest first, one page at a time. */
export function createOpenRoute(ports: OpenPorts): Route {
  return {
    method: 'GET',
    role: 'Postern.Viewer',
    async answer(request) {
      const { searchParams } = request.url;
      const states = statesFrom(searchParams.get('state') ?? 'held');
      const after = searchParams.get('after') ?? undefined;
      if (after !== undefined && !openKeyPattern.test(after))
        throw new ConsoleError('BAD_REQUEST', 'The list has no such page.');
      const page = await readPage(ports, states, after);
      const etag = `"${sha256Hex(JSON.stringify(page), 32)}"`;
      if (isUnchanged(request.header('if-none-match'), etag)) return { status: 304, headers: { etag } };
      const body: OpenPage = { ...page, asOf: ports.clock.now().toISOString() };
      return jsonReply(200, body, { etag });
    },
  };
}

function statesFrom(state: string): readonly OpenState[] {
  const states = Object.hasOwn(statesOf, state) ? statesOf[state] : undefined;
  if (states === undefined) throw new ConsoleError('BAD_REQUEST', 'There is no such state.');
  return states;
}

async function readPage(
  ports: OpenPorts,
  states: readonly OpenState[],
  after: string | undefined,
): Promise<Omit<OpenPage, 'asOf'>> {
  const { index, clock } = ports;
  const page = await index.open(states, after, pageSize);
  const items = await mendEntries(ports, page.items, { states, now: clock.now() });
  const n =
    after !== undefined ? undefined : page.next === undefined ? items.length : await count(index, states);
  return {
    items: items.map(itemFrom),
    ...(page.next === undefined ? {} : { next: page.next }),
    ...(n === undefined ? {} : { count: { n: Math.min(n, mostCounted), more: n > mostCounted } }),
  };
}

function count(index: ConsoleIndex, states: readonly OpenState[]): Promise<number> {
  return index.count(states, mostCounted + 1);
}

function itemFrom(entry: OpenEntry): OpenItem {
  const { connection, endpoint, message, effect, mode, decisionId } = entry;
  const requesterSubscription = parseEndpoint(endpoint)?.subscriptionId.toLowerCase();
  return {
    id: connection,
    target: entry.target,
    targetType: entry.targetType,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(requesterSubscription === undefined ? {} : { requesterSubscription }),
    ...(message === undefined ? {} : { message }),
    status: entry.status,
    since: entry.firstSeen,
    state: entry.state,
    rules: entry.rules,
    reason: entry.reason,
    ...(effect === undefined ? {} : { effect }),
    ...(mode === undefined ? {} : { mode }),
    ...(decisionId === undefined ? {} : { decisionId }),
    odd: odditiesOf({ names: [connection, entry.target, endpoint], message, status: entry.status }),
  };
}
