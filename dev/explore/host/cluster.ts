import { nextOccurrence, parseNcrontab, type Ncrontab } from '../../../src/base/ncrontab';
import type { Random } from '../../azure/model/random';
import type { HttpReply, HttpRequest, RegisteredFunction } from '../app/functions-sdk';
import type { Scheduler } from '../kernel/scheduler';
import type { Trace } from '../kernel/trace';
import { Instance, type InstanceParts, type InvocationEnd } from './instance';

export interface ClusterParts extends Omit<InstanceParts, 'random'> {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
  /** Tells whether a timer that is due is run at all; see `timers` in docs/reliability.md. */
  readonly isWorthRunning: (functionName: string) => boolean;
  /** Called when a timer's function has ended. */
  readonly onTimerEnded?: ((functionName: string, how: InvocationEnd) => void) | undefined;
  /** The schedule of a timer, where the app's settings name another one than it was registered with. */
  readonly scheduleOf: (functionName: string, registered: string) => string;
}

/** All instances of one function app: they share the queues; a timer runs on one of them. */
export class Cluster {
  readonly instances: Instance[] = [];
  readonly #schedules = new Map<RegisteredFunction, Ncrontab>();
  #started = 0;
  #isStopped = false;

  constructor(private readonly parts: ClusterParts) {
    for (const each of parts.functions) if (each.trigger.kind === 'timer') this.#arm(each);
  }

  get alive(): readonly Instance[] {
    return this.instances.filter(({ isDead }) => !isDead);
  }

  /** Starts one more instance. */
  scaleOut(): Instance {
    this.#started += 1;
    const instance = new Instance(`app-${this.#started}`, this.parts);
    this.parts.trace.note(instance.name, 'starts');
    // Of the dead only the number is of use, for the next name.
    this.instances.splice(0, this.instances.length, ...this.alive, instance);
    return instance;
  }

  /** Tells every instance that something about a queue has changed. */
  onQueueChange(queue: string): void {
    for (const instance of this.instances) instance.lookAt(queue);
  }

  /** Delivers events to one instance, as the platform's front end does. Resolves to the HTTP status. */
  async deliver(events: readonly unknown[]): Promise<number> {
    const instance = this.#anyReady();
    const target = this.parts.functions.find(({ trigger }) => trigger.kind === 'event');
    if (instance === undefined || target === undefined) return 503;
    const done = await Promise.all(events.map((event) => instance.invoke(target, event)));
    return done.every((how) => how === 'done') ? 200 : 500;
  }

  /** Passes an HTTP request to one instance. Resolves to its reply; `undefined` if none came. */
  async ask(request: HttpRequest): Promise<HttpReply | undefined> {
    const instance = this.#anyReady();
    const target = this.parts.functions.find(({ trigger }) => trigger.kind === 'http');
    if (instance === undefined || target === undefined) return undefined;
    let reply: HttpReply | undefined;
    await instance.invoke(target, { request, onReply: (given: HttpReply) => void (reply = given) });
    return reply;
  }

  #anyReady(): Instance | undefined {
    const { random, scheduler } = this.parts;
    const ready = this.alive.filter(
      ({ awayUntilMs, worker }) => worker !== undefined && awayUntilMs <= scheduler.nowMs(),
    );
    return ready[Math.floor(random.next() * ready.length)];
  }

  /** Starts no timer any more. */
  stop(): void {
    this.#isStopped = true;
  }

  #arm(each: RegisteredFunction): void {
    if (each.trigger.kind !== 'timer') return;
    const { scheduler, scheduleOf } = this.parts;
    const now = new Date(scheduler.nowMs());
    const schedule = this.#schedules.get(each) ?? parseNcrontab(scheduleOf(each.name, each.trigger.schedule));
    this.#schedules.set(each, schedule);
    const due = nextOccurrence(schedule, now);
    if (due === undefined) return;
    scheduler.at(due.getTime() - now.getTime(), () => this.#fire(each));
  }

  /** Runs a timer on the first instance that can: the host's lock sees to it that no other one does. */
  #fire(each: RegisteredFunction): void {
    if (this.#isStopped) return;
    const { scheduler, isWorthRunning, onTimerEnded } = this.parts;
    const [primary] = this.alive.filter(
      ({ awayUntilMs, worker }) => worker !== undefined && awayUntilMs <= scheduler.nowMs(),
    );
    if (primary === undefined || !isWorthRunning(each.name)) return this.#arm(each);
    void primary.invoke(each, {}).then((how) => {
      onTimerEnded?.(each.name, how);
      this.#arm(each);
    });
    // A primary that died with the timer in hand never ends it: the next one takes the timer over.
  }
}
