import { localIdentity } from '../../../dev/azure';
import { createArm } from '../../../src/azure/arm/arm';
import { createArmClient } from '../../../src/azure/arm/client';
import { watchThrough } from '../../../src/cli/live/live-wait';
import type { Watched } from '../../../src/cli/wait/watch';
import type { HoldSources } from '../../../src/cli/wait/why-held';
import { PosternError } from '../../../src/base/errors';
import { runTool } from '../../support/rigs/cli';
import { FakeClock } from '../../support/fakes';
import {
  createTestAzure,
  groupPath,
  type TargetKind,
  type TestAzure,
} from '../../support/rigs/local-azure-world';
import { createRig, type Rig } from '../../support/rigs/rig';
import { systemClock } from '../../../src/base/clock';

/** `postern wait` and Postern itself over the production adapters, both against one local Azure, in one time. */
interface System {
  readonly world: TestAzure;
  readonly rig: Rig;
  readonly connectionId: string;
  readonly client: ReturnType<typeof createArmClient>;
}

const endpointId = `${groupPath}/Microsoft.Network/privateEndpoints/pe1`;
const opened: TestAzure[] = [];

afterEach(async () => {
  for (const { azure } of opened.splice(0)) await azure.close();
});

async function system(kind: TargetKind = 'vault'): Promise<System> {
  const world = createTestAzure();
  opened.push(world);
  const target = await world.target(kind);
  const { credential, httpClient } = world.azure;
  const clock = {
    ...systemClock,
    now: () => world.clock.now(),
    monotonicMs: () => world.clock.seconds() * 1000,
  };
  const options = { endpoint: 'https://management.azure.com', credential, httpClient, clock };
  const adapters = createArm(options);
  const rig = createRig({ target, adapters, onSecond: () => world.clock.advance(1) });
  const connectionId = await world.connection(target, { message: 'CHG 42' });
  return { world, rig, connectionId, client: createArmClient(options) };
}

/** Time passes for all while the tool sleeps; Postern is at work meanwhile if it is to be. */
function wait(
  it: System,
  args: readonly string[],
  options: { isPosternUp?: boolean; holds?: HoldSources } = {},
) {
  const clock = new FakeClock();
  const watch = (watched: Watched) => ({
    ...watchThrough(it.client, watched, watched.ledger ? options.holds : undefined),
    sleep: async (seconds: number) => {
      clock.advance(seconds);
      if (options.isPosternUp === false) await it.world.clock.advance(seconds);
      else await it.rig.run(seconds);
    },
  });
  return runTool(['wait', ...args], { clock, watch });
}

function decide({ rig, connectionId }: System, effect: 'approve' | 'reject' | 'delete'): void {
  rig.policy.effects.set(connectionId.split('/').at(-1) ?? '', effect);
}

const holdsOf = (rig: Rig): HoldSources => ({
  operations: rig.operations,
  decisions: {
    read: async (_, decisionId) => rig.ledger.records.find(({ id }) => id === `${decisionId}|decided`),
  },
});

test.each<[TargetKind, 'approve' | 'reject', number]>([
  ['vault', 'approve', 0],
  ['hsm', 'approve', 0],
  ['apim', 'approve', 0],
  ['disk', 'approve', 0],
  ['vault', 'reject', 3],
])(
  'on a %s: when Postern decides to %s, a wait for the endpoint ends with %i',
  async (kind, effect, exitCode) => {
    const it = await system(kind);
    decide(it, effect);
    await it.rig.takeRequest(it.rig.request());
    it.world.azure.requests.clear();
    const run = await wait(it, [endpointId]);
    expect(run.exitCode).toBe(exitCode);
    expect(run.output[1]).toContain(
      `[Postern ${effect === 'approve' ? 'approved' : 'rejected'}: rule-${effect}`,
    );
  },
);

test('a wait for an endpoint reads the endpoint and nothing else', async () => {
  const it = await system();
  it.world.azure.requests.clear();
  const { exitCode } = await wait(it, [endpointId, '--timeout', '30s'], { isPosternUp: false });
  expect(exitCode).toBe(5);
  const reads = it.world.azure.requests.records.map(({ method, path }) => `${method} ${path}`);
  expect(reads).toEqual(Array(4).fill(`GET ${endpointId}?api-version=2024-05-01`));
});

