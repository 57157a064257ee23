import {
  createTestAzure,
  groupPath,
  type TargetKind,
  type TestAzure,
} from '../../../../support/rigs/local-azure-world';

type State = { provisioningState: string; status: string; description?: string | null; etag?: string };

async function stateOf({ arm }: TestAzure, connectionId: string): Promise<State> {
  const { body } = await arm('GET', connectionId);
  const properties = body['properties'] as unknown as {
    provisioningState: string;
    privateLinkServiceConnectionState: { status: string; description?: string | null };
  };
  const { status, description } = properties.privateLinkServiceConnectionState;
  return {
    provisioningState: properties.provisioningState,
    status,
    ...(description === undefined ? {} : { description }),
    ...(typeof body['etag'] === 'string' ? { etag: body['etag'] } : {}),
  };
}

function decide(test: TestAzure, id: string, status: string, description?: string | null) {
  return test.arm('PUT', id, {
    id,
    properties: { privateLinkServiceConnectionState: { status, description } },
  });
}

describe('a requester makes a private endpoint', () => {
  test.each<[TargetKind, RegExp]>([
    ['vault', /\/vaults\/vault-1\/privateEndpointConnections\/pe1-connection$/],
    ['hsm', /\/managedHSMs\/hsm-1\/privateEndpointConnections\/pe1-connection$/],
    ['apim', /\/service\/apim-1\/privateEndpointConnections\/pe1-connection$/],
    ['disk', /\/diskAccesses\/disk-1\/privateEndpointConnections\/disk-1\.[0-9a-f-]{36}$/],
  ])(
    'a manual request shows on the %s as Pending, under the name that its provider gives',
    async (kind, name) => {
      const world = createTestAzure();
      const id = await world.connection(await world.target(kind), { message: 'please' });
      expect(id).toMatch(name);
      expect(await stateOf(world, id)).toEqual({
        provisioningState: 'Succeeded',
        status: 'Pending',
        description: 'please',
      });
    },
  );

  test('the connection appears only after the provider has registered it', async () => {
    const world = createTestAzure();
    const target = await world.target('vault');
    await world.arm('PUT', `${groupPath}/Microsoft.Network/privateEndpoints/pe1`, {
      location: 'westeurope',
      properties: {
        manualPrivateLinkServiceConnections: [{ name: 'c1', properties: { privateLinkServiceId: target } }],
      },
    });
    await world.clock.advance(7);
    expect((await world.arm('GET', `${target}/privateEndpointConnections`)).body).toEqual({ value: [] });
    await world.clock.advance(1);
    expect((await world.arm('GET', `${target}/privateEndpointConnections`)).body['value']).toHaveLength(1);
  });

  test.each<[TargetKind, string | undefined]>([
    ['vault', undefined],
    ['apim', ''],
    ['disk', 'Auto-Approved'],
  ])('a request of somebody who may approve it is Approved at once on the %s', async (kind, description) => {
    const world = createTestAzure();
    const id = await world.connection(await world.target(kind), { manual: false });
    const state = await stateOf(world, id);
    expect(state.status).toBe('Approved');
    expect(state.description).toBe(description);
  });

  test('the endpoint says Awaiting Approval while it settles and the request message then', async () => {
    const world = createTestAzure();
    const target = await world.target('vault');
    const path = `${groupPath}/Microsoft.Network/privateEndpoints/pe1`;
    const put = await world.arm('PUT', path, {
      location: 'westeurope',
      properties: {
        manualPrivateLinkServiceConnections: [
          { name: 'c1', properties: { privateLinkServiceId: target, requestMessage: 'please' } },
        ],
      },
    });
    expect(put.status).toBe(201);
    expect(put.text).toContain('Awaiting Approval');
    expect(put.headers['azure-asyncoperation']).toContain('/providers/Microsoft.Network/locations/');
    await world.clock.advance(60);
    const settled = await world.arm('GET', path);
    expect(settled.text).toContain('"description":"please"');
    expect(settled.text).not.toContain('Awaiting');
    const poll = await world.arm('GET', put.headers['azure-asyncoperation'] ?? '');
    expect(poll.body).toEqual({ status: 'Succeeded' });
  });

  test('asking again after a rejection makes the connection Pending again', async () => {
    const world = createTestAzure();
    const target = await world.target('disk');
    const id = await world.connection(target);
    await decide(world, id, 'Rejected');
    await world.clock.advance(60);
    await world.arm('PUT', `${groupPath}/Microsoft.Network/privateEndpoints/pe1`, {
      location: 'westeurope',
      properties: {
        manualPrivateLinkServiceConnections: [
          { name: 'pe1-connection', properties: { privateLinkServiceId: target, requestMessage: 'again' } },
        ],
      },
    });
    expect(await stateOf(world, id)).toMatchObject({ status: 'Pending', description: 'again' });
  });

  test('two requesters who choose one name get two connections', async () => {
    const world = createTestAzure();
    const target = await world.target('vault');
    const first = await world.connection(target, { endpoint: 'pe1' });
    world.azure.control.seed({ targetId: target, connectionName: 'pe1-connection', status: 'Pending' });
    const list = (await world.arm('GET', `${target}/privateEndpointConnections`)).body['value'];
    expect(list).toHaveLength(2);
    expect(await stateOf(world, first)).toMatchObject({ status: 'Pending' });
  });
});

