import { ownStoreTypes } from '../../../src/connections/target-type';
import type { DoctorSources } from '../../../src/cli/doctor/sources';
import { readConfig, type Environment } from '../../../src/config/config';
import type { TargetId } from '../../../src/connections/resource-id';
import { loadPolicy } from '../../../src/policy/compile-policy';
import type { FoundConnection } from '../../../src/review/sweep/connection-finder';
import { watchedTopics } from '../../../src/cli/doctor/checks/events';
import { FakeOperationStore } from '../fakes';
import { now } from '../samples/policy';
import { sampleTarget } from '../../../dev/lib/samples';

export const wellEnvironment: Environment = {
  AzureWebJobsStorage__accountName: 'stpostern',
  APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=11111111-1111-4111-8111-111111111111',
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD',
  POLICY_PATH: 'p.yaml',
};

const policyText = `version: 1
mode: enforce
rules:
  - name: all
    effect: hold
    when: endpoint.location == "westeurope"
`;

/** Returns a healthy deployment with one target. Each part can be replaced. */
export function wellDeployment(change: Partial<DoctorSources> = {}): DoctorSources {
  return wellDeploymentOf(policyText, change);
}

/** Returns a healthy deployment with another policy. */
export function wellDeploymentOf(text: string, change: Partial<DoctorSources> = {}): DoctorSources {
  const target = sampleTarget();
  const at = new Date(now.getTime() - 60_000).toISOString();
  const files = [{ path: 'p.yaml', text }];
  const load = loadPolicy(files);
  return {
    settings: { environment: wellEnvironment, config: readConfig(wellEnvironment), problems: [] },
    policy: () => ({
      path: 'p.yaml',
      source: { current: async () => load },
      files: async () => files,
    }),
    identity: () => ({
      whoAmI: async () => ({ clientId: 'aa', objectId: 'bb', tenantId: 'cc', isPerson: false }),
    }),
    storage: () => ({ inspect: async () => ({ kind: 'present' }) }),
    records: () => ({
      journal: { read: async () => ({ last: { ...nothing, startedAt: at, finishedAt: at } }) },
      operations: new FakeOperationStore(),
      decisions: { read: async () => undefined },
      policyDigest: async () => 'aaaaaaaaaaaabbbb',
    }),
    arm: () => armOf(target),
    signInKeys: () => ({ count: async () => 2 }),
    registration: () => ({ read: async () => wellRegistration }),
    ...change,
  };
}

/** A registration with which people can sign in. */
export const wellRegistration = {
  tokenVersion: 2,
  redirectUris: ['https://func.azurewebsites.net/console/'],
  scopes: ['Console.Use'],
  roles: ['Postern.Viewer', 'Postern.Approver', 'Postern.Operator'],
};

const nothing = {
  source: 'graph',
  connections: 0,
  targets: 1,
  asked: 0,
  inHand: 0,
  woken: 0,
  unread: 0,
} as const;

/** Returns an ARM where everything is granted and subscribed to, and nothing is Pending. */
export function armOf(target: TargetId): ReturnType<DoctorSources['arm']> {
  const source = `/subscriptions/${target.subscriptionId}`;
  return {
    graph: { find: () => found([]) },
    lists: { find: () => found([{ targetId: target }]) },
    types: ownStoreTypes,
    permissions: { permissionsOn: async () => [{ actions: ['*'], notActions: [] }] },
    managementGroups: { find: async (ids) => ids.map((name) => ({ name, tenantId: 'cc' })) },
    tenantOf: async () => 'cc',
    needed: {
      onTarget: (type) => [`${type}/read`],
      onSubscription: () => [],
      onEndpoint: ['Microsoft.Network/privateEndpoints/read'],
      onRequester: ['Microsoft.Resources/subscriptions/read'],
      onNetwork: ['Microsoft.Network/virtualNetworks/read'],
      onManagedEndpoints: ['Microsoft.Search/searchServices/sharedPrivateLinkResources/read'],
    },
    deployed: {
      customRoles: async () => [],
      functionApp: async () => ({ state: 'Running', isPublic: true, functionState: 'ready' }),
      console: async () => ({ httpsOnly: true, hasAuthentication: false, functionState: 'ready' }),
    },
    versions: {
      sent: async () => [{ type: 'Microsoft.KeyVault/vaults', apiVersion: '2024-11-01' }],
      versionsOf: async () => new Map([['microsoft.keyvault/vaults', ['2024-11-01']]]),
    },
    events: {
      topics: async () =>
        watchedTopics.map(({ topicType }) => ({
          id: topicType,
          name: topicType,
          topicType,
          source,
          provisioningState: 'Succeeded',
          identityIds: [],
        })),
      subscriptionsOf: async () => [
        {
          name: 'postern',
          provisioningState: 'Succeeded',
          destination: { kind: 'function', resourceId: '/sites/f/functions/onResourceEvent' },
          includedEventTypes: [],
          conditions: [],
          labels: [],
          hasDeadLetter: true,
          deadLetterIdentityId: undefined,
        },
      ],
    },
  };
}

export async function* found(connections: readonly FoundConnection[]): AsyncGenerator<FoundConnection> {
  yield* connections;
}
