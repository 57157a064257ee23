import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock, type Clock } from '../../src/base/clock';
import { realCrashBudget, type CrashBudget } from './worker/crash-budget';
import { messageOf } from './errors';
import { readHostJson } from './host-json';
import { HostInstance, type InstanceOptions } from './host-instance';
import { textReply } from './http/http-reply';
import { startHttpServer, type RunningHttpServer } from './http/http-server';
import { createKeys, type HostKeys } from './http/keys';
import type { HostLog, HostLogLine } from './log-line';
import type { QueueTimes } from './queue/queue-listener';
import { settingOf } from './settings';
import { workerEnvironment } from './worker/worker-environment';

export interface StartHostOptions {
  /** The folder with the app's package.json and host.json. */
  readonly appDirectory: string;
  /** The port; 0 selects any free port. */
  readonly port: number;
  /** The app settings: the app's environment, and the values that bindings refer to. */
  readonly settings: Record<string, string>;
  /** More environment variables for the app, e.g. NODE_EXTRA_CA_CERTS. They override settings. */
  readonly env?: Record<string, string>;
  readonly onLog?: (line: HostLogLine) => void;
  readonly nodeArgs?: readonly string[];
  /** The Node.js that runs the worker. Default: the one that runs this host. */
  readonly nodePath?: string;
  /** The bundled worker program. Default: dist/dev/host-worker.mjs below the working directory. */
  readonly workerPath?: string;
  /** Keys to use instead of random ones. */
  readonly keys?: Partial<HostKeys>;
  /** The number of worker crashes after which the host restarts. Default: three within 30 minutes. */
  readonly crashBudget?: CrashBudget;
  /** How long a restart of the host takes. Default 5 s. */
  readonly recycleMs?: number;
  /** How long `close` waits for invocations before it cuts them off. Default 10 s, as in the real host. */
  readonly graceMs?: number;
  /**
   * Additional time after `functionTimeout`, before the worker is killed. Default 2 s, as in the real host.
   */
  readonly timeoutGraceMs?: number;
  /** The locks of queue messages. Default: 10 minutes, renewed every 5, as in the real host. */
  readonly queueTimes?: QueueTimes;
  readonly clock?: Clock;
}

export interface RunningHost {
  readonly port: number;
  /** `http://127.0.0.1:{port}`, without a trailing slash. */
  readonly url: string;
  /** The key for the Event Grid webhook. */
  readonly systemKey: string;
  readonly masterKey: string;
  /** The host's default function key. */
  readonly functionKey: string;
  /** The names of the functions that are not disabled. */
  readonly functions: readonly string[];
  /** The process id of the present worker. */
  readonly pid: number;
  /** Resolves with the reason when the host has ended: closed, killed, or unable to restart. */
  readonly ended: Promise<string>;
  /**
   * Ends as after SIGTERM: waits for invocations, cuts off slow ones and runs the appTerminate hooks. Safe to
   * call twice.
   */
  close(): Promise<void>;
  /**
   * Ends as after SIGKILL to host and worker at once: nothing is returned to queues. Resolves when the worker
   * is gone.
   */
  crash(): Promise<void>;
  /** Sends a signal to the present worker. The host replaces a worker that ends because of it. */
  kill(signal: NodeJS.Signals): void;
}

const hostVersion = '4.1000.0-local';
const defaultGraceMs = 10_000;
const defaultRecycleMs = 5_000;
const defaultTimeoutGraceMs = 2_000;

/**
 * Runs a built Functions app as the Azure Functions host does: triggers and bindings here, the app in its own
 * worker process. Rejects with a HostError where the real host fails, and for unsupported bindings and
 * settings.
 */
export async function startHost(options: StartHostOptions): Promise<RunningHost> {
  const clock = options.clock ?? systemClock;
  const log: HostLog = (line) => options.onLog?.({ time: clock.now().toISOString(), ...line });
  const keys = createKeys(options.keys);
  const instanceOptions = instanceOptionsOf(options, { clock, log, keys });
  const host = new LocalHost(options, instanceOptions, await HostInstance.start(instanceOptions));
  return host.open();
}

