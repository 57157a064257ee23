import type { JsonObject } from '../http/message';

/** The state of a managed endpoint's connection, as its service sees it. */
export interface LinkView {
  readonly targetId: string;
  readonly groupId: string;
  readonly message: string;
  /** `''` while the connection is not registered. */
  readonly status: string;
  readonly provisioningState: string;
}

/** One service that makes endpoints for its customers, and how it shows them. */
export interface ManagedServiceProfile {
  readonly ownerType: string;
  /** The types below the owner and their names; the last one is the link's. */
  readonly below: (name: string) => readonly (readonly [word: string, name: string])[];
  /** Names the endpoint in Microsoft's subscription. */
  readonly endpointName: (owner: string, name: string) => string;
  /** Whether the service passes the request message on. */
  readonly passesMessage: boolean;
  /** Whether Resource Graph shows the links: in their owner, as resources of their own, or not at all. */
  readonly inGraph: 'embedded' | 'resource' | 'no';
  readonly properties: (link: LinkView) => JsonObject;
}

const plain = ({ targetId, groupId, message, status, provisioningState }: LinkView): JsonObject => ({
  privateLinkResourceId: targetId,
  groupId,
  requestMessage: message,
  status,
  provisioningState,
});

const sharedLink = (ownerType: string): ManagedServiceProfile => ({
  ownerType,
  below: (name) => [['sharedPrivateLinkResources', name]],
  endpointName: (owner, name) => `spl-${owner}-${name}`,
  passesMessage: true,
  inGraph: 'embedded',
  properties: plain,
});

/** The services by word. Synapse and Fabric show nothing in ARM. */
export const managedServices: Readonly<Record<string, ManagedServiceProfile>> = {
  search: sharedLink('Microsoft.Search/searchServices'),
  signalr: sharedLink('Microsoft.SignalRService/signalR'),
  'web-pubsub': sharedLink('Microsoft.SignalRService/webPubSub'),
  grafana: {
    ownerType: 'Microsoft.Dashboard/grafana',
    below: (name) => [['managedPrivateEndpoints', name]],
    endpointName: (owner, name) => `${owner}-${name}`,
    passesMessage: true,
    inGraph: 'resource',
    properties: ({ targetId, groupId, message, status, provisioningState }) => ({
      privateLinkResourceId: targetId,
      groupIds: [groupId],
      requestMessage: message,
      connectionState: { status, description: '' },
      provisioningState,
    }),
  },
  'data-factory': {
    ownerType: 'Microsoft.DataFactory/factories',
    below: (name) => [
      ['managedVirtualNetworks', 'default'],
      ['managedPrivateEndpoints', name],
    ],
    endpointName: (owner, name) => `${owner}.${name}`,
    passesMessage: false,
    inGraph: 'no',
    properties: ({ targetId, groupId, status, provisioningState }) => ({
      privateLinkResourceId: targetId,
      groupId,
      fqdns: [],
      connectionState: { status, description: '', actionsRequired: '' },
      provisioningState,
    }),
  },
  'data-explorer': {
    ownerType: 'Microsoft.Kusto/clusters',
    below: (name) => [['managedPrivateEndpoints', name]],
    endpointName: (owner, name) => `${owner}-${name}-mpe`,
    passesMessage: true,
    inGraph: 'no',
    // Without the state of the connection.
    properties: ({ targetId, groupId, message, provisioningState }) => ({
      privateLinkResourceId: targetId,
      groupId,
      requestMessage: message,
      provisioningState,
    }),
  },
  'stream-analytics': {
    ownerType: 'Microsoft.StreamAnalytics/clusters',
    below: (name) => [['privateEndpoints', name]],
    endpointName: (owner, name) => `asa-${owner}-${name}`,
    passesMessage: true,
    inGraph: 'no',
    properties: ({ targetId, groupId, message, status }) => ({
      manualPrivateLinkServiceConnections: [
        {
          properties: {
            privateLinkServiceId: targetId,
            groupIds: [groupId],
            requestMessage: message,
            privateLinkServiceConnectionState: { status, description: '', actionsRequired: '' },
          },
        },
      ],
    }),
  },
  'front-door': {
    ownerType: 'Microsoft.Cdn/profiles',
    below: (name) => [
      ['originGroups', 'default'],
      ['origins', name],
    ],
    endpointName: (_owner, name) => name,
    passesMessage: true,
    inGraph: 'no',
    properties: ({ targetId, groupId, message, status, provisioningState }) => ({
      provisioningState,
      sharedPrivateLinkResource: {
        privateLink: { id: targetId },
        privateLinkLocation: 'westeurope',
        groupId,
        requestMessage: message,
        status,
      },
    }),
  },
  synapse: {
    ownerType: 'Microsoft.Synapse/workspaces',
    below: () => [],
    endpointName: (owner, name) => `${owner}.${name}`,
    passesMessage: false,
    inGraph: 'no',
    properties: () => ({}),
  },
};
