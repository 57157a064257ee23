import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import {
  createManualClock,
  localIdentity,
  localSubscriptionId,
  startLocalAzure,
  type ManualClock,
  type Principal,
} from '../../../dev/azure';
import type { StartedAzure, StartOptions } from '../../../dev/azure/index';
import { createArm } from '../../../src/azure/arm/arm';
import { systemClock, type Clock } from '../../../src/base/clock';
import { createRig, fakePolicy, type Rig } from '../../support/rigs/rig';

const startedAt = new Date('2026-01-05T12:00:00.000Z');
const apiVersion = 'api-version=2024-11-01';
const somebody = (index: number): Principal => ({
  appId: `c0000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  objectId: `d0000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
});

/** The production adapters and use cases, over TLS, against an ARM that enforces its limits. Its time is ours. */
describe('when many wait and ARM is scarce', () => {
  let azure: StartedAzure;
  let time: ManualClock;
  let rig: Rig;
  /** The least that ARM ever told of each count. */
  let least: Map<string, number>;

  afterEach(() => azure.close());

  /** So many vaults, each with a connection that waits and was told of. */
  async function given(waiting: number, options: StartOptions = {}): Promise<void> {
    time = createManualClock(startedAt);
    least = new Map();
    const timings = { 'Microsoft.KeyVault/vaults': { approveSeconds: 15 } };
    azure = await startLocalAzure({ clock: time, enforceRateLimits: true, timings, ...options });
    const targets = await Promise.all(Array.from({ length: waiting }, (_, index) => vault(index)));
    await time.advance(3600);
    for (const targetId of targets) {
      azure.control.seed({ targetId, connectionName: 'wanted', status: 'Pending', description: 'please' });
    }
    const policy = fakePolicy();
    policy.effects.set('wanted', 'approve');
    const clock: Clock = {
      ...systemClock,
      now: () => rig.clock.now(),
      monotonicMs: () => rig.clock.monotonicMs(),
    };
    const arm = createArm({
      endpoint: azure.armUrl,
      credential,
      httpClient: listening(azure.certPem),
      clock,
    });
    rig = createRig({ policy, adapters: arm, onSecond: () => time.advance(1) });
    rig.clock.advance(3600);
    for (const id of targets) await rig.reviews.put(rig.request({ id }), 0);
  }

  async function vault(index: number): Promise<string> {
    const id = `/subscriptions/${localSubscriptionId}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/vault-${index}`;
    const body = { location: 'westeurope', properties: {} };
    const reply = await azure.control.send(somebody(index), 'PUT', `${id}?${apiVersion}`, body);
    expect(reply).toMatchObject({ status: 201 });
    return id;
  }

  const credential = {
    getToken: () => {
      const order = { principal: localIdentity, audience: 'https://management.azure.com' };
      const { token, expiresAt } = azure.tokens.issue(order);
      return Promise.resolve({ token, expiresOnTimestamp: expiresAt.getTime() });
    },
  };

  function listening(ca: string): HttpClient {
    const client = createDefaultHttpClient();
    const tlsSettings = { ca };
    return {
      async sendRequest(request) {
        request.tlsSettings = tlsSettings;
        const response = await client.sendRequest(request);
        for (const [name, value] of response.headers) {
          const count = name.replace('x-ms-ratelimit-remaining-subscription-', '');
          if (count !== name) least.set(count, Math.min(least.get(count) ?? Infinity, Number(value)));
        }
        return response;
      },
    };
  }

  const ours = () => azure.requests.records.filter(({ principal }) => principal === localIdentity.objectId);
  const refused = () => ours().filter(({ status }) => status === 429);
  const applied = () =>
    rig.operations.rows().filter(({ operation }) => operation?.state === 'applied').length;

  async function runUntilDone(wanted: number, longestSeconds: number): Promise<void> {
    for (let seconds = 0; applied() < wanted && seconds < longestSeconds; seconds += 10) await rig.run(10);
    expect(applied()).toBe(wanted);
    expect(rig.operations.rows().map(({ operation }) => operation?.attempt)).toEqual(Array(wanted).fill(1));
  }

  test('a bucket of 40 keeps its tenth while 200 wait, and everything is done', async () => {
    const rateLimits = {
      reads: { size: 40, refillPerSecond: 4 },
      writes: { size: 40, refillPerSecond: 2 },
    };
    await given(200, { rateLimits });
    await rig.run(5);
    expect(applied()).toBeLessThan(200);
    await runUntilDone(200, 1800);
    expect(refused()).toEqual([]);
    expect([least.get('reads'), least.get('writes')]).toEqual([4, 4]);
  });

  test('what all identities share is left to others, who get through', async () => {
    await given(100);
    for (let index = 0; index < 13; index += 1) {
      for (let read = 0; read < 230; read += 1) await pipelineReads(1000 + index);
    }
    await rig.run(0);
    // The first reply told it; 760 of 3,750 are less than a quarter.
    expect(ours().filter(({ method }) => method === 'GET')).toHaveLength(1);
    expect(await pipelineReads(999)).toBe(200);
    await runUntilDone(100, 600);
    expect(refused()).toEqual([]);
  });

  async function pipelineReads(index: number): Promise<number> {
    const id = `/subscriptions/${localSubscriptionId}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/vault-0`;
    const reply = await azure.control.send(somebody(index), 'GET', `${id}?${apiVersion}`);
    return reply.kind === 'reset' ? 0 : reply.status;
  }

  test('a Retry-After holds for all who wait, and loses none of them', async () => {
    await given(100);
    azure.faults.add({
      method: 'GET',
      nth: 3,
      effect: { kind: 'status', status: 429, retryAfterSeconds: 60, code: 'SubscriptionRequestsThrottled' },
    });
    await rig.run(59);
    expect(ours().filter(({ method }) => method === 'GET')).toHaveLength(3);
    expect(rig.reviews.pending.length).toBeGreaterThanOrEqual(98);
    await runUntilDone(100, 600);
    expect(refused()).toHaveLength(1);
  });
});
