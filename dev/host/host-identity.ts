import type { Agent } from 'node:https';
import type { TokenCredential } from '@azure/core-auth';
import { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { HostError } from './errors';
import { settingOf, type Settings } from './settings';

const reply = z.object({ access_token: z.string(), expires_on: z.coerce.number() });

/**
 * Creates the managed identity that the platform gives to host and app: IDENTITY_ENDPOINT and
 * IDENTITY_HEADER.
 */
export function createHostIdentity(options: {
  readonly environment: Settings;
  readonly clientId: string | undefined;
  /** Used for an endpoint that serves HTTPS. */
  readonly agent: Agent;
}): TokenCredential {
  const { environment, clientId, agent } = options;
  const httpClient = createDefaultHttpClient();
  return {
    async getToken(scopes) {
      const endpoint = settingOf(environment, 'IDENTITY_ENDPOINT');
      if (endpoint === undefined) {
        throw new HostError(
          'HOST_STORAGE_UNREACHABLE',
          'There is no managed identity: IDENTITY_ENDPOINT is not set.',
        );
      }
      const scope = Array.isArray(scopes) ? (scopes[0] ?? '') : scopes;
      const response = await httpClient.sendRequest(
        createPipelineRequest({
          url: tokenUrl(endpoint, scope.replace(/\/\.default$/, ''), clientId),
          headers: createHttpHeaders({
            'x-identity-header': settingOf(environment, 'IDENTITY_HEADER') ?? '',
          }),
          // App Service's own endpoint serves plain HTTP on the same machine.
          allowInsecureConnection: true,
          ...(endpoint.startsWith('https:') && { agent }),
        }),
      );
      if (response.status !== 200) {
        throw new HostError('HOST_STORAGE_UNREACHABLE', `The identity endpoint answered ${response.status}.`);
      }
      const { access_token: token, expires_on: seconds } = reply.parse(JSON.parse(response.bodyAsText ?? ''));
      return { token, expiresOnTimestamp: seconds * 1000 };
    },
  };
}

function tokenUrl(endpoint: string, resource: string, clientId: string | undefined): string {
  const url = new URL(endpoint);
  url.searchParams.set('api-version', '2019-08-01');
  url.searchParams.set('resource', resource);
  if (clientId !== undefined) url.searchParams.set('client_id', clientId);
  return url.href;
}
