import type { Clock } from '../../../src/base/clock';
import { CrashCount, type CrashBudget } from './crash-budget';
import { HostError, messageOf } from '../errors';
import type { HostLog } from '../log-line';
import type { InvocationRequest, InvocationResponse } from './rpc';
import { WorkerProcess, type WorkerEnd, type WorkerOptions } from './worker-process';

export interface SupervisorOptions extends WorkerOptions {
  readonly budget: CrashBudget;
  readonly clock: Clock;
  readonly log: HostLog;
}

/**
 * Keeps one worker running. If it crashes, its running invocations fail and a new worker replaces it, until
 * the crash budget is used up. Invocations meanwhile fail at once. A worker that ends with exit code 0 is not
 * replaced, and further invocations hang.
 */
export class WorkerSupervisor {
  /** Resolves when the crash budget is used up; the host must then restart. */
  readonly exhausted: Promise<void>;
  readonly #options: SupervisorOptions;
  readonly #crashes: CrashCount;
  readonly #exhaust: () => void;
  #current: WorkerProcess | undefined;
  #last: WorkerProcess;
  #starting: Promise<void> = Promise.resolve();
  #stopping = false;

  private constructor(options: SupervisorOptions, first: WorkerProcess) {
    this.#options = options;
    this.#crashes = new CrashCount(options.budget);
    let exhaust: () => void = () => undefined;
    this.exhausted = new Promise((resolve) => (exhaust = resolve));
    this.#exhaust = exhaust;
    this.#last = first;
    this.#watch(first);
  }

  /** Starts the first worker. Rejects with HOST_APP_INVALID if it cannot load the app. */
  static async start(options: SupervisorOptions): Promise<WorkerSupervisor> {
    return new WorkerSupervisor(options, await WorkerProcess.start(options));
  }

  /** The present worker, or the last one. */
  get worker(): WorkerProcess {
    return this.#current ?? this.#last;
  }

  invoke(functionName: string, request: InvocationRequest): Promise<InvocationResponse> {
    if (this.#current !== undefined) return this.#current.invoke(functionName, request);
    return Promise.reject(new HostError('HOST_WORKER_GONE', 'Did not find any initialized language workers'));
  }

  /**
   * Replaces the worker that runs this invocation. Its other invocations hang. This does not count as a
   * crash.
   */
  restartFor(invocationId: string): void {
    const worker = this.#current;
    if (worker?.isExecuting(invocationId) !== true) return;
    this.#log(
      'warning',
      `Restarting the worker that executes ${invocationId}, whose time limit is exceeded.`,
    );
    this.#current = undefined;
    worker.abandon();
    this.#starting = worker.ended.then(() => this.#replace());
  }

  /** Runs the appTerminate hooks and ends the worker. A `graceMs` of 0 kills it at once. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    await this.#starting;
    if (graceMs === 0) this.worker.kill('SIGKILL');
    await this.worker.stop(graceMs);
  }

  #watch(worker: WorkerProcess): void {
    this.#current = this.#last = worker;
    void worker.ended.then((end) => this.#afterEnd(worker, end));
  }

  #afterEnd(worker: WorkerProcess, { how, isClean }: WorkerEnd): void {
    if (this.#stopping || worker !== this.#current) return;
    if (isClean) return this.#log('debug', `The worker process has exited with code 0.`);
    this.#current = undefined;
    this.#log('error', `The worker ended unexpectedly: ${how}.`);
    this.#starting = this.#afterCrash();
  }

  async #afterCrash(): Promise<void> {
    const { clock, budget } = this.#options;
    if (!this.#crashes.add(clock.monotonicMs())) return this.#replace();
    this.#log('critical', `The worker crashed ${budget.crashes} times; the host restarts.`);
    this.#exhaust();
  }

  /** Starts a new worker. One that cannot load the app counts as crashed. */
  async #replace(): Promise<void> {
    if (this.#stopping) return;
    try {
      const worker = await WorkerProcess.start(this.#options);
      this.#log('information', `Worker ${worker.pid} took over.`);
      this.#watch(worker);
    } catch (error) {
      this.#log('error', messageOf(error));
      await this.#afterCrash();
    }
  }

  #log(level: 'debug' | 'information' | 'warning' | 'error' | 'critical', message: string): void {
    this.#options.log({ level, category: 'host', message });
  }
}
