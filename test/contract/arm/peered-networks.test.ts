import { createArm } from '../../../src/azure/arm/arm';
import { createLocalAzure, localIdentity, type InProcessAzure } from '../../../dev/azure';

const network =
  '/subscriptions/21111111-1111-4111-8111-111111111111/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/spoke';
const hub = network.replace('spoke', 'hub');

let azure: InProcessAzure;
afterEach(() => azure.close());

test('a network is read with its peerings, without those that are not Connected; it takes the right to read it', async () => {
  azure = createLocalAzure();
  const { credential, httpClient } = azure;
  const { resources } = createArm({ endpoint: 'https://management.azure.com', credential, httpClient });
  await expect(resources.readNetwork(network)).resolves.toBeUndefined();
  const peering = (peeringState: string, id: string) => ({
    properties: { peeringState, remoteVirtualNetwork: { id } },
  });
  const virtualNetworkPeerings = [peering('Connected', hub), peering('Initiated', network)];
  azure.control.plant({ id: network, body: () => ({ properties: { virtualNetworkPeerings } }) });
  await expect(resources.readNetwork(network)).resolves.toEqual({ peeredNetworks: [hub] });
  const action = 'Microsoft.Network/virtualNetworks/read';
  azure.deny.push({ principal: localIdentity.objectId, action, scope: '/' });
  await expect(resources.readNetwork(network)).rejects.toMatchObject({ code: 'ARM_FORBIDDEN', action });
});
