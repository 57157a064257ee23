import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline';
import { createArm } from '../../../src/azure/arm/arm';
import { ArmError } from '../../../src/base/errors';
import { isOneOfFour } from '../../support/samples/four-types';
import { createTakeEvent } from '../../../src/events/take-event';
import { policyOf } from '../../support/samples/policy';
import { createRig, targetIds } from '../../support/rigs/rig';

const zone = '11111111-1111-4111-8111-111111111111';
const foreign = '99999999-9999-4999-8999-999999999999';
const itsTenant = '33e01921-4d64-4f8c-a055-5bdaffd5e33d';
const day = 24 * 3600;

const endpointOf = (subscription: string, name: string): string =>
  `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/${name}`;

const refusal = {
  error: {
    code: 'InvalidAuthenticationTokenTenant',
    message:
      "The access token is from the wrong issuer 'https://sts.windows.net/a/'. It must match the tenant " +
      `'https://sts.windows.net/${itsTenant}/' associated with this subscription.`,
  },
};

/** ARM with one vault, whose connections have endpoints in our subscription and, as told, in another tenant's. */
function world(names: readonly ('honest' | 'stranger')[], when: string) {
  const statuses = new Map<string, string>(names.map((name) => [name, 'Pending']));
  const seen: string[] = [];
  let tokens = 0;
  const connection = (name: string) => ({
    id: `${targetIds.vault}/privateEndpointConnections/${name}`,
    properties: {
      provisioningState: 'Succeeded',
      privateEndpoint: { id: endpointOf(name === 'stranger' ? foreign : zone, `pe-${name}`) },
      privateLinkServiceConnectionState: { status: statuses.get(name), description: 'please' },
    },
  });
  const reply = (method: string, { pathname }: URL): [number, unknown] => {
    if (pathname.includes(foreign)) return [401, refusal];
    if (/privateEndpoints\//.test(pathname)) {
      return [200, { location: 'westeurope', tags: { app: 'shop' }, properties: { subnet: null } }];
    }
    if (/privateEndpointConnections$/.test(pathname)) {
      return [200, { value: [...statuses.keys()].map(connection) }];
    }
    const name = pathname.split('/').at(-1) ?? '';
    if (method === 'PUT') statuses.set(name, 'Approved');
    return statuses.has(name) ? [200, connection(name)] : [404, { error: { code: 'NotFound' } }];
  };
  const httpClient: HttpClient = {
    async sendRequest(request) {
      const url = new URL(request.url);
      seen.push(`${request.method} ${url.pathname.split('/').slice(-2).join('/')}`);
      const [status, body] = reply(request.method, url);
      const headers = createHttpHeaders({ 'content-type': 'application/json' });
      return { request, status, headers, bodyAsText: JSON.stringify(body) };
    },
  };
  const credential = {
    getToken: async () => {
      tokens += 1;
      return { token: 'real', expiresOnTimestamp: Date.now() + 48 * 3600_000 };
    },
  };
  const rig = createRig({
    adapters: createArm({ endpoint: 'https://management.azure.com', credential, httpClient }),
  });
  const policy = policyOf(`
version: 1
mode: enforce
lists: {zones: [${zone}]}
rules:
  - name: zones
    effect: approve
    when: ${when}
`);
  rig.load.current = { kind: 'loaded', policy };
  return { rig, statuses, seen, tokens: () => tokens };
}

const reads = 'has(endpoint.tags.app) && endpoint.tags.app == "shop"';

describe('an endpoint of another tenant', () => {
  test('keeps nobody else from being decided, and costs neither a token nor a look that comes back', async () => {
    const { rig, statuses, tokens } = world(['stranger', 'honest'], reads);
    await rig.takeRequest(rig.request());
    await rig.run(day);
    expect(Object.fromEntries(statuses)).toEqual({ honest: 'Approved', stranger: 'Pending' });
    const told = rig.ledger.records.map(({ kind, effect, connection }) => [
      kind,
      effect,
      connection?.split('/').at(-1),
    ]);
    expect(told).toEqual(
      expect.arrayContaining([
        ['decided', 'hold', 'stranger'],
        ['decided', 'approve', 'honest'],
        ['applied', 'approve', 'honest'],
      ]),
    );
    expect(told).toHaveLength(3);
    expect(tokens()).toBe(1);
    expect(rig.reviews.pending).toEqual([]);
  });

  test('is not even read when the rule’s other conditions leave nothing open', async () => {
    const when = `endpoint.subscriptionId in lists.zones && ${reads}`;
    const { rig, statuses, seen } = world(['stranger', 'honest'], when);
    await rig.takeRequest(rig.request());
    await rig.run(3600);
    expect(statuses.get('honest')).toBe('Approved');
    expect(seen.filter((call) => call.includes('privateEndpoints/'))).toEqual([
      'GET privateEndpoints/pe-honest',
    ]);
  });
});

describe('hints into another tenant', () => {
  const error = new ArmError('ARM_FOREIGN_TENANT', 'HTTP 401 InvalidAuthenticationTokenTenant', {
    httpStatus: 401,
    tenantId: itsTenant,
  });

  test('end at once, without a record', async () => {
    let calls = 0;
    const refuse = async (): Promise<never> => {
      calls += 1;
      throw error;
    };
    const rig = createRig({
      adapters: {
        connections: { list: refuse, get: refuse, write: refuse },
        operations: { read: refuse },
        resources: { readTarget: refuse, readEndpoint: refuse, readNetwork: refuse },
      },
    });
    const takeEvent = createTakeEvent({ ...rig, logger: rig.logger, answers: isOneOfFour });
    const base = `/subscriptions/${foreign}/resourceGroups/rg/providers`;
    for (let index = 0; index < 10; index += 1) {
      for (const subject of [
        `${base}/Microsoft.KeyVault/vaults/kv-${index}/privateEndpointConnections/x`,
        `${base}/Microsoft.Network/privateEndpoints/pe-${index}`,
      ]) {
        await takeEvent(
          { eventType: 'Microsoft.Resources.ResourceWriteSuccess', subject, data: {} },
          undefined,
        );
      }
    }
    await rig.run(3600);
    expect(rig.reviews.pending).toEqual([]);
    expect(calls).toBe(20);
    expect(rig.ledger.records).toEqual([]);
  });

  test.each(['ARM_UNAUTHENTICATED', 'ARM_UNAVAILABLE'] as const)(
    'about a target that nobody has ever seen end after about a day, whatever the trouble (%s)',
    async (code) => {
      const rig = createRig();
      rig.arm.listFailure = new ArmError(code, 'HTTP 401');
      rig.arm.seed({ name: 'one' });
      await rig.takeRequest(rig.request());
      await rig.run(26 * 3600);
      expect(rig.reviews.pending).toEqual([]);
    },
  );

  test('about a target that was ours are told of, once a day', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    await rig.takeRequest(rig.request());
    rig.arm.listFailure = error;
    for (let hint = 0; hint < 3; hint += 1) {
      rig.clock.advance(60);
      await rig.takeRequest(rig.request());
    }
    expect(rig.ledger.ofKind('failed')).toMatchObject([
      { target: rig.target.id, reason: expect.stringContaining('InvalidAuthenticationTokenTenant') },
    ]);
    expect(rig.reviews.pending).toEqual([]);
  });
});
