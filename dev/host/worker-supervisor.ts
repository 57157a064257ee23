import { setTimeout as sleep } from 'node:timers/promises';
import { HostError, messageOf } from './errors';
import type { HostLog } from './log-line';
import type { InvocationRequest, InvocationResponse } from './rpc';
import { WorkerProcess } from './worker-process';
import type { WorkerOptions } from './worker-process';

export interface SupervisorOptions extends WorkerOptions {
  /** How often a worker that ended by itself is replaced before the host gives up. */
  maxRestarts: number;
  log: HostLog;
}

/**
 * Keeps one worker alive: when it ends by itself its invocations fail and another one takes its place, until
 * `maxRestarts` are used up. Invocations that come in between wait.
 */
export class WorkerSupervisor {
  /** Resolves with the reason when no worker will come any more: stopped, or given up. */
  readonly ended: Promise<string>;
  readonly #options: SupervisorOptions;
  readonly #end: (reason: string) => void;
  #current: WorkerProcess;
  #replacement: Promise<WorkerProcess> | undefined;
  #restarts = 0;
  #stopping = false;

  private constructor(options: SupervisorOptions, first: WorkerProcess) {
    this.#options = options;
    this.#current = first;
    let end: (reason: string) => void = () => undefined;
    this.ended = new Promise((resolve) => (end = resolve));
    this.#end = end;
    this.#watch(first);
  }

  /** Rejects with HOST_APP_INVALID when the first worker cannot load the app. */
  static async start(options: SupervisorOptions): Promise<WorkerSupervisor> {
    return new WorkerSupervisor(options, await WorkerProcess.start(options));
  }

  /** The worker that runs now. */
  get worker(): WorkerProcess {
    return this.#current;
  }

  async invoke(functionName: string, request: InvocationRequest): Promise<InvocationResponse> {
    const worker = await (this.#replacement ?? this.#current);
    return worker.invoke(functionName, request);
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const worker = await Promise.resolve(this.#replacement ?? this.#current).catch(() => undefined);
    await worker?.stop(graceMs);
    this.#end('stopped');
  }

  #watch(worker: WorkerProcess): void {
    void worker.ended.then((how) => {
      if (this.#stopping) return;
      this.#say('error', `The worker ended by itself: ${how}.`);
      const replacement = this.#replace();
      this.#replacement = replacement;
      replacement.then(
        (next) => {
          this.#current = next;
          this.#replacement = undefined;
          this.#watch(next);
        },
        (error: unknown) => {
          this.#say('critical', messageOf(error));
          this.#end(messageOf(error));
        },
      );
    });
  }

  async #replace(): Promise<WorkerProcess> {
    let failure = 'it kept ending by itself';
    while (this.#restarts < this.#options.maxRestarts && !this.#stopping) {
      this.#restarts += 1;
      try {
        const worker = await WorkerProcess.start(this.#options);
        this.#say('information', `Worker ${worker.pid} took over (restart ${this.#restarts}).`);
        return worker;
      } catch (error) {
        failure = messageOf(error);
        this.#say('error', failure);
        await sleep(Math.min(5_000, 250 * 2 ** this.#restarts));
      }
    }
    throw new HostError('HOST_WORKER_GONE', `No worker after ${this.#restarts} restarts: ${failure}`);
  }

  #say(level: 'information' | 'error' | 'critical', message: string): void {
    this.#options.log({ level, category: 'host', message });
  }
}
