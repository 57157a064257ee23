import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/clock';
import type { Clock } from '../../src/clock';
import { createAnswer } from './answer';
import { HostError } from './errors';
import { parseFunctions } from './functions';
import type { HostedFunction } from './functions';
import { readHostJson } from './host-json';
import type { HostOptions } from './host-json';
import { startHttpServer } from './http-server';
import { Invoker } from './invoker';
import { createKeys } from './keys';
import type { HostKeys } from './keys';
import { startListeners } from './listeners';
import type { HostLog, HostLogLine } from './log-line';
import { QueueOutputWriter } from './queue-output';
import { Queues } from './queues';
import { settingOf } from './settings';
import { workerEnvironment } from './worker-environment';
import { WorkerSupervisor } from './worker-supervisor';

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
  /** How many workers that ended by themselves are replaced. Default 10. */
  maxRestarts?: number;
  /** How long `close` waits for invocations, and then for the worker. Default 10 s each. */
  graceMs?: number;
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
  /** Resolves with the reason when the host has ended: closed, or no worker would stay alive. */
  ended: Promise<string>;
  /** Stops listening, lets invocations finish, runs the appTerminate hooks. Safe to call twice. */
  close(): Promise<void>;
  /** Sends a signal to the present worker. The host replaces a worker that ends by it. */
  kill(signal: NodeJS.Signals): void;
}

const VERSION = '4.1000.0-local';

/**
 * Runs a built Functions app as the Azure Functions host would: triggers and bindings here, the app in a worker
 * process of its own. Rejects with a HostError where a real host would start a broken app: an entry point that
 * fails, no functions, unknown bindings, settings that are missing.
 */
export async function startHost(options: StartHostOptions): Promise<RunningHost> {
  const clock = options.clock ?? systemClock;
  const log: HostLog = (line) => options.onLog?.({ time: clock.now().toISOString(), ...line });
  const appDirectory = resolve(options.appDirectory);
  const hostJson = readHostJson(appDirectory, options.settings);
  const supervisor = await WorkerSupervisor.start({
    workerPath: resolve(options.workerPath ?? 'dist/dev/host-worker.mjs'),
    appDirectory,
    env: workerEnvironment({ appDirectory, settings: options.settings, env: options.env ?? {} }),
    nodePath: options.nodePath ?? process.execPath,
    nodeArgs: options.nodeArgs ?? [],
    hostVersion: VERSION,
    maxRestarts: options.maxRestarts ?? 10,
    log,
  });
  try {
    return await openHost({ ...options, appDirectory, clock }, { hostJson, supervisor, log });
  } catch (error) {
    await supervisor.stop(options.graceMs ?? GRACE_MS);
    throw error;
  }
}

const GRACE_MS = 10_000;

interface Parts {
  hostJson: HostOptions;
  supervisor: WorkerSupervisor;
  log: HostLog;
}

async function openHost(options: StartHostOptions & { clock: Clock }, parts: Parts): Promise<RunningHost> {
  const { hostJson, supervisor, log } = parts;
  const functions = enabledFunctions(supervisor, options.settings, log);
  const keys = createKeys(options.keys);
  const queues = new Queues();
  const invoker = new Invoker({
    run: (name, request) => supervisor.invoke(name, request),
    outputs: new QueueOutputWriter(queues, hostJson.queues.messageEncoding),
    log,
  });
  const { routePrefix, queues: queueOptions } = hostJson;
  const shared = { functions, keys, queues, invoke: invoker.invoke, hostId: hostIdOf(options), log };
  const answer = createAnswer({ ...shared, routePrefix, version: VERSION });
  const server = await startHttpServer({ port: options.port, answer, log });
  const { settings, clock } = options;
  const listeners = await startListeners({ ...shared, settings, queueOptions, clock }).catch(
    async (error: unknown) => {
      await server.close(0);
      throw error;
    },
  );
  log({ level: 'information', category: 'host', message: `Functions: ${namesOf(functions).join(', ')}` });

  const graceMs = options.graceMs ?? GRACE_MS;
  const close = once(() =>
    drain([server.close(graceMs), listeners.stop(), invoker.idle()], supervisor, graceMs),
  );
  return runningHost({ port: server.port, keys, functions, supervisor, close });
}

function runningHost(parts: {
  port: number;
  keys: HostKeys;
  functions: HostedFunction[];
  supervisor: WorkerSupervisor;
  close: () => Promise<void>;
}): RunningHost {
  const { port, keys, supervisor, close } = parts;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    systemKey: keys.eventGrid,
    masterKey: keys.master,
    functionKey: keys.hostFunction,
    functions: namesOf(parts.functions),
    get pid() {
      return supervisor.worker.pid;
    },
    ended: supervisor.ended.then(async (reason) => {
      await close();
      return reason;
    }),
    close,
    kill: (signal) => supervisor.worker.kill(signal),
  };
}

function namesOf(functions: HostedFunction[]): string[] {
  return functions.map(({ name }) => name);
}

function enabledFunctions(
  supervisor: WorkerSupervisor,
  settings: Record<string, string>,
  log: HostLog,
): HostedFunction[] {
  const { functions, capabilities } = supervisor.worker;
  if (capabilities['HttpUri'] !== undefined) {
    throw new HostError('HOST_APP_INVALID', 'The app uses enableHttpStream, which this host does not serve.');
  }
  const all = parseFunctions(functions, settings);
  for (const { name } of all.filter(({ disabled }) => disabled)) {
    log({ level: 'information', category: 'host', function: name, message: 'Disabled by a setting.' });
  }
  return all.filter(({ disabled }) => !disabled);
}

/** Lets the work end by itself, ends the worker, and lets what that failed be put back into its queues. */
async function drain(
  stops: Promise<unknown>[],
  supervisor: WorkerSupervisor,
  graceMs: number,
): Promise<void> {
  const settled = Promise.all(stops);
  const withinGrace = (): Promise<unknown> =>
    Promise.race([settled, sleep(graceMs, undefined, { ref: false })]);
  await withinGrace();
  await supervisor.stop(graceMs);
  await withinGrace();
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= action());
}

/** Names the blobs of this app's timers; the same for each start of the same app. */
function hostIdOf({ appDirectory, settings }: StartHostOptions): string {
  const given = settingOf(settings, 'AzureFunctionsWebHost__hostid');
  return given ?? `local-${createHash('sha256').update(appDirectory).digest('hex').slice(0, 16)}`;
}
