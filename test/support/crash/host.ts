import { addSeconds } from '../../../src/base/clock';
import { isOpen } from '../../../src/operations/operation';
import { createCrashWorld, type CrashWorld } from './crash-world';
import { listViolations } from './console/violations';
import type { HostQueue } from './host-queue';
import { KillSwitch, type Call, type Kill } from './kill-switch';
import { createProcess, type Breakage, type Invocation, type Process } from './process';

/** An event of a scenario: a change of the world, or an invocation. */
export interface Happening {
  readonly atSeconds: number;
  readonly change?: (world: CrashWorld) => void;
  readonly invoke?: Invocation;
  /** What the person does next, once `invoke` has succeeded. */
  readonly then?: readonly Invocation[];
}

export interface Scenario {
  /** A clause for people. */
  readonly name: string;
  readonly arrange: (world: CrashWorld) => readonly Happening[];
  /** Whether the timer that checks for a new policy runs. */
  readonly followsPolicy?: boolean;
  /** The policy, if the console is on: the scenario then is judged again a day later. */
  readonly console?: string;
  /** Statuses that the policy has rules for. Default: Pending alone. */
  readonly statuses?: readonly string[];
  /** The poll interval. Default: the provider's own. */
  readonly pollFloorSeconds?: number;
  /** The minimum duration of the scenario. */
  readonly lastsSeconds?: number;
  /**
   * Whether the final state depends on more than crashes, so that it is not compared with the undisturbed
   * run.
   */
  readonly endsFreely?: boolean;
  /**
   * Whether another principal changes the connection meanwhile, so that the row may lack a success that the
   * ledger has.
   */
  readonly isOutrun?: boolean;
  /** Whether nothing comes from a queue, so that the scenario cannot end without the sweep. */
  readonly needsSweep?: boolean;
}

/** Ways to recover from a crash. Both are active in operation; each is also tested alone. */
export interface Recoveries {
  /** Interrupted work is delivered again: by the queue, by Event Grid, or by the person. */
  readonly again: boolean;
  readonly sweep: boolean;
}

export interface Run {
  readonly world: CrashWorld;
  /** The calls of the first process. */
  readonly calls: readonly Call[];
  /** The point of each crash, in order. */
  readonly crashes: readonly string[];
  readonly isQuiet: boolean;
}

export interface RunOptions {
  /** The first kill ends the first process, the second kill ends the next one, and so on. */
  readonly kills?: readonly Kill[];
  readonly recoveries?: Recoveries;
  readonly breakage?: Breakage | undefined;
}

const firstSweepSeconds = 300;
const sweepEverySeconds = 900;
const followPolicyEverySeconds = 60;
const mostInvocations = 500;
/** How long a person reads a page: longer than a reading of ARM is shared. */
const thinksSeconds = 20;
const daySeconds = 26 * 60 * 60;

/** Plays a scenario as the Functions host does, until nothing is left to do. */
export async function play(scenario: Scenario, options: RunOptions = {}): Promise<Run> {
  const host = new Host(scenario, options);
  return host.run();
}

interface Arrival {
  readonly invocation: Invocation;
  readonly then: readonly Invocation[];
  dueAt: Date;
}

class Host {
  private readonly world: CrashWorld;
  private readonly kills: Kill[];
  private readonly recoveries: Recoveries;
  private readonly crashes: string[] = [];
  private readonly changes: { dueAt: Date; change: (world: CrashWorld) => void }[];
  private readonly timers: { trigger: 'sweep' | 'follow policy'; dueAt: Date; everySeconds: number }[] = [];
  private readonly startedAt: Date;
  private arrivals: Arrival[];
  private killSwitch: KillSwitch;
  private readonly firstKillSwitch: KillSwitch;
  private process: Process;
  private sweeps = 0;
  private quiet: { signature: string; sweeps: number } | undefined;

  constructor(
    private readonly scenario: Scenario,
    private readonly options: RunOptions,
  ) {
    this.world = createCrashWorld(scenario);
    this.startedAt = this.world.clock.now();
    this.kills = [...(options.kills ?? [])];
    this.recoveries = options.recoveries ?? { again: true, sweep: true };
    const happenings = scenario.arrange(this.world).map((happening) => ({
      ...happening,
      dueAt: addSeconds(this.startedAt, happening.atSeconds),
    }));
    this.changes = happenings.flatMap(({ change, dueAt }) => (change ? [{ change, dueAt }] : []));
    this.arrivals = happenings.flatMap(({ invoke, then = [], dueAt }) =>
      invoke ? [{ invocation: invoke, then, dueAt }] : [],
    );
    if (this.recoveries.sweep) this.addTimer('sweep', firstSweepSeconds, sweepEverySeconds);
    if (scenario.followsPolicy) {
      this.addTimer('follow policy', followPolicyEverySeconds, followPolicyEverySeconds);
    }
    this.killSwitch = this.firstKillSwitch = new KillSwitch(this.kills.shift());
    this.process = createProcess(this.world, this.killSwitch, options.breakage);
  }

  async run(): Promise<Run> {
    const isQuiet = await this.untilQuiet();
    const { world, crashes } = this;
    const calls = [...this.firstKillSwitch.calls];
    if (world.hasConsole && this.recoveries.sweep && isQuiet) await this.passDay();
    return { world, calls, crashes, isQuiet };
  }

  private async untilQuiet(): Promise<boolean> {
    let isQuiet = false;
    for (let count = 0; count < mostInvocations; count += 1) {
      isQuiet = this.isOver();
      const next = this.nextAt();
      if (isQuiet || next === undefined) break;
      const wait = Math.max(0, next.getTime() - this.world.clock.now().getTime());
      this.world.clock.advance(wait / 1000);
      await this.deliver();
    }
    return isQuiet;
  }

