import { ownStoreTypes } from '../../../../../src/connections/target-type';
import {
  createScriptedArm,
  testEndpointId,
  testOrigin,
  testTarget,
  type ScriptedReply,
} from '../../../../support/http/scripted-arm';

const vault = testTarget('Microsoft.KeyVault/vaults');
const readTarget = (reply: ScriptedReply) => createScriptedArm([reply]).resources.readTarget(vault);
const readEndpoint = (reply: ScriptedReply) =>
  createScriptedArm([reply]).resources.readEndpoint(testEndpointId);

describe('a target', () => {
  test.each([
    ['Microsoft.KeyVault/vaults', '2024-11-01'],
    ['Microsoft.KeyVault/managedHSMs', '2024-11-01'],
    ['Microsoft.ApiManagement/service', '2024-05-01'],
    ['Microsoft.Compute/diskAccesses', '2025-01-02'],
  ] as const)('of type %s is read with api-version %s', async (type, version) => {
    expect(ownStoreTypes).toContain(type);
    const arm = createScriptedArm([{ status: 200, body: { id: 'x' } }]);
    await arm.resources.readTarget(testTarget(type));
    expect(arm.sent).toMatchObject([
      { method: 'GET', url: `${testOrigin}${testTarget(type).id}?api-version=${version}` },
    ]);
  });

  test('tells its tags, kind, location and state', async () => {
    const body = {
      kind: 'k',
      location: 'westus',
      tags: { env: 'prod', ['__proto__']: 'x' },
      properties: { provisioningState: 'Updating', vaultUri: 'u' },
    };
    await expect(
      readTarget({
        status: 200,
        body: '{"kind":"k","location":"westus","tags":{"env":"prod","__proto__":"x"},"properties":{"provisioningState":"Updating"}}',
      }),
    ).resolves.toEqual({
      kind: body.kind,
      location: 'westus',
      provisioningState: 'Updating',
      tags: Object.fromEntries([
        ['env', 'prod'],
        ['__proto__', 'x'],
      ]),
    });
  });

  test.each([
    {},
    { tags: null, kind: null, location: null, properties: null },
    { properties: { provisioningState: null } },
  ])('may tell nothing (%j)', async (body) => {
    await expect(readTarget({ status: 200, body })).resolves.toEqual({
      kind: undefined,
      location: undefined,
      provisioningState: undefined,
      tags: {},
    });
  });

  test('keeps no more tags than it takes for policy to hold', async () => {
    const tags = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`t${index}`, '']));
    const details = await readTarget({ status: 200, body: { tags } });
    expect(Object.keys(details?.tags ?? {})).toHaveLength(101);
  });

  test.each<[string, unknown]>([
    ['a tag that is no text', { tags: { env: 7 } }],
    ['a list', []],
    ['no JSON', '<html>'],
    ['nothing', ''],
  ])('with %s is unreadable: policy must not decide without it', async (_title, body) => {
    await expect(readTarget({ status: 200, body })).rejects.toMatchObject({ code: 'ARM_UNREADABLE' });
  });

  test('that is gone is undefined', async () => {
    await expect(readTarget({ status: 404 })).resolves.toBeUndefined();
  });

  test('that may not be read fails with the permission', async () => {
    await expect(readTarget({ status: 403 })).rejects.toMatchObject({
      code: 'ARM_FORBIDDEN',
      action: 'Microsoft.KeyVault/vaults/read',
    });
  });
});

