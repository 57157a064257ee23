import { endpointProperties } from '../arm/endpoint-body';
import type { JsonObject } from '../http/message';
import type { Actor, Change, Connection, Endpoint, Target, World } from '../model/world';

/** An event before it is written in one of Event Grid's two schemas. */
export interface LocalEvent {
  readonly id: string;
  /** `/subscriptions/{id}` */
  readonly topic: string;
  readonly subject: string;
  readonly eventType: string;
  readonly eventTime: string;
  readonly data: JsonObject;
  readonly dataVersion: string;
}

/** Returns the events of one change, for both kinds of system topic. */
export function eventsOf(world: World, change: Change, tenantId: string): LocalEvent[] {
  const write = (order: Omit<ManagementEvent, 'tenantId'>): LocalEvent =>
    managementEvent(world, { ...order, tenantId });
  switch (change.kind) {
    case 'target-written': {
      const { id, profile } = change.target;
      const event = write({ verb: 'write', resourceId: id, type: profile.type, actor: change.actor });
      return [event, targetNotification(world, change.target)];
    }
    case 'target-deleted': {
      const { id, profile } = change.target;
      return [write({ verb: 'delete', resourceId: id, type: profile.type, actor: change.actor })];
    }
    case 'proxy-validated':
      return [write({ ...proxyOf(change.connection), verb: 'validate/action', actor: undefined })];
    case 'proxy-written':
      return [write({ ...proxyOf(change.connection), verb: 'write', actor: undefined })];
    case 'proxy-deleted':
      return [write({ ...proxyOf(change.connection), verb: 'delete', actor: undefined })];
    case 'connection-written':
      return [write({ ...connectionOf(change.connection), verb: 'write', actor: change.actor })];
    case 'connection-deleted':
      return [write({ ...connectionOf(change.connection), verb: 'delete', actor: change.actor })];
    case 'connection-gone':
      return [];
    case 'endpoint-changed':
      return [endpointNotification(world, change.endpoint, 'CreatedOrUpdated')];
    case 'endpoint-written':
      return [write({ ...endpointOf(change.endpoint), verb: 'write', actor: change.actor })];
    case 'endpoint-deleted':
      return [
        write({ ...endpointOf(change.endpoint), verb: 'delete', actor: change.actor }),
        endpointNotification(world, change.endpoint, 'Deleted'),
      ];
  }
}

interface ManagementEvent {
  readonly verb: 'write' | 'delete' | 'validate/action';
  readonly resourceId: string;
  /** The full type, as operation names spell it. */
  readonly type: string;
  readonly actor: Actor;
  readonly tenantId: string;
}

/**
 * Returns a `Microsoft.Resources.Resource{Write,Delete,Action}Success` event, which names the resource
 * without its body.
 */
function managementEvent(world: World, event: ManagementEvent): LocalEvent {
  const { verb, resourceId, type, actor, tenantId } = event;
  const kind = verb === 'write' ? 'Write' : verb === 'delete' ? 'Delete' : 'Action';
  const subscriptionId = resourceId.split('/')[2] ?? '';
  const action = `${type}/${verb}`;
  return {
    id: world.random.guid(),
    topic: `/subscriptions/${subscriptionId}`,
    subject: resourceId,
    eventType: `Microsoft.Resources.Resource${kind}Success`,
    eventTime: instantText(world),
    data: {
      authorization: { scope: resourceId, action, evidence: { role: 'Contributor' } },
      claims: claimsOf(actor, tenantId),
      correlationId: world.random.guid(),
      resourceProvider: type.split('/')[0] ?? '',
      resourceUri: resourceId,
      operationName: action,
      status: 'Succeeded',
      subscriptionId,
      tenantId,
    },
    dataVersion: '2',
  };
}

/**
 * Returns the caller's claims. The network provider acts under its own first-party identity if there is no
 * other actor.
 */
function claimsOf(actor: Actor, tenantId: string): JsonObject {
  const { appId, objectId } = actor ?? {
    appId: '2cf9eb86-36b5-49dc-86ae-9a63135dfa8c',
    objectId: '2cf9eb86-0000-4000-8000-000000000000',
  };
  return {
    aud: 'https://management.core.windows.net/',
    appid: appId,
    appidacr: '2',
    'http://schemas.microsoft.com/identity/claims/objectidentifier': objectId,
    'http://schemas.microsoft.com/identity/claims/tenantid': tenantId,
    ver: '1.0',
  };
}

function proxyOf({ target, endpointId, name }: Connection): { resourceId: string; type: string } {
  const endpointName = endpointId.split('/').at(-1) ?? name;
  return {
    resourceId: `${target.id}/privateEndpointConnectionProxies/${endpointName}.${name}`,
    type: `${target.profile.type}/privateEndpointConnectionProxies`,
  };
}

function connectionOf({ id, target }: Connection): { resourceId: string; type: string } {
  return { resourceId: id, type: `${target.profile.type}/privateEndpointConnections` };
}

function endpointOf({ id }: Endpoint): { resourceId: string; type: string } {
  return { resourceId: id, type: 'Microsoft.Network/privateEndpoints' };
}

/**
 * Returns a `Microsoft.ResourceNotifications.Resources.*` event, which carries the body, even while it says
 * `Updating`.
 */
function endpointNotification(
  world: World,
  endpoint: Endpoint,
  kind: 'CreatedOrUpdated' | 'Deleted',
): LocalEvent {
  return notification(world, kind, {
    tags: endpoint.tags,
    id: endpoint.id,
    name: endpoint.name,
    type: 'Microsoft.Network/privateEndpoints',
    location: endpoint.location,
    properties: kind === 'Deleted' ? undefined : endpointProperties(endpoint),
  });
}

function targetNotification(world: World, target: Target): LocalEvent {
  const { properties } = target.profile.targetBody(target);
  return notification(world, 'CreatedOrUpdated', {
    tags: target.tags,
    id: target.id,
    name: target.name,
    type: target.profile.type,
    location: target.location,
    properties,
  });
}

function notification(
  world: World,
  kind: 'CreatedOrUpdated' | 'Deleted',
  resourceInfo: JsonObject & { readonly id: string },
): LocalEvent {
  const subscriptionId = resourceInfo.id.split('/')[2] ?? '';
  const eventTime = instantText(world);
  return {
    id: world.random.guid(),
    topic: `/subscriptions/${subscriptionId}`,
    subject: resourceInfo.id,
    eventType: `Microsoft.ResourceNotifications.Resources.${kind}`,
    eventTime,
    data: {
      resourceInfo,
      operationalInfo: {
        resourceEventTime: eventTime.replace('Z', '+00:00'),
        correlationId: world.random.guid(),
      },
      apiVersion: '2020-03-01',
    },
    dataVersion: '1',
  };
}

/** Formats an instant with seven decimal digits, as .NET does. */
function instantText(world: World): string {
  return world.clock.now().toISOString().replace('Z', '0767Z');
}
