import {
  createLocalAzure,
  createManualClock,
  localIdentity,
  somebodyElse,
  type ForeignAction,
} from '../../../dev/azure';
import { createArm } from '../../../src/azure/arm/arm';
import type { ConnectionStore } from '../../../src/connections/connection-store';
import { createRig, fakePolicy } from '../../support/rigs/rig';
import { testEndpointId, testTarget } from '../../support/http/scripted-arm';

/**
 * Between the last reading and the write somebody else comes, and his operation ends. The provider answers our write with
 * 200 and does nothing, because there is nothing left to do: that is somebody else's answer, not ours.
 */
test.each([
  ['approve', 'Approved', 'Microsoft.Compute/diskAccesses'],
  ['reject', 'Rejected', 'Microsoft.Compute/diskAccesses'],
] as const)(
  '%s: a write that found it %s already on %s is not told as applied',
  async (kind, status, type) => {
    const clock = createManualClock();
    const azure = createLocalAzure({ clock });
    const arm = createArm({
      endpoint: 'https://management.azure.com',
      credential: azure.credential,
      httpClient: azure.httpClient,
    });
    const target = testTarget(type);
    const body = { location: 'westeurope', properties: {} };
    await azure.control.send(localIdentity, 'PUT', `${target.id}?api-version=2024-05-01`, body);
    const connectionId = azure.control.seed({
      targetId: target.id,
      connectionName: 'wanted',
      endpointId: testEndpointId,
      status: 'Pending',
      description: 'please',
    });
    const theirs: ForeignAction = { connectionId, kind, description: 'please' };
    const connections: ConnectionStore = {
      ...arm.connections,
      write: async (write, fence) => {
        await azure.control.actAs(somebodyElse, theirs);
        await clock.advance(60);
        return arm.connections.write(write, fence);
      },
    };
    const policy = fakePolicy();
    policy.effects.set(connectionId.split('/').at(-1) ?? '', kind);
    const rig = createRig({
      target: target.id,
      policy,
      adapters: { ...arm, connections },
      onSecond: () => clock.advance(1),
    });

    await rig.reviews.put(rig.request(), 0);
    await rig.run(300);

    const ours = azure.requests.records.filter(
      ({ principal, tookEffect }) => principal === localIdentity.objectId && tookEffect === kind,
    );
    expect(ours).toEqual([]);
    const kinds = rig.ledger.records.map((record) => record.kind);
    expect(kinds).toEqual(['decided', 'superseded']);
    expect((await arm.connections.list(target))?.connections).toEqual([expect.objectContaining({ status })]);
    await azure.close();
  },
);
