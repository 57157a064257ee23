import { addSeconds, type Clock, dayOf } from '../../base/clock';
import type { RecentItem, RecentPage } from '../api';
import type { ConsoleIndex } from '../index/console-index';
import { type RecentEntry, recentKeyPattern } from '../index/entries';
import { keptDays } from '../index/indexing-audit-log';
import { ConsoleError, jsonReply } from '../http/message';
import type { Route } from '../http/route';
import { odditiesOf } from '../oddities';

/** The ports of `createRecentRoute`. */
export interface RecentPorts {
  readonly index: Pick<ConsoleIndex, 'recent'>;
  readonly clock: Clock;
}

const pageSize = 50;
const daySeconds = 24 * 60 * 60;

/** Creates the route that lists the ends of one day, newest first. */
export function createRecentRoute({ index, clock }: RecentPorts): Route {
  return {
    method: 'GET',
    role: 'Postern.Viewer',
    async answer({ url }) {
      const day = url.searchParams.get('day') ?? dayOf(clock.now());
      const after = url.searchParams.get('after') ?? undefined;
      if (!isDay(day)) throw new ConsoleError('BAD_REQUEST', 'A day has the form 2026-01-31.');
      if (after !== undefined && !recentKeyPattern.test(after))
        throw new ConsoleError('BAD_REQUEST', 'The list has no such page.');
      const oldest = dayOf(addSeconds(clock.now(), -keptDays * daySeconds));
      const page = day < oldest ? { items: [], next: undefined } : await index.recent(day, after, pageSize);
      const body: RecentPage = {
        day,
        items: page.items.map(itemFrom),
        ...(page.next === undefined ? {} : { next: page.next }),
      };
      return jsonReply(200, body);
    },
  };
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && dayOf(instant) === text;
}

function itemFrom(entry: RecentEntry): RecentItem {
  const { connection, targetType, endpoint, effect, by } = entry;
  return {
    id: connection,
    target: entry.target,
    ...(targetType === undefined ? {} : { targetType }),
    ...(endpoint === undefined ? {} : { endpoint }),
    kind: entry.kind,
    ...(effect === undefined ? {} : { effect }),
    rules: entry.rules,
    reason: entry.reason,
    ...(by === undefined ? {} : { by }),
    at: entry.at,
    odd: odditiesOf({ names: [connection, entry.target, endpoint] }),
  };
}
