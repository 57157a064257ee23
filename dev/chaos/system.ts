import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProvider } from '../console/provider';
import { appRoles } from '../lib/app-roles';
import { startLocalAzure, type FaultRule, type StartedAzure } from '../azure';
import { startAzurite, type RunningAzurite } from '../lib/azurite';
import type { HostLog } from '../host/log-line';
import { startHost, type RunningHost } from '../host/start-host';
import { answerers } from './people/people';
import { redirectUri } from './people/sign-in';
import { eventDisturbance } from './plan/disturbances';
import { namesIn } from './plan/draw-connections';
import { foreignTenants } from './plan/requesters';
import type { Recorder } from './recorder';
import { openTogether } from '../lib/cleanup-stack';
import { eventWebhookOf } from '../lib/webhook';

/** The time between two timed sweeps. */
export const sweepSeconds = 30;

export interface ChaosSystem {
  readonly azure: StartedAzure;
  readonly azurite: RunningAzurite;
  readonly hosts: readonly RunningHost[];
  /** Ends an instance, and starts another build in its place. */
  replace(instance: 0 | 1, appDirectory: string, how: 'drained' | 'killed'): Promise<void>;
  /** Ends both instances of the app, but nothing else. Nothing is written after that. */
  closeHosts(): Promise<void>;
  close(): Promise<void>;
}

export interface ChaosSystemOptions {
  readonly seed: number;
  /** Seconds of Azure per real second. */
  readonly speed: number;
  readonly appDirectory: string;
  readonly workerPath: string;
  /** Writes the policy to a folder of the run. */
  readonly writePolicy: (folder: string) => Promise<void>;
  readonly faults: readonly FaultRule[];
  readonly recorder: Recorder;
  /** Names of connections that no event may name. */
  readonly silent: ReadonlySet<string>;
  /** Called with the number of the instance. */
  readonly onLog: (line: Parameters<HostLog>[0], instance: number) => void;
}

/** Starts Azurite, the local Azure, and two instances of the app with one storage account. */
export async function startChaosSystem(options: ChaosSystemOptions): Promise<ChaosSystem> {
  return openTogether(async (cleanup) => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-chaos-'));
    cleanup.push(() => rm(folder, { recursive: true, force: true }));
    const policyPath = join(folder, 'policy');
    await options.writePolicy(policyPath);
    const azurite = await startAzurite({ keepsGarbage: true });
    cleanup.push(() => azurite.close());
    const hosts: RunningHost[] = [];
    const azure = await openAzure(options, join(folder, 'ca.pem'), hosts);
    cleanup.push(() => azure.close());
    const provider = await startProvider({
      port: 0,
      tenantId: consoleIds.CONSOLE_TENANT_ID,
      clientId: consoleIds.CONSOLE_CLIENT_ID,
      redirectUris: [redirectUri],
      people: answerers,
    });
    cleanup.push(() => provider.close());
    const closeHosts = async (): Promise<void> => {
      await Promise.all(hosts.map((host) => host.close()));
    };
    cleanup.push(closeHosts);
    const open = (instance: number, appDirectory: string): Promise<RunningHost> =>
      openHost(
        { ...options, appDirectory },
        {
          policyPath,
          connectionString: azurite.connectionString,
          azure,
          authority: provider.authority,
          // In Azure a timer runs on one instance only; these hosts do not coordinate that.
          sweeps: instance === 0,
          onLog: (line) => options.onLog(line, instance),
        },
      );
    for (const instance of [0, 1]) hosts.push(await open(instance, options.appDirectory));
    azure.eventGrid.subscribe({ url: eventWebhookOf(hosts[0]!) });
    const replace: ChaosSystem['replace'] = async (instance, appDirectory, how) => {
      await (how === 'drained' ? hosts[instance]?.close() : hosts[instance]?.crash());
      hosts[instance] = await open(instance, appDirectory);
    };
    return { azure, azurite, hosts, replace, closeHosts, close: () => cleanup.close() };
  });
}

/** The local sign-in service's ids; any would do. */
const consoleIds = {
  CONSOLE_TENANT_ID: '99999999-9999-4999-8999-999999999999',
  CONSOLE_CLIENT_ID: '88888888-8888-4888-8888-888888888888',
};

const systemKey = 'chaos-system-key';

function openAzure(
  options: ChaosSystemOptions,
  certFile: string,
  hosts: readonly RunningHost[],
): Promise<StartedAzure> {
  const { seed, speed, faults, recorder, silent } = options;
  let turn = 0;
  return startLocalAzure({
    seed,
    speed,
    certFile,
    roles: appRoles,
    foreignTenants,
    // A contributor may approve again what was rejected, on every service, which is the harder case.
    world: { reviveRejectedEverywhere: true },
    faults,
    onChange: recorder.onChange,
    onRequest: recorder.onRequest,
    graph: { lagSeconds: 60 },
    eventGrid: {
      disturbance: eventDisturbance,
      // One address for two instances, used in turn.
      send: async (url, { method, headers, body, signal }) => {
        if (namesIn(body ?? '').some((name) => silent.has(name))) return { status: 200, body: '' };
        turn += 1;
        const { pathname, search } = new URL(url);
        const address = `${hosts[turn % hosts.length]!.url}${pathname}${search}`;
        const reply = await fetch(address, {
          method,
          headers,
          signal,
          ...(body === undefined ? {} : { body }),
        });
        return { status: reply.status, body: await reply.text() };
      },
    },
  });
}

interface HostOrder {
  readonly connectionString: string;
  readonly azure: StartedAzure;
  readonly authority: string;
  readonly sweeps: boolean;
  readonly policyPath: string;
  readonly onLog: HostLog;
}

function openHost(
  options: ChaosSystemOptions,
  { connectionString, azure, authority, sweeps, policyPath, onLog }: HostOrder,
): Promise<RunningHost> {
  const { ARM_ENDPOINT, IDENTITY_ENDPOINT, IDENTITY_HEADER, NODE_EXTRA_CA_CERTS } = azure.environment;
  const env = { ARM_ENDPOINT, IDENTITY_ENDPOINT, IDENTITY_HEADER, NODE_EXTRA_CA_CERTS } as Record<
    string,
    string
  >;
  return startHost({
    appDirectory: options.appDirectory,
    workerPath: options.workerPath,
    port: 0,
    keys: { eventGrid: systemKey },
    settings: {
      AzureWebJobsStorage: connectionString,
      FUNCTIONS_WORKER_RUNTIME: 'node',
      POLICY_PATH: policyPath,
      POLL_FLOOR_SECONDS: '1',
      SWEEP_SCHEDULE: `*/${sweepSeconds} * * * * *`,
      'AzureWebJobs.sweep.Disabled': String(!sweeps),
      ...consoleIds,
      CONSOLE_AUTHORITY: authority,
    },
    env,
    onLog,
  });
}
