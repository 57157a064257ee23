import type { LocalAzure } from '../../azure';
import type { Recorder } from '../../chaos/recorder';
import type { Judge } from '../judge/judge';
import type { Visited } from '../report/visited';
import type { Scheduler } from '../kernel/scheduler';
import type { Trace } from '../kernel/trace';
import type { Random } from '../../azure/model/random';
import type { SimulatedAccount } from '../storage/account';
import type { WorldPlan } from './plan';
import type { PolicyVersion } from './policy-version';

/** A world that runs: its plan, its time, and what all its parts share. */
export interface RunningWorld {
  readonly plan: WorldPlan;
  readonly scheduler: Scheduler;
  readonly stream: (name: string) => Random;
  readonly trace: Trace;
  readonly recorder: Recorder;
  readonly account: SimulatedAccount;
  readonly judge: Judge;
  /** The virtual time of its beginning, and after which no fault occurs. */
  readonly startMs: number;
  readonly disturbedUntilMs: number;
  /** The version of the policy that is published, and since when. */
  policy: { version: PolicyVersion; sinceMs: number };
  /** The pairs of state and event that were met. */
  readonly visited: Visited;
  /** The messages of poison queues whose workers ended at their last deliveries. */
  readonly left: Set<string>;
  /** Of records in the ledger but those of sweeps and lifted limits, and of acts by which ARM shows other facts. */
  readonly counts: { records: number; facts: number };
  /** Shows the judge the operations of the local Azure. */
  readonly watch: (operations: LocalAzure['world']['operations']) => void;
}

/** Tells whether faults occur at the moment. */
export function isDisturbed({
  plan: { spells },
  scheduler,
  startMs,
  disturbedUntilMs,
}: RunningWorld): boolean {
  const now = scheduler.nowMs();
  if (spells === undefined) return now < disturbedUntilMs;
  const seconds = (now - startMs) / 1000;
  return spells.some(({ fromSeconds, untilSeconds }) => fromSeconds <= seconds && seconds < untilSeconds);
}

/** Tells whether storage or ARM is away at the moment. */
export function isAway({ plan, scheduler, startMs }: RunningWorld, of: 'storage' | 'arm'): boolean {
  if (!plan.faults.has(`${of}-away`)) return false;
  const seconds = (scheduler.nowMs() - startMs) / 1000;
  return plan.outages.some(
    (each) => each.of === of && each.fromSeconds <= seconds && seconds < each.untilSeconds,
  );
}