function instanceOptionsOf(
  options: StartHostOptions,
  shared: Pick<InstanceOptions, 'clock' | 'log' | 'keys'>,
): InstanceOptions {
  const { settings, env = {}, queueTimes = {}, timeoutGraceMs = defaultTimeoutGraceMs } = options;
  const appDirectory = resolve(options.appDirectory);
  const environment = workerEnvironment({ appDirectory, settings, env });
  return {
    ...shared,
    settings,
    environment,
    queueTimes,
    timeoutGraceMs,
    hostJson: readHostJson(appDirectory, settings),
    hostId: hostIdOf(appDirectory, settings),
    version: hostVersion,
    supervision: {
      workerPath: resolve(options.workerPath ?? 'dist/dev/host-worker.mjs'),
      appDirectory,
      env: environment,
      nodePath: options.nodePath ?? process.execPath,
      nodeArgs: options.nodeArgs ?? [],
      hostVersion,
      budget: options.crashBudget ?? realCrashBudget,
    },
  };
}

/** Runs one host instance after another at the same address. */
class LocalHost {
  readonly #options: StartHostOptions;
  readonly #instanceOptions: InstanceOptions;
  #last: HostInstance;
  /** Undefined during a restart. */
  #instance: HostInstance | undefined;
  #starting: Promise<void> = Promise.resolve();
  #server: RunningHttpServer | undefined;
  #closing: Promise<void> | undefined;
  #end: (reason: string) => void = () => undefined;

  constructor(options: StartHostOptions, instanceOptions: InstanceOptions, first: HostInstance) {
    this.#options = options;
    this.#instanceOptions = instanceOptions;
    this.#last = this.#instance = first;
  }

  async open(): Promise<RunningHost> {
    const ended = new Promise<string>((resolve) => (this.#end = resolve));
    try {
      this.#server = await startHttpServer({
        port: this.#options.port,
        answer: async (request) =>
          this.#instance?.answer(request) ?? textReply(503, 'Function host is not running.'),
        log: this.#instanceOptions.log,
      });
    } catch (error) {
      await this.#last.end(0);
      throw error;
    }
    this.#watch(this.#last);
    return this.#running(this.#server.port, ended);
  }

  #running(port: number, ended: Promise<string>): RunningHost {
    const { keys } = this.#instanceOptions;
    const last = (): HostInstance => this.#last;
    return {
      port,
      url: `http://127.0.0.1:${port}`,
      systemKey: keys.eventGrid,
      masterKey: keys.master,
      functionKey: keys.hostFunction,
      get functions() {
        return last().functions.map(({ name }) => name);
      },
      get pid() {
        return last().supervisor.worker.pid;
      },
      ended,
      close: () => this.#close(this.#options.graceMs ?? defaultGraceMs, 'stopped'),
      crash: () => this.#close(0, 'crashed'),
      kill: (signal) => last().supervisor.worker.kill(signal),
    };
  }

  #watch(instance: HostInstance): void {
    void instance.supervisor.exhausted.then(() => {
      if (this.#closing === undefined) void this.#recycle(instance);
    });
  }

  /** Ends the instance and starts a new one, as the platform does: with the same keys and no other memory. */
  async #recycle(instance: HostInstance): Promise<void> {
    const { graceMs = defaultGraceMs, recycleMs = defaultRecycleMs } = this.#options;
    await instance.end(graceMs);
    this.#instance = undefined;
    await sleep(recycleMs, undefined, { ref: false });
    if (this.#closing === undefined) this.#starting = this.#startAgain();
  }

  async #startAgain(): Promise<void> {
    try {
      this.#last = this.#instance = await HostInstance.start(this.#instanceOptions);
      this.#watch(this.#last);
    } catch (error) {
      const message = messageOf(error);
      this.#instanceOptions.log({ level: 'critical', category: 'host', message });
      this.#closing ??= this.#server?.close(0).then(() => this.#end(message));
    }
  }

  #close(graceMs: number, reason: string): Promise<void> {
    this.#closing ??= this.#shut(graceMs).then(() => this.#end(reason));
    return this.#closing;
  }

  async #shut(graceMs: number): Promise<void> {
    await this.#starting;
    await Promise.all([this.#server?.close(graceMs), this.#instance?.end(graceMs)]);
  }
}

/**
 * Returns the name under which the blobs of this app's timers are stored. It is the same for every start of
 * an app.
 */
function hostIdOf(appDirectory: string, settings: Record<string, string>): string {
  const given = settingOf(settings, 'AzureFunctionsWebHost__hostid');
  return given ?? `local-${createHash('sha256').update(appDirectory).digest('hex').slice(0, 16)}`;
}
