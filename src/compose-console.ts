// With all that the app has loaded by then, so that the bundler does not cut that into more chunks: each costs a cold
// start a millisecond.
import './composition';
import { join } from 'node:path';
import { createKeyFetch } from './azure/identity/key-fetch';
import { type Console, createConsole } from './console/console';
import { createDiskAssets } from './console/http/disk-assets';
import type { Route } from './console/http/route';
import { createMeRoute, type MePorts } from './console/routes/me';
import { createOpenRoute } from './console/routes/open';
import { createRecentRoute } from './console/routes/recent';
import { createChangeRoutes } from './console/routes/changes';
import { createConnectionRoute } from './console/routes/connection';
import { type ConnectionHistory, createHistoryRoute } from './console/routes/history';
import { createOnePerPerson } from './console/routes/one-per-person';
import { createReadQuestion } from './console/question/question';
import { createReadTarget, type ReadPorts } from './console/question/read-target';
import { createView } from './console/question/view';
import type { LiftPorts } from './review/limits/lift-limit';
import { createConsoleIndex } from './compose-console-index';
import type { OperationStore } from './operations/operation-store';
import type { Logger } from './base/logger';
import type { ConsoleSettings } from './config/config';
import type { Platform } from './platform';

/** What the console shares with the rest of the app. */
export interface ConsolePorts extends MePorts, Omit<ReadPorts, 'operations'>, LiftPorts {
  readonly settings: ConsoleSettings;
  readonly platform: Pick<Platform, 'httpClient' | 'storage'>;
  readonly operations: OperationStore;
  readonly history: ConnectionHistory;
  /** The app's folder. */
  readonly directory: string;
  readonly logger: Logger;
}

/** Builds the console. Loaded with its first request, and never by an app without it. */
export function composeConsole(ports: ConsolePorts): Console {
  const { settings, platform, directory, clock, logger } = ports;
  const fetchKeys = createKeyFetch(platform.httpClient);
  const index = createConsoleIndex(platform.storage);
  const readTarget = createReadTarget(ports);
  const asking = {
    readQuestion: createReadQuestion({ ...ports, readTarget }),
    view: createView(),
    onePerPerson: createOnePerPerson(),
  };
  return createConsole({
    settings,
    clock,
    logger,
    assets: createDiskAssets(join(directory, 'dist', 'console')),
    fetchKeys: (url, { signal }) => fetchKeys(url, { signal }),
    routes: new Map<string, Route>([
      ['api/me', createMeRoute(ports)],
      ['api/open', createOpenRoute({ ...ports, index })],
      ['api/recent', createRecentRoute({ index, clock })],
      ['api/connection', createConnectionRoute(asking)],
      ['api/history', createHistoryRoute(ports)],
      ...createChangeRoutes({ ...ports, ...asking }),
    ]),
  });
}
