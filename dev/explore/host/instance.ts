import type { Random } from '../../azure/model/random';
import type { RegisteredFunction } from '../app/functions-sdk';
import type { SimulatedContext } from '../app/worker';
import type { Cancel, Owner, Scheduler } from '../kernel/scheduler';
import type { Trace } from '../kernel/trace';
import type { HeldMessage, HostQueues, Worker } from './worker';

export interface InstanceParts {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
  readonly queues: HostQueues;
  readonly functions: readonly RegisteredFunction[];
  /**
   * Called with a message of a poison queue that is left to a person because workers ended with it in hand: at its last
   * delivery there, or before it if no function takes messages from that queue.
   */
  readonly onLeft?: ((messageId: string) => void) | undefined;
  /** Starts a worker process with a new app. */
  readonly startWorker: (instance: Instance, number: number) => Worker;
}

/** The values of host.json and of the Storage extension, in seconds. */
const batchSize = 16;
const newBatchThreshold = 8;
const maxDequeueCount = 5;
const retrySeconds = 30;
const lockSeconds = 600;
const lockRenewalSeconds = 300;
const longestPollMs = 2_000;
const functionTimeoutSeconds = 300;
/** How long after the timeout of an invocation its worker is killed. */
const killAfterTimeoutSeconds = 2;
/** A host that is told to stop gives its invocations this long, and puts nothing back. */
const drainSeconds = 10;
/** Crashes of workers within half an hour after which the host restarts itself. */
const mostCrashes = 3;

/** How an invocation ended. `cut off`: its worker was not there, or ended before it. */
export type InvocationEnd = 'done' | 'failed' | 'cut off';

interface Running {
  readonly end: (how: InvocationEnd) => void;
}

/** One instance of the Functions host with one Node.js worker, as measured on the real one. */
export class Instance implements Owner {
  isDead = false;
  awayUntilMs = 0;
  /** Whether it was told to stop. */
  isDraining = false;
  #worker: Worker | undefined;
  #workers = 0;
  readonly #crashes: number[] = [];
  readonly #inWork = new Map<string, number>();
  readonly #running = new Set<Running>();
  readonly #polls = new Map<string, { atMs: number; cancel: Cancel }>();

  constructor(
    readonly name: string,
    private readonly parts: InstanceParts,
  ) {
    this.#startWorker(parts.random.between(300, 1_500));
  }

  /** The worker that would take an invocation now; absent while none is up. */
  get worker(): Worker | undefined {
    return this.#worker?.isDead === false ? this.#worker : undefined;
  }

