import { ownStoreTypes, type TargetType } from '../../../src/connections/target-type';
import type {
  ConnectionFinder,
  FindQuery,
  FoundConnection,
} from '../../../src/review/sweep/connection-finder';
import { createFollowPolicy } from '../../../src/review/sweep/follow-policy';
import { createSweep } from '../../../src/review/sweep/sweep';
import { FakeSweepJournal } from '../fakes';
import { createRig, type Rig } from './rig';

/** A finder that returns the given connections, then throws if it should, and records the queries. */
export class FakeFinder implements ConnectionFinder {
  found: readonly FoundConnection[] = [];
  failure: Error | undefined;
  unread: Parameters<NonNullable<FindQuery['onUnread']>>[0][] = [];
  readonly asked: FindQuery[] = [];

  async *find(query: FindQuery): AsyncIterable<FoundConnection> {
    this.asked.push(query);
    yield* this.found;
    for (const one of this.unread) query.onUnread?.(one);
    if (this.failure !== undefined) throw this.failure;
  }
}

/** Creates the sweep over fakes. The first sweep is long past, so Resource Graph is queried. */
export function createSweepRig(rig: Rig = createRig()) {
  const graph = new FakeFinder();
  const lists = new FakeFinder();
  const journal = new FakeSweepJournal();
  const { digest, mode } = rig.policy;
  const now = rig.clock.now().toISOString();
  const counts = { connections: 0, targets: 0, asked: 0, inHand: 0, woken: 0, unread: 0 };
  journal.state = {
    last: { ...counts, source: 'lists', startedAt: now, finishedAt: now },
    policy: { digest, mode },
    listedAt: now,
  };
  const types: readonly TargetType[] = ownStoreTypes;
  const connections = rig.arm;
  const policy = { current: async () => rig.load.current };
  const sweep = createSweep({
    ...rig,
    graph,
    lists,
    journal,
    policy,
    subscriptions: [],
    types,
    connections,
  });
  const followPolicy = createFollowPolicy({ ...rig, policy, journal, sweep });
  const asked = () => rig.reviews.pending.map(({ message }) => message);
  return { ...rig, types, connections, graph, lists, journal, sweep, followPolicy, asked };
}
