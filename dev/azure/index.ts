import { writeFile } from 'node:fs/promises';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { createLocalAzureParts, localIdentity, type LocalAzure, type LocalAzureOptions } from './local-azure';
import { createCertificate } from './mounts/certificate';
import { createLocalHttpClient } from './mounts/http-client';
import { startServer } from './mounts/server';

export {
  localIdentity,
  localIdentitySecret,
  localSubscriptionId,
  localTenantId,
  type LocalAzure,
  type LocalAzureOptions,
} from './local-azure';
export { somebodyElse, type Control, type ForeignAction, type SeededConnection } from './control/control';
export type { ManyTargets, SeededTargets } from './model/many-targets';
export type { DenyRule } from './access/authorization';
export type { Disturbance, DeliveryRecord, Subscription } from './events/event-grid';
export type { FaultEffect, FaultRule, Lie } from './faults/fault-rule';
export {
  createManualClock,
  createRunningClock,
  type LocalClock,
  type ManualClock,
} from './model/local-clock';
export { localRequest, type LocalReply, type LocalRequest, type LocalResponse } from './http/message';
export { microsoftService, type ManagedEndpoint } from './model/managed-endpoints';
export type { Principal } from './access/principals';
export type { Timings } from './model/timings';
export type { RequestRecord } from './http/request-log';
export { permissionOf, type RequiredPermission } from './access/required-permission';
export { isWithin, namesAction, type RoleAssignment } from './access/roles';
export type { SystemTopic, SystemTopicSubscription } from './events/system-topics';
export { microsoftTenantId, type Tenants } from './access/tenants';
export type { Change } from './model/world';

/** A local Azure for SDK clients in the same process, without a socket. */
export interface InProcessAzure extends LocalAzure {
  readonly httpClient: HttpClient;
  /** A credential of the app's managed identity, for any scope. */
  readonly credential: { getToken(): Promise<{ token: string; expiresOnTimestamp: number }> };
}

/** Creates the local Azure inside this process, for tests, usually with a manual clock. */
export function createLocalAzure(options: LocalAzureOptions = {}): InProcessAzure {
  const azure = createLocalAzureParts(options);
  return {
    ...azure,
    httpClient: createLocalHttpClient(azure.router),
    credential: {
      getToken: () => {
        const order = { principal: azure.identity.systemAssigned, audience: 'https://management.azure.com' };
        const { token, expiresAt } = azure.tokens.issue(order);
        return Promise.resolve({ token, expiresOnTimestamp: expiresAt.getTime() });
      },
    },
  };
}

export interface StartOptions extends LocalAzureOptions {
  /** The port for ARM and everything else over TLS. Default: any free port. */
  readonly port?: number | undefined;
  /** The port for the managed identity endpoint. Default: any free port. */
  readonly identityPort?: number | undefined;
  /** The file to which the certificate is written, for `NODE_EXTRA_CA_CERTS`. Default: not written. */
  readonly certFile?: string | undefined;
}

export interface StartedAzure extends LocalAzure {
  /** `https://127.0.0.1:{port}`; the certificate is also valid for `localhost`. */
  readonly armUrl: string;
  readonly identityUrl: string;
  readonly certPem: string;
  readonly certFile: string | undefined;
  /** Environment variables for the app's process. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Starts the local Azure on loopback: TLS for ARM, plain HTTP for the managed identity endpoint. Rejects with
 * the system's error if a port is not available, and leaves nothing open.
 */
export async function startLocalAzure(options: StartOptions = {}): Promise<StartedAzure> {
  const certificate = await createCertificate();
  const { certFile } = options;
  if (certFile !== undefined) await writeFile(certFile, certificate.certPem);
  const azure = createLocalAzureParts(options);
  const { router } = azure;
  const arm = await startServer({ handle: router.handle, port: options.port ?? 0, certificate }).catch(
    async (error: unknown) => {
      await azure.close();
      throw error;
    },
  );
  const identity = await startServer({
    handle: router.handleIdentity,
    port: options.identityPort ?? 0,
  }).catch(async (error: unknown) => {
    await arm.close();
    await azure.close();
    throw error;
  });
  const identityUrl = `${identity.url}/msi/token`;
  return {
    ...azure,
    armUrl: arm.url,
    identityUrl,
    certPem: certificate.certPem,
    certFile,
    environment: {
      ARM_ENDPOINT: arm.url,
      IDENTITY_ENDPOINT: identityUrl,
      IDENTITY_HEADER: azure.identity.secret,
      APPLICATIONINSIGHTS_CONNECTION_STRING: connectionStringOf(arm.url),
      ...(certFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: certFile }),
    },
    close: async () => {
      await azure.close();
      await Promise.all([arm.close(), identity.close()]);
    },
  };
}

/** Returns the connection string for the Application Insights exporter, with local endpoints only. */
export function connectionStringOf(armUrl: string): string {
  return `InstrumentationKey=${localIdentity.appId};IngestionEndpoint=${armUrl}/;LiveEndpoint=${armUrl}/`;
}
