import { createChangeRoutes } from '../../../src/console/routes/changes';
import { createConnectionRoute } from '../../../src/console/routes/connection';
import { createHistoryRoute } from '../../../src/console/routes/history';
import { createOnePerPerson } from '../../../src/console/routes/one-per-person';
import { createOpenRoute } from '../../../src/console/routes/open';
import { createRecentRoute } from '../../../src/console/routes/recent';
import type { Route } from '../../../src/console/http/route';
import { type ConsoleRig, createConsoleRig, openPolicy } from './console-rig';
import { createConsoleUnderTest } from './console-under-test';

/** The whole API over fakes, with real tokens. */
export async function createConsoleApi(policy = openPolicy) {
  const rig = createConsoleRig(policy);
  const { ports, index, clock } = rig;
  const asking = { ...ports, onePerPerson: createOnePerPerson() };
  const history = { readConnection: () => Promise.resolve(rig.ledger.records) };
  const underTest = await createConsoleUnderTest({
    clock,
    routes: new Map<string, Route>([
      ['api/open', createOpenRoute({ ...ports, index })],
      ['api/recent', createRecentRoute({ index, clock })],
      ['api/connection', createConnectionRoute(asking)],
      ['api/history', createHistoryRoute({ history })],
      ...createChangeRoutes(asking),
    ]),
  });
  return { rig, ...underTest };
}

/** Counts what requests have changed. */
export function changesOf({ operations, ledger, arm }: ConsoleRig): number {
  return operations.saves.length + ledger.records.length + arm.writes.length;
}
