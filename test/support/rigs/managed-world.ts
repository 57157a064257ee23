import { localIdentity, localTenantId, microsoftService } from '../../../dev/azure';
import type { ManagedEndpoint } from '../../../dev/azure/model/managed-endpoints';
import { createArm } from '../../../src/azure/arm/arm';
import { systemClock } from '../../../src/base/clock';
import { createKnownLinks } from '../../../src/review/facts/known-links';
import { createOwnSubscriptions } from '../../../src/review/facts/own-subscriptions';
import { createTenants } from '../../../src/review/facts/tenants';
import { policyOf, policyText } from '../samples/policy';
import { createTestAzure, replyOf } from './local-azure-world';
import { createRig } from './rig';

const watched = '33333333-3333-4333-8333-333333333333';
/** The subscription of our resources, below the management group `corp`. */
export const dataSubscription = '44444444-4444-4444-8444-444444444444';
export const dataGroup = `/subscriptions/${dataSubscription}/resourceGroups/rg-data`;
/** A stranger's subscription, and one that a customer delegated to us. */
export const strangers = '55555555-5555-4555-8555-555555555555';
export const delegated = '66666666-6666-4666-8666-666666666666';
const strangersTenant = '0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b';
const vault = `/subscriptions/${watched}/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-shared`;

const corpOnly = policyOf(
  policyText([{ name: 'corp', effect: 'approve', when: '"corp" in requester.managementGroups' }], {}, {}),
);

/** Options of a world in which services of Microsoft ask for connections to one vault of ours. */
export interface ManagedWorldOptions {
  /** What the app's identity may do on our resources. Default: everything. */
  readonly actions?: readonly string[];
}

/** Creates a world with the whole review, its real adapters and the local Azure. */
export async function createManagedWorld({ actions = ['*'] }: ManagedWorldOptions = {}) {
  const { azure, clock } = createTestAzure();
  azure.tenants.assign(strangersTenant, [strangers, delegated]);
  const corp = [{ name: 'corp', displayName: 'Corp' }];
  azure.places.place(dataSubscription, { name: 'Data', groups: corp });
  azure.places.place(delegated, { groups: corp, isDelegated: true });
  const made = await azure.control.send(localIdentity, 'PUT', `${vault}?api-version=2024-05-01`, {
    location: 'westeurope',
    properties: {},
  });
  if (replyOf(made).status >= 300) throw new Error('The vault was not made');
  const role = { principal: localIdentity.objectId, actions: ['*'] };
  azure.roles.push(
    { ...role, scope: `/subscriptions/${watched}` },
    { ...role, scope: '/providers/Microsoft.ResourceGraph' },
    { ...role, scope: `/subscriptions/${dataSubscription}`, actions },
    { ...role, scope: `/subscriptions/${delegated}` },
  );
  const { credential, httpClient } = azure;
  const now = { ...systemClock, now: () => clock.now(), monotonicMs: () => clock.seconds() * 1000 };
  const arm = createArm({ endpoint: 'https://management.azure.com', credential, httpClient, clock: now });
  const { subscriptions } = arm;
  const memory = {
    load: async () => undefined,
    save: async () => undefined,
    forgetBefore: async () => undefined,
  };
  const rig = createRig({
    target: vault,
    adapters: {
      ...arm,
      tenants: createTenants({ subscriptions, memory, clock: now }),
      ownSubscriptions: createOwnSubscriptions({
        subscriptions,
        clock: now,
        logger: { warn: () => undefined },
      }),
      managedEndpoints: createKnownLinks(arm.managedEndpoints, now),
    },
    onSecond: () => clock.advance(1),
  });
  rig.load.current = { kind: 'loaded', policy: corpOnly };

  const connectionsOf = (id: string) => [
    ...(azure.world.targets.get(id.toLowerCase())?.connections.values() ?? []),
  ];
  return {
    azure,
    rig,
    arm,
    vault,
    /** Lets a service of Microsoft ask for a customer, and waits until its endpoint is made. */
    async ask(wanted: Omit<ManagedEndpoint, 'targetId'>): Promise<string> {
      const id = await azure.control.requestManaged({ targetId: vault, ...wanted });
      await clock.advance(30);
      return id;
    },
    /** Lets a stranger ask with an endpoint of their own. */
    async askAsStranger(name: string, requestMessage = ''): Promise<void> {
      const id = `/subscriptions/${strangers}/resourceGroups/vnet-92b2afd7-westeurope-55-rg/providers/Microsoft.Network/privateEndpoints/${name}`;
      const properties = { privateLinkServiceId: vault, groupIds: [], requestMessage };
      const manualPrivateLinkServiceConnections = [{ name, properties }];
      const principal = {
        ...microsoftService,
        objectId: 'd0000000-0000-4000-8000-000000000001',
        tenantId: strangersTenant,
      };
      const reply = await azure.control.send(principal, 'PUT', `${id}?api-version=2024-05-01`, {
        location: 'westeurope',
        properties: { manualPrivateLinkServiceConnections },
      });
      if (replyOf(reply).status >= 300) throw new Error(`${id} was not made`);
      await clock.advance(30);
    },
    /** Reviews the target, and lets as many seconds pass. */
    async review(seconds: number): Promise<void> {
      await rig.takeRequest(rig.request());
      await rig.run(seconds);
    },
    /** Returns the status of each endpoint's connection; of a second one of the same name with `(2)`. */
    statuses: (): Record<string, string> => {
      const found: Record<string, string> = {};
      for (const { endpointId, status } of connectionsOf(vault)) {
        const name = endpointId.split('/').at(-1) ?? '';
        found[name in found ? `${name} (2)` : name] = status;
      }
      return found;
    },
    /** Returns what the records say of the proofs, the last one of each connection. */
    proofs: (): Record<string, string | undefined> =>
      Object.fromEntries(
        rig.ledger.records.map(({ endpoint = '', requesterProof }) => [
          endpoint.split('/').at(-1) ?? '',
          requesterProof,
        ]),
      ),
    /** Returns how many requests of the app got to ARM and Resource Graph about our resources. */
    readsOfOurs: () =>
      azure.requests.records.filter(
        ({ area, path, method }) =>
          (area === 'graph' && method === 'POST') ||
          path.toLowerCase().startsWith(`/subscriptions/${dataSubscription}/`),
      ),
    homeTenant: localTenantId,
  };
}

export type ManagedWorld = Awaited<ReturnType<typeof createManagedWorld>>;
