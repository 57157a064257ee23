import { createLiveDeployment } from '../../../src/cli/live/live-deployment';
import { liftLimit } from '../../../src/review/limits/lift-limit';
import { startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import {
  sampleConnection,
  sampleOperation,
  sampleConnectionState,
  sampleTarget,
} from '../../../dev/lib/samples';

let azurite: RunningAzurite;

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite.close());

test('the operators’ tools meet the same storage as the app', async () => {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const deployment = createLiveDeployment({
    environment: { AzureWebJobsStorage: azurite.connectionString },
    person: 'alice',
    logger: { info: log, warn: log, error: log },
  });
  const limit = { state: 'held', lifts: 0, heldAt: '2026-03-01T11:00:00.000Z' } as const;
  const operation = sampleOperation({ effect: 'reject', state: 'planned', limit });
  await deployment.operations.save(sampleTarget(), [
    sampleConnectionState({ connection: sampleConnection(), operation }),
  ]);
  expect(await liftLimit(deployment, 'rejects', deployment.person)).toBe(1);
  expect((await deployment.limits.load('rejects')).lifts).toBe(1);
  await deployment.audit.flush();
  expect(lines).toEqual([]);
});

test('without the deployment’s storage the tools say which setting is missing', () => {
  const options = { environment: {}, person: 'alice', logger: console };
  expect(() => createLiveDeployment(options)).toThrow(/AzureWebJobsStorage is missing/);
});