  /** Lets a day pass until the next sweep. Then the list that people see must agree with the rows. */
  private async passDay(): Promise<void> {
    const { clock, breaches } = this.world;
    clock.advance(daySeconds);
    for (const timer of this.timers) timer.dueAt = clock.now();
    this.quiet = undefined;
    if (!(await this.untilQuiet())) breaches.push('it never became idle a day later');
    clock.advance(daySeconds);
    breaches.push(...(await listViolations(this.world)));
  }

  private addTimer(trigger: 'sweep' | 'follow policy', first: number, everySeconds: number): void {
    this.timers.push({ trigger, dueAt: addSeconds(this.startedAt, first), everySeconds });
  }

  private nextAt(): Date | undefined {
    const { reviews, lostReviews, alarms, lostAlarms } = this.world;
    const instants = [
      ...[...this.changes, ...this.arrivals, ...this.timers].map(({ dueAt }) => dueAt),
      ...[reviews, lostReviews, alarms, lostAlarms].flatMap(({ nextAt }) => nextAt ?? []),
    ];
    return instants.toSorted((one, other) => Number(one) - Number(other))[0];
  }

  /** Handles one thing that is due. */
  private async deliver(): Promise<void> {
    const { world } = this;
    const now = world.clock.now();
    const due = this.changes.findIndex(({ dueAt }) => dueAt <= now);
    if (due >= 0) return this.changes.splice(due, 1)[0]?.change(world);
    const arrival = this.arrivals.find(({ dueAt }) => dueAt <= now);
    if (arrival !== undefined) return this.handOver(arrival);
    if (await this.takeFrom(world.reviews, 'review')) return;
    if (await this.takeFrom(world.alarms, 'poll')) return;
    if (await this.takeFrom(world.lostReviews, 'abandoned review')) return;
    if (await this.takeFrom(world.lostAlarms, 'abandoned poll')) return;
    const timer = this.timers.find(({ dueAt }) => dueAt <= now);
    if (timer === undefined) return;
    timer.dueAt = addSeconds(timer.dueAt, timer.everySeconds);
    const outcome = await this.invoke({ trigger: timer.trigger });
    if (timer.trigger === 'sweep' && outcome !== 'crashed') this.sweeps += 1;
  }

  private async handOver(arrival: Arrival): Promise<void> {
    this.arrivals = this.arrivals.filter((other) => other !== arrival);
    const outcome = await this.invoke(arrival.invocation);
    const [next, ...then] = arrival.then;
    if (outcome === 'done' && next !== undefined)
      this.arrivals.push({
        invocation: next,
        then,
        dueAt: addSeconds(this.world.clock.now(), thinksSeconds),
      });
    if (outcome === 'done' || (outcome === 'crashed' && !this.recoveries.again)) return;
    const delaySeconds = arrival.invocation.trigger === 'event' ? 10 : 60;
    this.arrivals.push({ ...arrival, dueAt: addSeconds(this.world.clock.now(), delaySeconds) });
  }

  private async takeFrom(
    queue: HostQueue,
    trigger: 'review' | 'poll' | 'abandoned review' | 'abandoned poll',
  ): Promise<boolean> {
    const taken = queue.take();
    if (taken === undefined) return false;
    const { message, deliveries } = taken;
    const outcome = await this.invoke({ trigger, message, deliveries });
    taken.deal(outcome === 'crashed' && !this.recoveries.again ? 'lost' : outcome);
    return true;
  }

  private async invoke(invocation: Invocation): Promise<'done' | 'failed' | 'crashed'> {
    this.world.standIns.splice(0);
    const outcome = await this.process(invocation);
    if (this.killSwitch.crashedAt === undefined) return outcome;
    this.crashes.push(this.killSwitch.crashedAt);
    this.quiet = undefined;
    if (!this.recoveries.again) for (const message of this.world.standIns) await message.remove();
    this.killSwitch = new KillSwitch(this.kills.shift());
    this.process = createProcess(this.world, this.killSwitch, this.options.breakage);
    return 'crashed';
  }

  /** Returns whether nothing waits and a later sweep has found nothing to do. */
  private isOver(): boolean {
    const { reviews, lostReviews, alarms, lostAlarms, arm, clock } = this.world;
    const waits = [reviews, lostReviews, alarms, lostAlarms].some(({ isEmpty }) => !isEmpty);
    const elapsed = (clock.now().getTime() - this.startedAt.getTime()) / 1000;
    if (waits || this.changes.length > 0 || this.arrivals.length > 0 || !arm.isIdle) return false;
    if (elapsed < (this.scenario.lastsSeconds ?? 0)) return false;
    if (!this.recoveries.sweep) return true;
    const signature = signatureOf(this.world);
    const before = this.quiet;
    const enough = isRestless(this.world) ? 3 : 1;
    if (before?.signature === signature && this.sweeps >= before.sweeps + enough) return true;
    if (before?.signature !== signature) this.quiet = { signature, sweeps: this.sweeps };
    return false;
  }
}

/** Returns whether any row waits for a time, which may take more than one sweep. */
function isRestless({ operations, clock }: CrashWorld): boolean {
  const now = clock.now();
  return operations
    .rows()
    .flatMap(({ operation }) => operation ?? [])
    .some(
      (operation) =>
        isOpen(operation) || (operation.retryAt !== undefined && new Date(operation.retryAt) > now),
    );
}

/** Returns what is durable, without the traces of sweeps. */
function signatureOf({ ledger, operations, arm }: CrashWorld): string {
  const states = operations.rows().map(({ status, operation }) => `${status} ${operation?.state}`);

  const recorded = ledger.records.filter(({ kind }) => kind !== 'swept').length;
  return [recorded, arm.sent.length, ...states].join();
}
