// With all that the app has loaded by then, so that the bundler does not cut that into more chunks: each costs a cold
// start a millisecond.
import './composition';
import { join } from 'node:path';
import { createKeyFetch } from './azure/identity/key-fetch';
import { type Console, createConsole } from './console/console';
import { createDiskAssets } from './console/http/disk-assets';
import type { Route } from './console/http/route';
import { createMeRoute } from './console/routes/me';
import { createOpenRoute } from './console/routes/open';
import { createRecentRoute } from './console/routes/recent';
import { createChangeRoutes } from './console/routes/changes';
import { createConnectionRoute } from './console/routes/connection';
import { createHistoryRoute } from './console/routes/history';
import { createOnePerPerson } from './console/routes/one-per-person';
import { createReadQuestion } from './console/question/question';
import { createReadTarget } from './console/question/read-target';
import { createView } from './console/question/view';
import { createConsoleIndex } from './compose-console-index';
import type { ConsolePorts } from './console-ports';

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