  /** Ends the instance without notice: what it holds stays locked. */
  kill(): void {
    this.isDead = true;
    if (this.#worker !== undefined) this.#worker.isDead = true;
    for (const { end } of this.#running) end('cut off');
    this.#running.clear();
  }

  /** Ends only the worker; the host returns its messages and starts another. */
  crashWorker(): void {
    const worker = this.#worker;
    if (worker === undefined || worker.isDead || this.isDead) return;
    worker.isDead = true;
    const { scheduler, random } = this.parts;
    const running = [...this.#running];
    this.#running.clear();
    // Even if the instance dies meanwhile: a timer that was in work is armed again by its end.
    scheduler.at(random.between(20, 200), () => running.forEach(({ end }) => end('cut off')));
    const now = scheduler.nowMs();
    this.#crashes.push(now);
    const isOften = this.#crashes.filter((atMs) => atMs > now - 30 * 60_000).length >= mostCrashes;
    if (isOften) this.#crashes.splice(0);
    this.#startWorker(isOften ? 7_500 : random.between(700, 1_300));
  }

  /** Stops the whole machine until `untilMs`, and lets it go on as if nothing had happened. */
  pause(untilMs: number): void {
    this.awayUntilMs = untilMs;
    if (this.#worker !== undefined) this.#worker.awayUntilMs = untilMs;
  }

  /** Tells the host to stop: it goes on for ten seconds and then ends. */
  drain(): void {
    this.isDraining = true;
    this.parts.scheduler.at(drainSeconds * 1000, () => this.kill());
  }

  /** Looks at a queue when its next message is visible, at the host's own rhythm. */
  lookAt(queue: string): void {
    if (this.isDead || !this.#listensTo(queue)) return;
    const { scheduler, random, queues } = this.parts;
    const visibleMs = queues.nextVisibleMs(queue);
    if (visibleMs === undefined) return;
    const now = scheduler.nowMs();
    const planned = this.#polls.get(queue);
    if (planned !== undefined && planned.atMs <= visibleMs + longestPollMs) return;
    planned?.cancel();
    const atMs = Math.max(now, visibleMs) + random.between(10, longestPollMs);
    const cancel = scheduler.at(atMs - now, () => this.#poll(queue), this);
    this.#polls.set(queue, { atMs, cancel });
  }

  /** Invokes a function. Resolves to how it ended. */
  invoke({ name, handler }: RegisteredFunction, input: unknown, deliveries?: number): Promise<InvocationEnd> {
    const { scheduler, random, trace } = this.parts;
    const { worker } = this;
    if (worker === undefined) return Promise.resolve('cut off');
    const context: SimulatedContext = {
      app: worker.app,
      traceId: `${Math.floor(random.next() * 2 ** 32)
        .toString(16)
        .padStart(8, '0')}${'0'.repeat(24)}`,
      deliveries,
      info: (line) => trace.note(worker.name, line),
      warn: (line) => trace.note(worker.name, line),
      error: (line) => trace.note(worker.name, line),
    };
    return new Promise((resolve) => {
      const running: Running = {
        end: (how) => {
          this.#running.delete(running);
          cancelTimeout();
          resolve(how);
        },
      };
      const cancelTimeout = scheduler.at(
        (functionTimeoutSeconds + killAfterTimeoutSeconds) * 1000,
        () => {
          trace.note(worker.name, `${name} ran into its timeout`);
          this.crashWorker();
        },
        this,
      );
      this.#running.add(running);
      const settle = (how: InvocationEnd): void => {
        if (!worker.isDead) running.end(how);
      };
      handler(input, context).then(
        () => settle('done'),
        (error: unknown) => {
          trace.note(worker.name, `${name} failed: ${String(error)}`);
          settle('failed');
        },
      );
    });
  }

  #startWorker(afterMs: number): void {
    this.parts.scheduler.at(
      afterMs,
      () => {
        this.#workers += 1;
        this.#worker = this.parts.startWorker(this, this.#workers);
        for (const { trigger } of this.parts.functions)
          if (trigger.kind === 'queue') this.lookAt(trigger.queueName);
      },
      this,
    );
  }

  #listensTo(queue: string): boolean {
    return this.parts.functions.some(
      ({ trigger }) => trigger.kind === 'queue' && trigger.queueName === queue,
    );
  }

  #poll(queue: string): void {
    this.#polls.delete(queue);
    const { queues, scheduler, random } = this.parts;
    const inWork = this.#inWork.get(queue) ?? 0;
    // A host without a worker takes messages all the same, and fails each at once.
    if (!queues.isAway && inWork <= newBatchThreshold && this.#workers > 0) {
      for (const message of queues.receive(queue, batchSize, lockSeconds)) this.#take(queue, message);
      this.lookAt(queue);
      return;
    }
    const cancel = scheduler.at(random.between(200, longestPollMs), () => this.#poll(queue), this);
    this.#polls.set(queue, { atMs: scheduler.nowMs() + longestPollMs, cancel });
  }

  #take(queue: string, message: HeldMessage): void {
    const { scheduler, random, queues, functions } = this.parts;
    const target = functions.find(({ trigger }) => trigger.kind === 'queue' && trigger.queueName === queue);
    if (target === undefined) return;
    // Whoever had it before has ended with it in hand.
    if (message.dequeueCount > maxDequeueCount) return this.#giveUp(queue, message, 'cut off');
    this.#inWork.set(queue, (this.#inWork.get(queue) ?? 0) + 1);
    const cancelRenewal = scheduler.at(
      lockRenewalSeconds * 1000,
      () => (queues.isAway ? undefined : queues.hide(queue, message, lockSeconds)),
      this,
    );
    void this.invoke(target, message.text, message.dequeueCount).then((how) => {
      cancelRenewal();
      scheduler.at(
        random.between(1, 30),
        () => {
          this.#inWork.set(queue, (this.#inWork.get(queue) ?? 1) - 1);
          // What the host cannot tell the queue becomes visible when its lock is over.
          if (queues.isAway) return;
          if (how === 'done') queues.remove(queue, message);
          else if (message.dequeueCount >= maxDequeueCount) this.#giveUp(queue, message, how);
          else queues.hide(queue, message, retrySeconds);
        },
        this,
      );
    });
  }

  /** Moves a message to its poison queue. One of a poison queue stays locked. */
  #giveUp(queue: string, message: HeldMessage, how: InvocationEnd): void {
    const { queues, trace, onLeft } = this.parts;
    if (queue.endsWith('-poison')) {
      if (how === 'cut off') onLeft?.(message.id);
      return;
    }
    trace.note(this.name, `moves a message of ${queue} to its poison queue`);
    const poison = `${queue}-poison`;
    const id = queues.put(poison, message.text);
    if (how === 'cut off' && !this.#listensTo(poison)) onLeft?.(id);
    queues.remove(queue, message);
  }
}