test('a wait for a connection ends when its target shows the approval, at rest', async () => {
  const it = await system();
  decide(it, 'approve');
  await it.rig.takeRequest(it.rig.request());
  const { exitCode } = await wait(it, [it.connectionId]);
  expect(exitCode).toBe(0);
  const { body } = await it.world.arm('GET', it.connectionId);
  expect(body).toMatchObject({ properties: { provisioningState: 'Succeeded' } });
});

test('an endpoint or a connection that is deleted meanwhile ends with 6', async () => {
  const it = await system();
  const gone = `${groupPath}/Microsoft.Network/privateEndpoints/never`;
  expect((await wait(it, [gone], { isPosternUp: false })).exitCode).toBe(6);
  it.world.azure.control.removeSilently(it.connectionId);
  const lost = await wait(it, [it.connectionId], { isPosternUp: false });
  expect(lost.exitCode).toBe(6);
});

describe('with the ledger', () => {
  test.each(['endpoint', 'connection'])(
    'a hold ends a wait for the %s with 4 and its reason',
    async (what) => {
      const it = await system();
      await it.rig.takeRequest(it.rig.request());
      const id = what === 'endpoint' ? endpointId : it.connectionId;
      const { exitCode, output } = await wait(it, [id, '--ledger'], { holds: holdsOf(it.rig) });
      expect(exitCode).toBe(4);
      expect(output[1]).toContain('No rule matched');
    },
  );

  test('what Postern is at, or has not seen, is no hold', async () => {
    const it = await system();
    decide(it, 'approve');
    const holds = holdsOf(it.rig);
    await it.rig.reviews.put(it.rig.request(), 20);
    expect((await wait(it, [endpointId, '--ledger'], { holds })).exitCode).toBe(0);
  });

  test('audit mode is a hold that says what the policy would do', async () => {
    const it = await system();
    decide(it, 'approve');
    it.rig.policy.mode = 'audit';
    await it.rig.takeRequest(it.rig.request());
    const { exitCode, output } = await wait(it, [endpointId, '--ledger'], { holds: holdsOf(it.rig) });
    expect([exitCode, output[1]]).toEqual([
      4,
      expect.stringContaining('audit mode: the policy would approve'),
    ]);
  });

  test('a storage account that does not answer hides no answer from ARM', async () => {
    const it = await system();
    const refuse = () => Promise.reject(new PosternError('STORE_UNAVAILABLE', 'storage is away: HTTP 403'));
    const holds = { operations: { load: refuse, get: refuse }, decisions: { read: refuse } };
    decide(it, 'approve');
    await it.rig.reviews.put(it.rig.request(), 20);
    const { exitCode, errors } = await wait(it, [endpointId, '--ledger'], { holds });
    expect(exitCode).toBe(0);
    expect(errors).toContainEqual(
      expect.stringContaining('cannot read whether Postern holds it: STORE_UNAVAILABLE: storage is away'),
    );
  });
});

test('throttling and errors of ARM cost time, but a missing permission ends the wait at once', async () => {
  const it = await system();
  const { faults, deny } = it.world.azure;
  faults.add({ path: 'privateEndpoints', times: 2, effect: { kind: 'status', status: 503 } });
  faults.add({
    path: 'privateEndpoints',
    times: 3,
    effect: { kind: 'status', status: 429, retryAfterSeconds: 40 },
  });
  decide(it, 'approve');
  await it.rig.reviews.put(it.rig.request(), 5);
  const { exitCode, errors } = await wait(it, [endpointId]);
  expect([exitCode, errors.length > 1]).toEqual([0, true]);
  deny.push({ principal: localIdentity.objectId, action: 'Microsoft.Network/privateEndpoints/read' });
  const denied = await wait(it, [endpointId]);
  expect([denied.exitCode, denied.errors[0]]).toEqual([
    2,
    expect.stringContaining('Microsoft.Network/privateEndpoints/read'),
  ]);
});