describe('an approval', () => {
  test.each<TargetKind>(['vault', 'hsm'])(
    'on a %s is a 200 with the new status and Updating, and takes its time',
    async (kind) => {
      const world = createTestAzure();
      const id = await world.connection(await world.target(kind), { message: 'please' });
      const reply = await decide(world, id, 'Approved', 'yes');
      expect(reply.status).toBe(200);
      expect(reply.headers['retry-after']).toBeUndefined();
      const during = await stateOf(world, id);
      expect(during).toMatchObject({ provisioningState: 'Updating', status: 'Approved', description: 'yes' });
      await world.clock.advance(39);
      expect(await stateOf(world, id)).toEqual(during);
      await world.clock.advance(1);
      const after = await stateOf(world, id);
      expect(after).toMatchObject({ provisioningState: 'Succeeded', status: 'Approved' });
      expect(after.etag).toMatch(/^[0-9a-f]{32}$/);
      expect(after.etag).not.toBe(during.etag);
    },
  );

  test('on API Management hides behind the old status, then Updating, then locks the service', async () => {
    const world = createTestAzure();
    const target = await world.target('apim');
    const id = await world.connection(target, { message: 'please' });
    const reply = await decide(world, id, 'Approved', 'yes');
    expect(reply.status).toBe(202);
    expect(reply.headers['retry-after']).toBe('60');
    const location = reply.headers['location'] ?? '';
    await world.clock.advance(119);
    expect(await stateOf(world, id)).toMatchObject({ provisioningState: 'Succeeded', status: 'Pending' });
    await world.clock.advance(2);
    expect(await stateOf(world, id)).toMatchObject({ provisioningState: 'Updating', status: 'Pending' });
    expect((await world.arm('GET', location)).status).toBe(202);
    await world.clock.advance(39);
    expect(await stateOf(world, id)).toMatchObject({ provisioningState: 'Succeeded', status: 'Approved' });
    expect((await world.arm('GET', location)).body).toMatchObject({ id });
    const refused = await decide(world, id, 'Rejected');
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ error: { code: 'ServiceLocked', details: null, innerError: null } });
    expect(refused.headers['retry-after']).toBeUndefined();
    expect((await world.arm('GET', target)).text).toContain('"targetProvisioningState":"Updating"');
    await world.clock.advance(60);
    expect((await decide(world, id, 'Rejected')).status).toBe(202);
  });

  test('on a disk access has an empty 202, two long URLs and the old status until it is done', async () => {
    const world = createTestAzure();
    const id = await world.connection(await world.target('disk'), { message: 'please' });
    const reply = await decide(world, id, 'Approved');
    expect([reply.status, reply.text]).toEqual([202, '']);
    const url = reply.headers['azure-asyncoperation'] ?? '';
    expect(url.length).toBeGreaterThan(2900);
    expect(reply.headers['location']).toContain('&monitor=true&');
    expect((await world.arm('GET', url)).body).toMatchObject({ status: 'InProgress' });
    expect(await stateOf(world, id)).toMatchObject({ status: 'Pending', description: 'please' });
    await world.clock.advance(33);
    expect((await world.arm('GET', url)).body).toMatchObject({
      status: 'Succeeded',
      properties: { output: { id } },
    });
    expect(await stateOf(world, id)).toEqual({ provisioningState: 'Succeeded', status: 'Approved' });
  });

  test('of an approved connection on a disk access changes nothing, not even the description', async () => {
    const world = createTestAzure();
    const id = await world.connection(await world.target('disk'), { manual: false });
    const reply = await decide(world, id, 'Approved', 'again');
    expect(reply.status).toBe(200);
    expect(reply.headers['location']).toBeUndefined();
    expect(reply.text).toContain('Auto-Approved');
  });

  test('without a body id is refused by API Management', async () => {
    const world = createTestAzure();
    const id = await world.connection(await world.target('apim'));
    const reply = await world.arm('PUT', id, {
      properties: { privateLinkServiceConnectionState: { status: 'Approved' } },
    });
    expect(reply.status).toBe(400);
    expect(reply.text).toContain('ApproveOrRejectPrivateEndpointConnectionBadRequest');
  });

  test.each<[TargetKind, number]>([
    ['vault', 200],
    ['hsm', 200],
    ['apim', 400],
    ['disk', 400],
  ])('of a rejected connection on the %s is answered with %d', async (kind, status) => {
    const world = createTestAzure();
    const id = await world.connection(await world.target(kind));
    await decide(world, id, 'Rejected');
    await world.clock.advance(600);
    expect((await decide(world, id, 'Approved')).status).toBe(status);
  });

  test('does not clear the endpoint when the body leaves it empty', async () => {
    const world = createTestAzure();
    const id = await world.connection(await world.target('vault'));
    const reply = await world.arm('PUT', id, {
      properties: { privateEndpoint: {}, privateLinkServiceConnectionState: { status: 'Approved' } },
    });
    expect(reply.text).toContain('/Microsoft.Network/privateEndpoints/pe1"');
    expect(reply.text).toContain('"description":""');
  });

  test('that a second write meets is a conflict, in the words of the provider', async () => {
    const world = createTestAzure();
    const target = await world.target('vault');
    const first = await world.connection(target, { endpoint: 'pe1' });
    const second = await world.connection(target, { endpoint: 'pe2' });
    await decide(world, first, 'Approved');
    for (const reply of [await decide(world, second, 'Approved'), await world.arm('DELETE', second)]) {
      expect(reply.status).toBe(409);
      expect(reply.body).toMatchObject({ error: { code: 'ConflictError' } });
    }
    await world.clock.advance(40);
    expect((await decide(world, second, 'Approved')).status).toBe(200);
  });

  test('ends as failed when the requester leaves meanwhile', async () => {
    const world = createTestAzure({ world: { leaveDisconnected: true } });
    const id = await world.connection(await world.target('disk'));
    const reply = await decide(world, id, 'Approved');
    await world.arm('DELETE', `${groupPath}/Microsoft.Network/privateEndpoints/pe1`);
    await world.clock.advance(60);
    expect((await stateOf(world, id)).status).toBe('Disconnected');
    expect((await world.arm('GET', reply.headers['azure-asyncoperation'] ?? '')).body).toMatchObject({
      status: 'Failed',
    });
  });
});

