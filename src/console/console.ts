import type { FetchImplementation } from 'jose';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import type { ConsoleSettings } from '../config/config';
import type { ConsoleConfig } from './api';
import { type AssetReader, createAssets } from './http/assets';
import { withSafeHeaders } from './http/headers';
import type { ConsoleReply, ConsoleRequest } from './http/message';
import { createRouter, type Route } from './http/route';
import { consoleScope, createVerifyToken } from './sign-in/verify-token';

/** What `createConsole` needs. */
export interface ConsoleOptions {
  readonly settings: ConsoleSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly assets: AssetReader;
  /** Fetches the public keys of the sign-in service. */
  readonly fetchKeys: FetchImplementation;
  /** The routes of the API by their path. */
  readonly routes: ReadonlyMap<string, Route>;
}

/** Answers one request to the console. Never rejects. */
export type Console = (request: ConsoleRequest) => Promise<ConsoleReply>;

/** Creates the console: page, sign-in and API behind one function. */
export function createConsole(options: ConsoleOptions): Console {
  const { settings, clock, logger, routes } = options;
  const answer = createRouter({
    routes,
    publicConfig: publicConfigOf(settings),
    serveAsset: createAssets(options.assets),
    verifyToken: createVerifyToken({ settings, clock, fetch: options.fetchKeys }),
    logger,
  });
  return async (request) => withSafeHeaders(await answer(request), settings.authority);
}

/** A page that asks for a token for its own registration must name it by its GUID. */
function publicConfigOf({ authority, tenantId, clientId }: ConsoleSettings): ConsoleConfig {
  return { authority, tenantId, clientId, scope: `${clientId}/${consoleScope} openid profile` };
}