describe('an endpoint', () => {
  const link = (privateLinkServiceId: unknown) => ({
    name: 'n',
    properties: { privateLinkServiceId, groupIds: ['vault'] },
  });

  test('tells where it is and every target that it asked for', async () => {
    const body = {
      location: 'westus',
      tags: { team: 'a' },
      properties: {
        resourceGuid: '4c7b2e5a-0000-4000-8000-000000000001',
        subnet: { id: '/subnet' },
        privateLinkServiceConnections: [link('/one')],
        manualPrivateLinkServiceConnections: [link('/Two'), link(null), { name: 'x' }],
      },
    };
    await expect(readEndpoint({ status: 200, body })).resolves.toEqual({
      location: 'westus',
      tags: { team: 'a' },
      subnetId: '/subnet',
      targetIds: ['/one', '/Two'],
      manualTargetIds: ['/Two'],
      resourceGuid: '4c7b2e5a-0000-4000-8000-000000000001',
    });
  });

  test('may have asked for nothing', async () => {
    await expect(
      readEndpoint({ status: 200, body: { properties: { privateLinkServiceConnections: null } } }),
    ).resolves.toEqual({
      location: undefined,
      tags: {},
      subnetId: undefined,
      targetIds: [],
      manualTargetIds: [],
      resourceGuid: undefined,
    });
  });

  test('is read from Microsoft.Network', async () => {
    const arm = createScriptedArm([{ status: 200, body: { properties: {} } }]);
    await arm.resources.readEndpoint(testEndpointId);
    expect(arm.sent).toMatchObject([
      { method: 'GET', url: `${testOrigin}${testEndpointId}?api-version=2024-05-01` },
    ]);
  });

  test('with a name beyond ASCII is escaped in the URL', async () => {
    const arm = createScriptedArm([{ status: 404 }]);
    await arm.resources.readEndpoint(
      testEndpointId.replace('/Net/', '/Näht (1)/').replace('Näht (1)', 'Näht(1)'),
    );
    expect(arm.sent[0]?.url).toContain('/resourceGroups/N%C3%A4ht(1)/');
  });

  test('that is gone is undefined', async () => {
    await expect(readEndpoint({ status: 404 })).resolves.toBeUndefined();
  });

  test.each(['/nonsense', testEndpointId.replace('PE-1', '..'), 'https://evil.test/x', vault.id])(
    'whose id is %s is never asked for',
    async (id) => {
      const arm = createScriptedArm([]);
      await expect(arm.resources.readEndpoint(id)).rejects.toMatchObject({ code: 'ARM_REFUSED' });
      expect(arm.sent).toEqual([]);
    },
  );

  test('without properties is unreadable', async () => {
    await expect(readEndpoint({ status: 200, body: {} })).rejects.toMatchObject({ code: 'ARM_UNREADABLE' });
  });
});

describe('a network', () => {
  const id =
    '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/spoke';
  const peering = (peeringState: unknown, remote: unknown) => ({
    name: 'p',
    properties: { peeringState, remoteVirtualNetwork: remote },
  });

  test('tells the networks that it is connected with', async () => {
    const virtualNetworkPeerings = [
      peering('Connected', { id: '/hub' }),
      peering('connected', { id: '/Other' }),
      peering('Initiated', { id: '/wished' }),
      peering('Disconnected', { id: '/former' }),
      peering(null, { id: '/unknown' }),
      peering('Connected', null),
      { name: 'bare' },
    ];
    const arm = createScriptedArm([{ status: 200, body: { properties: { virtualNetworkPeerings } } }]);
    await expect(arm.resources.readNetwork(id)).resolves.toEqual({ peeredNetworks: ['/hub', '/Other'] });
    expect(arm.sent).toMatchObject([{ method: 'GET', url: `${testOrigin}${id}?api-version=2024-05-01` }]);
  });

  test('without peerings is connected with none, and one that is gone is undefined', async () => {
    const arm = createScriptedArm([{ status: 200, body: { properties: {} } }, { status: 404 }]);
    await expect(arm.resources.readNetwork(id)).resolves.toEqual({ peeredNetworks: [] });
    await expect(arm.resources.readNetwork(id)).resolves.toBeUndefined();
  });

  test.each(['/nonsense', testEndpointId, `${id}/subnets/default`, `${id}/../x`, 'https://evil.test/x'])(
    'whose id is %s is never asked for',
    async (text) => {
      const arm = createScriptedArm([]);
      await expect(arm.resources.readNetwork(text)).rejects.toMatchObject({ code: 'ARM_REFUSED' });
      expect(arm.sent).toEqual([]);
    },
  );
});
