import { createLocalAzure, createManualClock, localIdentity, type InProcessAzure } from '../../../dev/azure';
import { createArm, type Arm } from '../../../src/azure/arm/arm';
import { isSettled, type Connection } from '../../../src/connections/connection';
import { parseConnectionId, type TargetId } from '../../../src/connections/resource-id';
import { ownStoreTypes } from '../../../src/connections/target-type';
import type { FoundConnection } from '../../../src/review/sweep/connection-finder';
import { testEndpointId, testTarget } from '../../support/http/scripted-arm';

const noFence = () => undefined;

/** The production adapters against the whole local Azure, in one process. */
describe.each(ownStoreTypes)('%s in the local Azure', (type) => {
  let azure: InProcessAzure;
  let arm: Arm;
  let target: TargetId;
  let clock: ReturnType<typeof createManualClock>;

  beforeEach(async () => {
    clock = createManualClock();
    azure = createLocalAzure({ clock });
    arm = createArm({
      endpoint: 'https://management.azure.com',
      credential: azure.credential,
      httpClient: azure.httpClient,
    });
    target = testTarget(type);
    const reply = await azure.control.send(localIdentity, 'PUT', `${target.id}?api-version=2024-05-01`, {
      location: 'westus',
      tags: { env: 'prod' },
      properties: {},
    });
    expect(reply).toMatchObject({ status: expect.any(Number) as number });
    await clock.advance(3600);
  });

  afterEach(() => azure.close());

  const seed = (status = 'Pending') =>
    parseConnectionId(
      azure.control.seed({
        targetId: target.id,
        connectionName: 'wanted',
        endpointId: testEndpointId,
        status,
        description: 'please',
      }),
    );

  /** Follows the operation, then reads until the provider is no longer at work, as far as this looks ahead. */
  async function settle(read: () => Promise<Connection | undefined>, wanted: string | undefined) {
    for (let looks = 0; looks < 60; looks += 1) {
      const connection = await read();
      if (connection === undefined) return undefined;
      if (isSettled(connection) && connection.status === wanted) return connection;
      await clock.advance(10);
    }
    throw new Error('it did not settle');
  }

  test('a pending connection is listed, found, approved, rejected and deleted', async () => {
    const id = seed();
    const listing = await arm.connections.list(target);
    expect(listing?.malformed).toEqual([]);
    expect(listing?.connections).toMatchObject([
      { id: { key: id.key }, status: 'Pending', endpointText: testEndpointId },
    ]);

    const found: FoundConnection[] = [];
    for await (const one of arm.graph.find({ subscriptions: [], types: [type], statuses: ['pending'] }))
      found.push(one);
    expect(found.map(({ targetId }) => targetId.key)).toEqual([target.key]);

    for (const [effect, wanted] of [
      ['approve', 'Approved'],
      ['reject', 'Rejected'],
      ['delete', undefined],
    ] as const) {
      const connection = await arm.connections.get(id);
      if (connection === undefined) throw new Error('it went away');
      const reply = await arm.connections.write(
        { connection, effect, description: `please: ${effect}` },
        noFence,
      );
      expect(reply.kind).toBe('accepted');
      if (reply.kind === 'accepted' && reply.operationUrl !== undefined) {
        await expect(arm.operations.read(reply.operationUrl)).resolves.toMatchObject({
          httpStatus: expect.any(Number) as number,
        });
      }
      const settled = await settle(() => arm.connections.get(id), wanted);
      expect(settled?.status).toBe(wanted);
      await clock.advance(3600);
    }
    await expect(arm.connections.list(target)).resolves.toMatchObject({ connections: [] });
  });

  test('the target is read with its tags, and as undefined once it is gone', async () => {
    await expect(arm.resources.readTarget(target)).resolves.toMatchObject({
      tags: { env: 'prod' },
      location: 'westus',
    });
    const id = seed();
    azure.control.removeSilently(target.id);
    await expect(arm.resources.readTarget(target)).resolves.toBeUndefined();
    await expect(arm.connections.list(target)).resolves.toBeUndefined();
    await expect(arm.connections.get(id)).resolves.toBeUndefined();
  });

  test('a connection that disappears before the write is gone', async () => {
    const id = seed();
    const connection = await arm.connections.get(id);
    if (connection === undefined) throw new Error('it went away');
    azure.control.removeSilently(id.id);
    for (const effect of ['approve', 'delete'] as const) {
      await expect(
        arm.connections.write({ connection, effect, description: '' }, noFence),
      ).resolves.toMatchObject({ kind: 'gone' });
    }
  });
});
