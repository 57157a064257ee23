import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalAzure, type StartedAzure } from '../azure';
import { people } from '../console/people';
import { startProvider } from '../console/provider';
import { appRoles } from '../lib/app-roles';
import { startAzurite } from '../lib/azurite';
import { startHost, type RunningHost } from '../host/start-host';
import type { HostLog } from '../host/log-line';
import type { SystemListeners } from './timeline/timeline';
import type { StartOptions } from './options';
import type { Running } from './second-terminal/running-file';
import { person } from './world';
import { openTogether } from '../lib/cleanup-stack';
import { eventWebhookOf } from '../lib/webhook';

export interface RunningSystem {
  readonly azure: StartedAzure;
  readonly host: RunningHost;
  /** The address of the console. */
  readonly page: string;
  /** The certificate's file, for `NODE_EXTRA_CA_CERTS`, `curl --cacert` and `REQUESTS_CA_BUNDLE`. */
  readonly certFile: string;
  /** The settings with which the tools (`postern …`) reach this system. */
  readonly toolSettings: Readonly<Record<string, string>>;
  /** Stops everything that was started. */
  close(): Promise<void>;
}

export interface SystemOptions {
  readonly start: Pick<StartOptions, 'port' | 'armPort' | 'storagePort' | 'speed'>;
  readonly appDirectory: string;
  readonly workerPath: string;
  readonly policyPath: string;
  readonly listeners: SystemListeners;
  readonly onLog: HostLog;
}

/** Starts Azurite, the local Azure and the app under the local Functions host, in this order. */
export async function startSystem(options: SystemOptions): Promise<RunningSystem> {
  return openTogether(async (cleanup) => {
    const folder = await mkdtemp(join(tmpdir(), 'postern-'));
    cleanup.push(() => rm(folder, { recursive: true, force: true }));
    const certFile = join(folder, 'local-azure.pem');
    const azurite = await startAzurite({ firstPort: options.start.storagePort });
    cleanup.push(() => azurite.close());
    const azure = await startLocalAzure({
      port: options.start.armPort,
      speed: options.start.speed,
      certFile,
      roles: appRoles,
      // People have their own identity here, because the app's may not create endpoints.
      identity: { userAssigned: [person] },
      onTelemetry: options.listeners.onTelemetry,
      onRequest: options.listeners.onRequest,
      eventGrid: { send: options.listeners.send },
    });
    cleanup.push(() => azure.close());
    const page = `http://127.0.0.1:${options.start.port}/console/`;
    const provider = await startProvider({
      port: 0,
      tenantId: consoleIds.CONSOLE_TENANT_ID,
      clientId: consoleIds.CONSOLE_CLIENT_ID,
      redirectUris: [page],
      people: Object.values(people),
    });
    cleanup.push(() => provider.close());
    const host = await startHost({
      appDirectory: options.appDirectory,
      workerPath: options.workerPath,
      port: options.start.port,
      settings: {
        ...settingsOf(azurite.connectionString, options.policyPath),
        ...consoleIds,
        CONSOLE_AUTHORITY: provider.authority,
      },
      env: { ...azure.environment },
      onLog: options.onLog,
    });
    cleanup.push(() => host.close());
    azure.eventGrid.subscribe({ url: eventWebhookOf(host) });
    const toolSettings = {
      ...azure.environment,
      AzureWebJobsStorage: azurite.connectionString,
      POLICY_PATH: options.policyPath,
    };
    return { azure, host, page, certFile, toolSettings, close: () => cleanup.close() };
  });
}

/** Returns what a second terminal needs to know. */
export function runningOf({ azure, host, page, certFile, toolSettings }: RunningSystem): Running {
  const { armUrl, identityUrl, identity } = azure;
  return {
    pid: process.pid,
    armPort: Number(new URL(armUrl).port),
    armUrl,
    identityUrl,
    identitySecret: identity.secret,
    certFile,
    hostUrl: host.url,
    page,
    toolSettings,
  };
}

/** The local sign-in service's ids; any would do. */
const consoleIds = {
  CONSOLE_TENANT_ID: '99999999-9999-4999-8999-999999999999',
  CONSOLE_CLIENT_ID: '88888888-8888-4888-8888-888888888888',
};

/**
 * Returns the settings of local.settings.sample.json with shorter intervals, because the local Azure's clock
 * runs fast.
 */
function settingsOf(storage: string, policyPath: string): Record<string, string> {
  return {
    AzureWebJobsStorage: storage,
    FUNCTIONS_WORKER_RUNTIME: 'node',
    POLICY_PATH: policyPath,
    POLL_FLOOR_SECONDS: '1',
    SWEEP_SCHEDULE: '*/10 * * * * *',
  };
}
