import type { Clock } from '../../../src/base/clock';
import { messageOf } from '../errors';
import type { HostedFunction, Trigger } from '../functions';
import type { Invoke } from '../invoker';
import type { HostLog } from '../log-line';
import type { TypedData } from '../worker/rpc';
import { longestWaitMs } from './time-span';
import { isFrequent, parseSchedule, type Schedule } from './schedule';
import type { TimerStatus, TimerStatusStore } from './timer-status';

export interface TimerListenerOptions {
  readonly target: HostedFunction;
  readonly trigger: Extract<Trigger, { readonly kind: 'timer' }>;
  readonly statuses: TimerStatusStore;
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly log: HostLog;
}

/** .NET's earliest date, stored for a timer that has never run. */
const never = '0001-01-01T00:00:00+00:00';

/** Runs one timer function on its schedule, never twice at the same time. A failed run does not stop it. */
export class TimerListener {
  readonly #given: TimerListenerOptions;
  readonly #schedule: Schedule;
  readonly #isMonitored: boolean;
  #status: TimerStatus | undefined;
  #stopped = false;
  #isAbandoned = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  /** @throws HostError HOST_BINDING_INVALID for an invalid schedule. */
  constructor(given: TimerListenerOptions) {
    const now = given.clock.now();
    this.#given = given;
    this.#schedule = parseSchedule(given.trigger.schedule);
    this.#isMonitored = given.trigger.useMonitor && !isFrequent(this.#schedule, now);
  }

  /** Resolves when the timer is set. A missed run, or a run on startup, continues in the background. */
  async start(): Promise<void> {
    const isPastDue = this.#isMonitored && (await this.#isPastDue());
    if (isPastDue) this.#running = this.#run(true);
    else if (this.#given.trigger.runOnStartup) this.#running = this.#run(false);
    else this.#arm(this.#schedule.next(this.#given.clock.now()));
  }

  /** Sets no more timers and resolves when the present run has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Behaves as if the host's process ended: the present run is not stored. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Reads the stored status, or stores the first one. The schedule may have changed since then. */
  async #isPastDue(): Promise<boolean> {
    const { statuses, target, clock } = this.#given;
    const now = clock.now();
    const stored = await statuses.read(target.name);
    if (stored === undefined) {
      await this.#store(never, this.#schedule.next(now), now);
      return false;
    }
    const since = stored.Last === never ? stored.LastUpdated : stored.Last;
    const due = this.#schedule.next(new Date(since));
    this.#status = { ...stored, Next: due.toISOString() };
    return due.getTime() < now.getTime();
  }

  #arm(due: Date): void {
    if (this.#stopped) return;
    const waitMs = Math.max(0, due.getTime() - this.#given.clock.now().getTime());
    const isLong = waitMs > longestWaitMs;
    this.#timer = setTimeout(
      () => {
        // Timers may fire slightly early; the schedule must not.
        if (due.getTime() > this.#given.clock.now().getTime()) this.#arm(due);
        else this.#running = this.#run(false);
      },
      isLong ? longestWaitMs : waitMs,
    );
  }

  async #run(isPastDue: boolean): Promise<void> {
    const { invoke, target, clock } = this.#given;
    const startedAt = clock.now();
    try {
      await invoke(target, { data: timerValue(this.#status ?? null, isPastDue) });
    } catch {
      // The invoker has logged the reason; the schedule continues.
    }
    if (this.#isAbandoned) return;
    const now = clock.now();
    const next = this.#schedule.next(now);
    if (this.#isMonitored) await this.#store(startedAt.toISOString(), next, now);
    this.#arm(next);
  }

  async #store(last: string, next: Date, now: Date): Promise<void> {
    const { statuses, target, log } = this.#given;
    this.#status = { Last: last, Next: next.toISOString(), LastUpdated: now.toISOString() };
    try {
      await statuses.write(target.name, this.#status);
    } catch (error) {
      const message = `Cannot store the timer's status: ${messageOf(error)}`;
      log({ level: 'error', category: 'host', function: target.name, message });
    }
  }
}

/** Returns the trigger's value as the real host sends it. The library converts its names to camel case. */
export function timerValue(status: TimerStatus | null, isPastDue: boolean): TypedData {
  const value = { Schedule: { AdjustForDST: true }, ScheduleStatus: status, IsPastDue: isPastDue };
  return { json: JSON.stringify(value) };
}
