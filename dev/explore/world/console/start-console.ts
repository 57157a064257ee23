import type { Cluster } from '../../host/cluster';
import type { RunningWorld } from '../running-world';
import { startAnswerers } from './answerers';
import { createClient } from './client';

/** Lets the people of a world use the console, if it has one. */
export function startConsole(world: RunningWorld, cluster: Cluster): { pending(): number } {
  const { plan, scheduler, trace, judge, stream } = world;
  if (plan.console === undefined) return { pending: () => 0 };
  const call = createClient({
    scheduler,
    trace,
    random: stream('browsers'),
    ask: (request) => cluster.ask(request),
    onFailure: (what) => judge.violate('no-failure-escapes', what, ''),
  });
  return startAnswerers({ world, call, random: stream('answerers') });
}
