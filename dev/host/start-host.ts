import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock';
import type { Clock } from '../../src/base/clock';
import { REAL_CRASH_BUDGET } from './worker/crash-budget';
import type { CrashBudget } from './worker/crash-budget';
import { messageOf } from './errors';
import { readHostJson } from './host-json';
import { HostLife } from './host-life';
import type { LifeOptions } from './host-life';
import { textReply } from './http/http-reply';
import { startHttpServer } from './http/http-server';
import type { RunningHttpServer } from './http/http-server';
import { createKeys } from './http/keys';
import type { HostKeys } from './http/keys';
import type { HostLog, HostLogLine } from './log-line';
import type { QueueTimes } from './queue/queue-listener';
import { settingOf } from './settings';
import { workerEnvironment } from './worker/worker-environment';

export interface StartHostOptions {
  /** The folder with the app's package.json and host.json. */
  appDirectory: string;
  /** 0 lets the system choose. */
  port: number;
  /** The app settings: the app's environment, and what bindings refer to. */
  settings: Record<string, string>;
  /** More environment variables for the app, e.g. NODE_EXTRA_CA_CERTS; they win over settings. */
  env?: Record<string, string>;
  onLog?: (line: HostLogLine) => void;
  nodeArgs?: string[];
  /** The Node.js that runs the worker. Default: the one that runs this host. */
  nodePath?: string;
  /** The bundled worker program. Default: dist/dev/host-worker.mjs below the working directory. */
  workerPath?: string;
  /** Keys to use instead of random ones. */
  keys?: Partial<HostKeys>;
  /** Crashes of workers after which the host is started again. Default: the third within 30 minutes. */
  crashBudget?: CrashBudget;
  /** How long the host is away when it is started again. Default 5 s. */
  recycleMs?: number;
  /** How long `close` lets invocations end before they are cut off. Default 10 s, as the host. */
  graceMs?: number;
  /** What an invocation gets after `functionTimeout`, before its worker is killed. Default 2 s, as the host. */
  timeoutGraceMs?: number;
  /** The locks of queue messages. Default: the host's, 10 minutes that are renewed every 5. */
  queueTimes?: QueueTimes;
  clock?: Clock;
}

export interface RunningHost {
  port: number;
  /** `http://127.0.0.1:{port}`, without a slash at the end. */
  url: string;
  /** The key for the Event Grid webhook. */
  systemKey: string;
  masterKey: string;
  /** The host's default function key. */
  functionKey: string;
  /** The functions that run here: those that are not disabled. */
  functions: string[];
  /** The present worker's process. */
  readonly pid: number;
  /** Resolves with the reason when the host has ended: closed, killed, or it could not be started again. */
  ended: Promise<string>;
  /** As SIGTERM: lets invocations end and cuts off what takes longer; runs the appTerminate hooks. Safe to call twice. */
  close(): Promise<void>;
  /** As SIGKILL to host and worker at once: nothing is handed back. Resolves when the worker is gone. */
  crash(): Promise<void>;
  /** Sends a signal to the present worker. The host replaces a worker that ends by it. */
  kill(signal: NodeJS.Signals): void;
}

const VERSION = '4.1000.0-local';
const GRACE_MS = 10_000;
const RECYCLE_MS = 5_000;
const TIMEOUT_GRACE_MS = 2_000;

/**
 * Runs a built Functions app as the Azure Functions host would: triggers and bindings here, the app in a worker
 * process of its own. Rejects with a HostError for what the real host fails at loudly, and for bindings and settings that
 * this one does not know.
 */
export async function startHost(options: StartHostOptions): Promise<RunningHost> {
  const clock = options.clock ?? systemClock;
  const log: HostLog = (line) => options.onLog?.({ time: clock.now().toISOString(), ...line });
  const keys = createKeys(options.keys);
  const lifeOptions = lifeOptionsOf(options, { clock, log, keys });
  const host = new LocalHost(options, lifeOptions, await HostLife.start(lifeOptions));
  return host.open();
}