describe('a delete', () => {
  test.each<[TargetKind, string, number]>([
    ['vault', '', 204],
    ['hsm', '', 204],
    ['apim', '{}', 200],
    ['disk', '', 204],
  ])('on a %s begins with a 202 and ends as recorded', async (kind, body, end) => {
    const world = createTestAzure();
    const id = await world.connection(await world.target(kind));
    const reply = await world.arm('DELETE', id);
    expect([reply.status, reply.text]).toEqual([202, body]);
    const location = reply.headers['location'] ?? '';
    expect((await world.arm('GET', location)).status).toBe(202);
    expect((await world.arm('GET', id)).status).toBe(200);
    await world.clock.advance(130);
    const last = await world.arm('GET', location);
    expect([last.status, last.text]).toEqual([end, '']);
    expect((await world.arm('GET', id)).status).toBe(404);
    expect((await world.arm('DELETE', id)).status).toBe(204);
    expect((await world.arm('PUT', id, { id })).status).toBe(404);
    const endpoint = await world.arm('GET', `${groupPath}/Microsoft.Network/privateEndpoints/pe1`);
    expect(endpoint.text).toContain('"status":"Disconnected"');
  });

  test('of the endpoint disconnects the connection and then removes it', async () => {
    const world = createTestAzure();
    const id = await world.connection(await world.target('vault'));
    const path = `${groupPath}/Microsoft.Network/privateEndpoints/pe1`;
    expect((await world.arm('DELETE', path)).status).toBe(202);
    expect((await stateOf(world, id)).status).toBe('Disconnected');
    await world.clock.advance(10);
    expect((await world.arm('GET', id)).status).toBe(404);
    expect((await world.arm('GET', path)).status).toBe(404);
  });

  test('that finds nothing on a vault can be told with 204, as its swagger says', async () => {
    const world = createTestAzure({ world: { missingConnectionStatus: 204 } });
    const target = await world.target('vault');
    expect((await world.arm('GET', `${target}/privateEndpointConnections/nobody`)).status).toBe(204);
  });
});

