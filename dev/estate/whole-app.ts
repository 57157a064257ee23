import type { HttpClient } from '@azure/core-rest-pipeline';
import { createApp } from '../../src/app';
import type { AuditRecord } from '../../src/audit/audit-record';
import type { Clock } from '../../src/base/clock';
import { readConfig } from '../../src/config/config';
import { type LocalAzure, localIdentity } from '../azure';
import type { Random } from '../azure/model/random';
import { type RegisteredFunction, registeredFunctions } from '../explore/app/functions-sdk';
import { type ArmNetworkParts, createArmHttpClient } from '../explore/world/worker/arm-network';
import { Instance } from '../explore/host/instance';
import { createScheduler, type Scheduler } from '../explore/kernel/scheduler';
import { createStreams } from '../explore/kernel/streams';
import { createTrace } from '../explore/kernel/trace';
import { createSimulatedAccount, type SimulatedAccount } from '../explore/storage/account';
import { createSimulatedClients } from '../explore/storage/clients';
import { createHostQueues } from '../explore/world/host-queues';

export interface WholeAppOptions {
  /** Virtual time, for the Azure that answers, too. Default: a new one. */
  readonly scheduler?: Scheduler;
  readonly httpClient: HttpClient;
  /** Default: a token that never expires. */
  readonly getToken?: (scope: string) => { readonly token: string; readonly expiresOnTimestamp: number };
  readonly settings: Readonly<Record<string, string>>;
  readonly policy: string;
  /** Fills the storage account before the app starts. Default: leaves it empty. */
  readonly prepare?: (account: SimulatedAccount) => void;
}

/** The whole app from its functions on, in a simulated host, with simulated storage, in virtual time. */
export interface WholeApp {
  /** Every audit record, in its order. */
  readonly records: readonly AuditRecord[];
  /** Returns the lines of the log, each with its second. */
  log(): readonly string[];
  /** Delivers one event. */
  deliver(event: unknown): Promise<boolean>;
  /** Fires the timer of one function. Resolves to whether it succeeded. */
  fire(name: string): Promise<boolean>;
  /** Runs until `isOver`, or until the time is up. */
  run(hours: number, isOver: () => boolean): Promise<void>;
  close(): void;
}

/**
 * Returns how the app reaches a local Azure in the same process: nothing is lost or late, and tokens are those of
 * its identity. `onRequest` is called for each request.
 */
export function accessTo(
  azure: Pick<LocalAzure, 'router' | 'tokens'>,
  {
    scheduler,
    random,
    onRequest = () => undefined,
  }: {
    readonly scheduler: Scheduler;
    readonly random: Random;
    readonly onRequest?: ArmNetworkParts['onRequest'];
  },
): Required<Pick<WholeAppOptions, 'httpClient' | 'getToken'>> {
  return {
    httpClient: createArmHttpClient(
      {
        scheduler,
        random,
        faults: new Set(),
        router: azure.router,
        isDisturbed: () => false,
        isArmAway: () => false,
        atCall: () => undefined,
        onRequest,
        onReply: () => undefined,
      },
      { name: 'app', isDead: false, awayUntilMs: 0 },
    ),
    getToken: (scope) => {
      const audience = new URL(scope).origin;
      const { token, expiresAt } = azure.tokens.issue({ principal: localIdentity, audience });
      return { token, expiresOnTimestamp: expiresAt.getTime() };
    },
  };
}

/** The virtual time at which the app starts, in milliseconds since 1970. */
export const startMs = Date.UTC(2026, 0, 5, 12);

/** How long a host needs until its worker is up, at most. */
const startupMs = 10_000;

/**
 * Starts the app. The functions must be registered before, by `functions/register` with the explorer's modules in
 * place of `@azure/functions` and `functions/worker`. No timer is fired by itself.
 */
export async function startWholeApp(options: WholeAppOptions): Promise<WholeApp> {
  const stream = createStreams(1);
  const scheduler = options.scheduler ?? createScheduler(startMs, stream('scheduler'));
  const clock: Clock = {
    now: () => new Date(Math.floor(scheduler.nowMs())),
    monotonicMs: () => scheduler.nowMs(),
    after: (ms, job) => scheduler.at(ms, job),
  };
  const trace = createTrace({ nowMs: scheduler.nowMs, keeps: true });
  const account = createSimulatedAccount({ now: scheduler.nowMs, random: stream('account').next });
  options.prepare?.(account);
  const records: AuditRecord[] = [];
  const onQueueChange = (queue: string): void => instance.lookAt(queue);
  const { getToken = () => ({ token: 't', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) } = options;
  const platform = {
    clock,
    chance: { uuid: () => stream('chance').guid() },
    credential: { getToken: (scope: string | string[]) => Promise.resolve(getToken(String(scope))) },
    storage: createSimulatedClients({
      account,
      clock,
      call: ({ service, resource }, effect) =>
        new Promise((resolve) => {
          const value = effect();
          if (service === 'queue') onQueueChange(resource);
          resolve(value);
        }),
    }),
    policy: {
      version: () => Promise.resolve('1'),
      read: () => Promise.resolve([{ path: 'policy.yaml', text: options.policy }]),
    },
    telemetry: {
      emit: (emitted: readonly AuditRecord[]) => void records.push(...emitted),
      flush: () => Promise.resolve(),
    },
    httpClient: options.httpClient,
  };
  const settings = {
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    POLICY_PATH: '/policy',
    ...options.settings,
  };
  const instance: Instance = new Instance('app', {
    scheduler,
    random: stream('host'),
    trace,
    queues: createHostQueues(account, { isAway: () => false, onChange: onQueueChange }),
    functions: registeredFunctions,
    startWorker: ({ name }, number) => ({
      name: `${name}.${number}`,
      isDead: false,
      awayUntilMs: 0,
      app: createApp({
        directory: () => '/',
        readSettings: () => readConfig(settings),
        createPlatform: () => platform,
      }),
    }),
  });
  const onEvent = registeredFunctions.find(({ trigger }) => trigger.kind === 'event');
  if (onEvent === undefined) throw new Error('functions/register was not loaded');
  await scheduler.run(scheduler.nowMs() + startupMs);
  const invoke = async (each: RegisteredFunction, input: unknown): Promise<boolean> =>
    (await instance.invoke(each, input)) === 'done';
  return {
    records,
    log: () => trace.entries.map(({ atMs, who, what }) => `${(atMs - startMs) / 1000} ${who}: ${what}`),
    deliver: (event) => invoke(onEvent, event),
    fire: (name) => {
      const timer = registeredFunctions.find((each) => each.name === name && each.trigger.kind === 'timer');
      if (timer === undefined) throw new Error(`there is no timer ${name}`);
      return invoke(timer, {});
    },
    run: (hours, isOver) => scheduler.run(scheduler.nowMs() + hours * 3_600_000, isOver),
    close: () => scheduler.close(),
  };
}