function lifeOptionsOf(
  options: StartHostOptions,
  shared: Pick<LifeOptions, 'clock' | 'log' | 'keys'>,
): LifeOptions {
  const { settings, env = {}, queueTimes = {}, timeoutGraceMs = TIMEOUT_GRACE_MS } = options;
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
    version: VERSION,
    supervision: {
      workerPath: resolve(options.workerPath ?? 'dist/dev/host-worker.mjs'),
      appDirectory,
      env: environment,
      nodePath: options.nodePath ?? process.execPath,
      nodeArgs: options.nodeArgs ?? [],
      hostVersion: VERSION,
      budget: options.crashBudget ?? REAL_CRASH_BUDGET,
    },
  };
}

/** One life of the host after the other, at one address. */
class LocalHost {
  readonly #options: StartHostOptions;
  readonly #lifeOptions: LifeOptions;
  #last: HostLife;
  /** Undefined while the host is away. */
  #life: HostLife | undefined;
  #starting: Promise<void> = Promise.resolve();
  #server: RunningHttpServer | undefined;
  #closing: Promise<void> | undefined;
  #end: (reason: string) => void = () => undefined;

  constructor(options: StartHostOptions, lifeOptions: LifeOptions, first: HostLife) {
    this.#options = options;
    this.#lifeOptions = lifeOptions;
    this.#last = this.#life = first;
  }

  async open(): Promise<RunningHost> {
    const ended = new Promise<string>((resolve) => (this.#end = resolve));
    try {
      this.#server = await startHttpServer({
        port: this.#options.port,
        answer: async (request) =>
          this.#life?.answer(request) ?? textReply(503, 'Function host is not running.'),
        log: this.#lifeOptions.log,
      });
    } catch (error) {
      await this.#last.end(0);
      throw error;
    }
    this.#watch(this.#last);
    return this.#running(this.#server.port, ended);
  }

  #running(port: number, ended: Promise<string>): RunningHost {
    const { keys } = this.#lifeOptions;
    const last = (): HostLife => this.#last;
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
      close: () => this.#close(this.#options.graceMs ?? GRACE_MS, 'stopped'),
      crash: () => this.#close(0, 'crashed'),
      kill: (signal) => last().supervisor.worker.kill(signal),
    };
  }

  #watch(life: HostLife): void {
    void life.supervisor.exhausted.then(() => {
      if (this.#closing === undefined) void this.#recycle(life);
    });
  }

  /** The host gives itself up, and the platform starts it again: the same keys, nothing else in its memory. */
  async #recycle(life: HostLife): Promise<void> {
    const { graceMs = GRACE_MS, recycleMs = RECYCLE_MS } = this.#options;
    await life.end(graceMs);
    this.#life = undefined;
    await sleep(recycleMs, undefined, { ref: false });
    if (this.#closing === undefined) this.#starting = this.#startAgain();
  }

  async #startAgain(): Promise<void> {
    try {
      this.#last = this.#life = await HostLife.start(this.#lifeOptions);
      this.#watch(this.#last);
    } catch (error) {
      const message = messageOf(error);
      this.#lifeOptions.log({ level: 'critical', category: 'host', message });
      this.#closing ??= this.#server?.close(0).then(() => this.#end(message));
    }
  }

  #close(graceMs: number, reason: string): Promise<void> {
    this.#closing ??= this.#shut(graceMs).then(() => this.#end(reason));
    return this.#closing;
  }

  async #shut(graceMs: number): Promise<void> {
    await this.#starting;
    await Promise.all([this.#server?.close(graceMs), this.#life?.end(graceMs)]);
  }
}

/** Names the blobs of this app's timers; the same for each start of the same app. */
function hostIdOf(appDirectory: string, settings: Record<string, string>): string {
  const given = settingOf(settings, 'AzureFunctionsWebHost__hostid');
  return given ?? `local-${createHash('sha256').update(appDirectory).digest('hex').slice(0, 16)}`;
}