describe('paths and ids', () => {
  test('paths are read without case and bodies answer in their own spelling', async () => {
    const world = createTestAzure();
    const id = await world.connection(await world.target('vault'));
    const reply = await world.arm(
      'GET',
      id.replace('Microsoft.KeyVault', 'Microsoft.Keyvault').replace('resourceGroups', 'resourcegroups'),
    );
    expect(reply.body['id']).toBe(id);
  });

  test('a missing target is the gateway’s 404', async () => {
    const world = createTestAzure();
    const reply = await world.arm(
      'GET',
      `${groupPath}/Microsoft.KeyVault/vaults/nobody/privateEndpointConnections`,
    );
    expect([reply.status, reply.headers['x-ms-failure-cause']]).toEqual([404, 'gateway']);
  });

  test.each([
    ['GET', `${groupPath}/Microsoft.Compute/virtualMachines/s1`],
    ['GET', '/providers/Microsoft.Management/managementGroups'],
    ['POST', `${groupPath}/Microsoft.KeyVault/vaults/vault-1`],
  ])('what is not supported is a loud 501: %s %s', async (method, path) => {
    const world = createTestAzure();
    await world.target('vault');
    const reply = await world.arm(method, path);
    expect(reply.status).toBe(501);
    expect(reply.text).toContain('does not support');
  });

  test.each([
    ['of a type that is not served', 'Microsoft.Compute/virtualMachines/s1', 501],
    ['that does not exist', 'Microsoft.KeyVault/vaults/nobody', 404],
  ])('an endpoint to a target %s is refused', async (_what, target, status) => {
    const { arm } = createTestAzure();
    const properties = { privateLinkServiceId: `${groupPath}/${target}` };
    const reply = await arm('PUT', `${groupPath}/Microsoft.Network/privateEndpoints/pe1`, {
      location: 'westeurope',
      properties: { manualPrivateLinkServiceConnections: [{ name: 'c1', properties }] },
    });
    expect(reply.status).toBe(status);
  });
});
