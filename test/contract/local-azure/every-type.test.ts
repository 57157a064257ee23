import { createLocalAzure, createManualClock, localIdentity } from '../../../dev/azure';
import { createArm } from '../../../src/azure/arm/arm';
import { parseTargetId } from '../../../src/connections/resource-id';
import { profileOf, type TargetType, targetTypes } from '../../../src/connections/target-type';
import { loadPolicy } from '../../../src/policy/compile-policy';
import type { Policy } from '../../../src/policy/policy';
import { testEndpointId } from '../../support/http/scripted-arm';
import { createRig } from '../../support/rigs/rig';

const types = targetTypes();
const hour = 60 * 60;

function policyOf(rule: string): Policy {
  const text = `version: 1\nmode: enforce\nrules:\n  - name: r\n    ${rule}\n    when: target.opensMany || !target.opensMany\n`;
  const loaded = loadPolicy([{ path: 'policy.yaml', text }]);
  if (loaded.kind !== 'loaded') throw new Error(JSON.stringify(loaded.problems));
  return loaded.policy;
}

const approve = policyOf('effect: approve');
const revoke = policyOf('effect: reject\n    on: [Approved]');

/** A target of a type with one Pending connection, and the real adapters over the local Azure. */
async function createWorld(type: TargetType) {
  const clock = createManualClock();
  const azure = createLocalAzure({ clock });
  const [namespace, ...words] = type.split('/');
  const path = words.map((word, index) => `${word}/target${index}`).join('/');
  const target = parseTargetId(
    `/subscriptions/22222222-2222-4222-8222-222222222222/resourceGroups/shared/providers/${namespace}/${path}`,
  );
  const body = { location: 'westus', properties: {} };
  await azure.control.send(localIdentity, 'PUT', `${target.id}?api-version=2024-05-01`, body);
  azure.control.seed({
    targetId: target.id,
    connectionName: 'PE-1',
    endpointId: testEndpointId,
    status: 'Pending',
  });
  const { credential, httpClient } = azure;
  const { connections, operations, resources } = createArm({
    endpoint: 'https://management.azure.com',
    credential,
    httpClient,
  });
  const adapters = { connections, operations, resources };
  const rig = createRig({ target: target.id, adapters, onSecond: () => clock.advance(1) });
  const review = async (policy: Policy): Promise<void> => {
    rig.load.current = { kind: 'loaded', policy };
    await rig.takeRequest(rig.request());
    await rig.run(hour);
  };
  const status = async (): Promise<string | undefined> =>
    (await connections.list(target))?.connections[0]?.status;
  return { azure, rig, review, status };
}

test.each(types)('a Pending connection of %s is answered as the policy wants', async (type) => {
  const { azure, rig, review, status } = await createWorld(type);
  const { isWritable, revocation } = profileOf(type);
  await review(approve);
  expect(await status()).toBe(isWritable ? 'Approved' : 'Pending');
  expect(rig.ledger.records.map(({ kind }) => kind)).toEqual(
    isWritable ? ['decided', 'applied'] : ['decided'],
  );

  await review(revoke);
  const revoked = revocation === 'delete' ? undefined : revocation === 'reject' ? 'Rejected' : 'Approved';
  expect(await status()).toBe(isWritable ? revoked : 'Pending');
  const wasRevoked = isWritable && revocation !== undefined;
  expect(rig.ledger.records.at(-1)).toMatchObject({ kind: wasRevoked ? 'applied' : 'decided' });
  await azure.close();
});
