import { type Estate, EstateBuilder } from '../../suggest/estate/estate';
import { observe } from '../../suggest/estate/observation';
import type { FactsReading } from '../facts/facts-input';

/** What could not be read, and why. */
export type Unread = Omit<Extract<FactsReading, { readonly kind: 'readFailed' }>, 'kind'>;

/** An estate, and what could not be read of it. */
export interface Collected {
  readonly estate: Estate;
  readonly unreadCount: number;
  /** The first ten. */
  readonly unread: readonly Unread[];
}

const mostUnread = 10;

/** Reads connections one at a time, and keeps of each what may be learned from. Rejects only if `readings` does. */
export async function collect(
  readings: AsyncIterable<FactsReading>,
  microsoftTenants: ReadonlySet<string>,
): Promise<Collected> {
  const builder = new EstateBuilder();
  const unread: Unread[] = [];
  let unreadCount = 0;
  for await (const reading of readings) {
    if (reading.kind === 'facts') {
      builder.add(observe(reading.facts, microsoftTenants));
      continue;
    }
    unreadCount += 1;
    if (unread.length < mostUnread) unread.push({ id: reading.id, problem: reading.problem });
  }
  return { estate: builder.build(), unreadCount, unread };
}
