import type { ManagedOwnerType } from '../../../../connections/managed-endpoint-reader';
import { askedByOrigin, askedByStreamAnalytics, askedPlainly, type Spelling } from './spellings';

/** How the links of one service are found and read. */
export interface ManagedService {
  /** The words of the link's type below the owner's, e.g. `sharedPrivateLinkResources`. */
  readonly collection: readonly string[];
  readonly apiVersion: string;
  /**
   * How links are found. `embedded`: in the body of the owner, in Azure's index. `indexed`: as resources of their own,
   * in the index. `named`: by the endpoint's name. `listed`: by listing them of each owner.
   */
  readonly found: 'embedded' | 'indexed' | 'named' | 'listed';
  /** How a link spells what it asks for. */
  readonly spelling: Spelling;
  /**
   * Whether the service shows the state of the connection. If not, a link that was approved long ago looks like one
   * that asks now: message and name must agree then.
   */
  readonly showsStatus: boolean;
  /** Whether all links of an owner to one part of a target, in one region, share one endpoint. */
  readonly sharesEndpoint?: true;
}

/** A service is added as a row, with its rights in src/azure/roles/actions.ts. */
export const managedServices: Readonly<Record<ManagedOwnerType, ManagedService>> = {
  'Microsoft.Search/searchServices': {
    collection: ['sharedPrivateLinkResources'],
    apiVersion: '2020-08-01',
    found: 'embedded',
    spelling: askedPlainly,
    showsStatus: true,
  },
  'Microsoft.SignalRService/signalR': {
    collection: ['sharedPrivateLinkResources'],
    apiVersion: '2023-02-01',
    found: 'embedded',
    spelling: askedPlainly,
    showsStatus: true,
  },
  'Microsoft.SignalRService/webPubSub': {
    collection: ['sharedPrivateLinkResources'],
    apiVersion: '2023-02-01',
    found: 'embedded',
    spelling: askedPlainly,
    showsStatus: true,
  },
  'Microsoft.Dashboard/grafana': {
    collection: ['managedPrivateEndpoints'],
    apiVersion: '2023-09-01',
    found: 'indexed',
    spelling: askedPlainly,
    showsStatus: true,
  },
  'Microsoft.DataFactory/factories': {
    collection: ['managedVirtualNetworks', 'managedPrivateEndpoints'],
    apiVersion: '2018-06-01',
    found: 'named',
    spelling: askedPlainly,
    showsStatus: true,
  },
  'Microsoft.Kusto/clusters': {
    collection: ['managedPrivateEndpoints'],
    apiVersion: '2022-02-01',
    found: 'listed',
    spelling: askedPlainly,
    showsStatus: false,
  },
  'Microsoft.StreamAnalytics/clusters': {
    collection: ['privateEndpoints'],
    apiVersion: '2020-03-01',
    found: 'listed',
    spelling: askedByStreamAnalytics,
    showsStatus: true,
  },
  'Microsoft.Cdn/profiles': {
    collection: ['originGroups', 'origins'],
    apiVersion: '2024-02-01',
    found: 'listed',
    spelling: askedByOrigin,
    showsStatus: true,
    sharesEndpoint: true,
  },
};

/** Returns the types of the owners whose links are found in one of these ways. */
export function ownerTypesFound(...ways: readonly ManagedService['found'][]): readonly ManagedOwnerType[] {
  return (Object.keys(managedServices) as ManagedOwnerType[]).filter((type) =>
    ways.includes(managedServices[type].found),
  );
}
