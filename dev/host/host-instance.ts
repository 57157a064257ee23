import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../src/base/clock';
import { createAnswer } from './http/answer';
import { HostError } from './errors';
import { parseFunctions, type HostedFunction } from './functions';
import type { HostOptions } from './host-json';
import type { HostReply, HostRequest } from './http/http-reply';
import { Invoker } from './invoker';
import type { HostKeys } from './http/keys';
import { startListeners, type Listeners } from './listeners';
import type { HostLog } from './log-line';
import type { QueueTimes } from './queue/queue-listener';
import { QueueOutputWriter } from './queue/queue-output';
import { Queues } from './queue/queues';
import { StorageClients } from './storage/clients';
import { WorkerSupervisor, type SupervisorOptions } from './worker/worker-supervisor';

export interface InstanceOptions {
  readonly settings: Record<string, string>;
  /** The app's environment, which the platform also gives to the host. */
  readonly environment: Record<string, string>;
  readonly hostId: string;
  readonly version: string;
  readonly hostJson: HostOptions;
  readonly keys: HostKeys;
  readonly queueTimes: QueueTimes;
  readonly timeoutGraceMs: number;
  readonly supervision: Omit<SupervisorOptions, 'clock' | 'log'>;
  readonly clock: Clock;
  readonly log: HostLog;
}

/** One run of the host from start to end: workers, triggers and answers. An instance is used once. */
export class HostInstance {
  /** The functions that are not disabled. */
  readonly functions: HostedFunction[];
  readonly supervisor: WorkerSupervisor;
  readonly answer: (request: HostRequest) => Promise<HostReply>;
  readonly #invoker: Invoker;
  #listeners: Listeners | undefined;

  private constructor(options: InstanceOptions, supervisor: WorkerSupervisor) {
    const { hostJson, keys, hostId, version, log } = options;
    const clients = new StorageClients(options.environment);
    const queues = new Queues(clients);
    const all = functionsOf(supervisor, options);
    this.supervisor = supervisor;
    this.functions = all.filter(({ disabled }) => !disabled);
    this.#invoker = new Invoker({
      run: (name, request) => supervisor.invoke(name, request),
      restartFor: (invocationId) => supervisor.restartFor(invocationId),
      timeoutMs: hostJson.functionTimeoutMs,
      timeoutGraceMs: options.timeoutGraceMs,
      outputs: new QueueOutputWriter(queues, hostJson.queues.messageEncoding),
      log,
    });
    const { invoke } = this.#invoker;
    const { functions } = this;
    const { routePrefix, queues: queueOptions } = hostJson;
    this.answer = createAnswer({ functions, all, keys, invoke, hostId, version, routePrefix });
    this.#listen = () => startListeners({ ...options, functions, clients, queues, queueOptions, invoke });
  }

  readonly #listen: () => Promise<Listeners>;

  /** Starts an instance. Rejects with a HostError if the app cannot be served. */
  static async start(options: InstanceOptions): Promise<HostInstance> {
    const { supervision, clock, log } = options;
    const supervisor = await WorkerSupervisor.start({ ...supervision, clock, log });
    try {
      const instance = new HostInstance(options, supervisor);
      instance.#listeners = await instance.#listen();
      const names = instance.functions.map(({ name }) => name).join(', ');
      log({
        level: 'information',
        category: 'host',
        message: `${instance.functions.length} functions loaded: ${names}`,
      });
      return instance;
    } catch (error) {
      await supervisor.stop(workerGraceMs);
      throw error;
    }
  }

  /**
   * Ends as after SIGTERM: running invocations may end within `graceMs`, and messages are still read
   * meanwhile. Whatever takes longer is cut off: its worker is killed, and no message is returned to a queue.
   * A `graceMs` of 0 cuts off at once.
   */
  async end(graceMs: number): Promise<void> {
    const isCutOff = graceMs === 0 || !(await this.#endsWithin(graceMs));
    if (isCutOff) this.#listeners?.abandon();
    await this.supervisor.stop(isCutOff ? 0 : workerGraceMs);
  }

  async #endsWithin(milliseconds: number): Promise<boolean> {
    const ended = this.#endByItself().then(() => true);
    return Promise.race([ended, sleep(milliseconds, false, { ref: false })]);
  }

  async #endByItself(): Promise<void> {
    await this.#invoker.drained();
    await this.#listeners?.stop();
    await this.#invoker.idle();
  }
}

/** The time limit for a worker's appTerminate hooks. */
const workerGraceMs = 5_000;

function functionsOf(supervisor: WorkerSupervisor, { settings, log }: InstanceOptions): HostedFunction[] {
  const { functions, capabilities } = supervisor.worker;
  if (capabilities['HttpUri'] !== undefined) {
    throw new HostError(
      'HOST_APP_INVALID',
      'The app uses enableHttpStream, which this host does not support.',
    );
  }
  const all = parseFunctions(functions, settings);
  for (const { name } of all.filter(({ disabled }) => disabled)) {
    log({ level: 'information', category: 'host', function: name, message: 'Disabled by a setting.' });
  }
  return all;
}
