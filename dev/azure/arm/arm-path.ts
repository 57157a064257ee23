import { plantableType } from '../model/planted';
import type { TargetProfile } from '../model/world';

/** The meaning of an ARM path. Paths match case-insensitively; names keep the casing of the request. */
export type ArmPath =
  | { readonly kind: 'metadata' }
  | { readonly kind: 'subscriptions' }
  | { readonly kind: 'resource-graph' }
  | ({ readonly kind: 'subscription' } & InSubscription)
  | ({ readonly kind: 'resources' } & InSubscription)
  | ({ readonly kind: 'resource-group' } & InGroup)
  | ({ readonly kind: 'disk-operation'; readonly operationId: string } & InSubscription)
  | ({ readonly kind: 'network-operation'; readonly operationId: string } & InSubscription)
  /** An operation of any other provider; `action` is what reading it takes. */
  | ({
      readonly kind: 'operation';
      readonly operationId: string;
      readonly action: string;
      readonly scope: string;
    } & InSubscription)
  | ({ readonly kind: 'endpoint'; readonly name: string } & InGroup)
  /** The caller's permissions on `scope`: the id of a subscription, a resource group or any resource. */
  | ({ readonly kind: 'permissions'; readonly scope: string } & InSubscription)
  | ({ readonly kind: 'provider'; readonly namespace: string } & InSubscription)
  | ({ readonly kind: 'system-topics' } & InSubscription)
  | ({ readonly kind: 'event-subscriptions'; readonly topicName: string } & InGroup)
  | ({ readonly kind: 'role-definitions' } & InSubscription)
  | ({
      readonly kind: 'function-app';
      readonly name: string;
      readonly functionName: string | undefined;
    } & InGroup)
  /** A resource that can be planted, or, as a list, all of one type below their parent. */
  | ({
      readonly kind: 'planted';
      readonly id: string;
      readonly type: string;
      readonly isList: boolean;
    } & InGroup)
  | TargetPath
  | { readonly kind: 'unsupported'; readonly what: string };

export type TargetPath = {
  readonly profile: TargetProfile;
  /** The target's id in ARM's own spelling. */
  readonly targetId: string;
  readonly targetName: string;
} & InGroup &
  (
    | { readonly kind: 'target' | 'connections' }
    | { readonly kind: 'connection'; readonly connectionName: string }
    | { readonly kind: 'operation-result'; readonly connectionName: string; readonly token: string }
    | { readonly kind: 'private-link-resources'; readonly item: string | undefined }
  );

interface InSubscription {
  readonly subscriptionId: string;
}

interface InGroup extends InSubscription {
  readonly resourceGroup: string;
}

const guidPattern = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** How many paths are remembered, with what they mean. */
const mostKnown = 10_000;
const known = new WeakMap<readonly TargetProfile[], Map<string, ArmPath>>();

/** Parses a path. `profiles` must not change afterward. */
export function parseArmPath(pathname: string, profiles: readonly TargetProfile[]): ArmPath {
  let paths = known.get(profiles);
  if (paths === undefined || paths.size >= mostKnown) {
    paths = new Map();
    known.set(profiles, paths);
  }
  const before = paths.get(pathname);
  if (before !== undefined) return before;
  const path = parse(pathname, profiles);
  paths.set(pathname, path);
  return path;
}

function parse(pathname: string, profiles: readonly TargetProfile[]): ArmPath {
  const segments = decodeSegments(pathname);
  if (segments === undefined) return { kind: 'unsupported', what: `the path ${pathname}` };
  const lower = segments.map((segment) => segment.toLowerCase());
  if (lower.join('/') === 'metadata/endpoints') return { kind: 'metadata' };
  if (lower.join('/') === 'providers/microsoft.resourcegraph/resources') return { kind: 'resource-graph' };
  if (lower[0] !== 'subscriptions') return { kind: 'unsupported', what: `the path ${pathname}` };
  const [, subscriptionId, third, fourth] = segments;
  if (subscriptionId === undefined) return { kind: 'subscriptions' };
  if (!guidPattern.test(subscriptionId)) {
    return { kind: 'unsupported', what: `a subscription that is not a GUID: ${subscriptionId}` };
  }
  const scope = permissionScope(segments, lower);
  if (scope !== undefined) return { kind: 'permissions', scope, subscriptionId };
  if (third === undefined) return { kind: 'subscription', subscriptionId };
  if (lower[2] === 'resources' && segments.length === 3) return { kind: 'resources', subscriptionId };
  if (lower[2] === 'providers') return subscriptionLevel(segments, lower, subscriptionId);
  if (lower[2] !== 'resourcegroups' || fourth === undefined) {
    return { kind: 'unsupported', what: `the path ${pathname}` };
  }
  if (segments.length === 4) return { kind: 'resource-group', subscriptionId, resourceGroup: fourth };
  return groupLevel(segments, profiles, { subscriptionId, resourceGroup: fourth });
}

/** Returns the id before `/providers/Microsoft.Authorization/permissions`, if the path ends with that. */
function permissionScope(segments: readonly string[], lower: readonly string[]): string | undefined {
  const end = segments.length - 3;
  if (lower.slice(end).join('/') !== 'providers/microsoft.authorization/permissions') return undefined;
  const isId =
    end === 2 ||
    (lower[2] === 'resourcegroups' && (end === 4 || (lower[4] === 'providers' && end >= 8 && end % 2 === 0)));
  return isId ? `/${segments.slice(0, end).join('/')}` : undefined;
}

function subscriptionLevel(
  segments: readonly string[],
  lower: readonly string[],
  subscriptionId: string,
): ArmPath {
  const [, , , namespace] = segments;
  if (segments.length === 4 && namespace !== undefined)
    return { kind: 'provider', subscriptionId, namespace };
  if (segments.length === 5 && `${lower[3]}/${lower[4]}` === 'microsoft.eventgrid/systemtopics') {
    return { kind: 'system-topics', subscriptionId };
  }
  if (segments.length === 5 && `${lower[3]}/${lower[4]}` === 'microsoft.authorization/roledefinitions') {
    return { kind: 'role-definitions', subscriptionId };
  }
  const [, , , , , , , operationId] = segments;
  const kind = `${lower[3]}/${lower[4]}/${lower[6]}`;
  if (segments.length === 8 && operationId !== undefined) {
    if (kind === 'microsoft.compute/locations/diskoperations') {
      return { kind: 'disk-operation', subscriptionId, operationId };
    }
    if (kind === 'microsoft.network/locations/operations') {
      return { kind: 'network-operation', subscriptionId, operationId };
    }
  }
  const last = segments.at(-1) ?? '';
  if (segments.length >= 8 && lower[4] === 'locations' && guidPattern.test(last)) {
    const words = segments.slice(6, -1).join('/');
    const action = `${namespace}/locations/${words}/read`;
    return {
      kind: 'operation',
      subscriptionId,
      operationId: last,
      action,
      scope: `/subscriptions/${subscriptionId}/providers/${namespace}`,
    };
  }
  return { kind: 'unsupported', what: `the path /${segments.join('/')}` };
}

function groupLevel(
  segments: readonly string[],
  profiles: readonly TargetProfile[],
  group: InGroup,
): ArmPath {
  const [providers, namespace = '', rootType = '', name, ...rest] = segments.slice(4);
  const type = `${namespace}/${rootType}`;
  const unsupported = { kind: 'unsupported', what: `resources of the type ${type}` } as const;
  if (providers?.toLowerCase() !== 'providers' || name === undefined) return unsupported;
  if (type.toLowerCase() === 'microsoft.network/privateendpoints') {
    return rest.length === 0 ? { kind: 'endpoint', name, ...group } : unsupported;
  }
  if (type.toLowerCase() === 'microsoft.eventgrid/systemtopics') {
    const isList = rest.length === 1 && rest[0]?.toLowerCase() === 'eventsubscriptions';
    return isList ? { kind: 'event-subscriptions', topicName: name, ...group } : unsupported;
  }
  if (type.toLowerCase() === 'microsoft.web/sites') {
    const [child, functionName] = rest;
    const isFunction = rest.length === 2 && child?.toLowerCase() === 'functions';
    if (isFunction) return { kind: 'function-app', name, functionName, ...group };
  }
  const planted = plantedPath(segments, group);
  if (planted !== undefined) return planted;
  const profileNamed = (wanted: string): TargetProfile | undefined =>
    profiles.find((each) => each.type.toLowerCase() === wanted.toLowerCase());
  const { subscriptionId, resourceGroup } = group;
  const above = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers`;
  // A slot is a target of its own, below its site.
  const [childType = '', childName, ...below] = rest;
  const nested = profileNamed(`${type}/${childType}`);
  if (nested !== undefined && childName !== undefined) {
    const [, root = '', child = ''] = nested.type.split('/');
    const targetId = `${above}/${nested.type.split('/')[0]}/${root}/${name}/${child}/${childName}`;
    return targetLevel(below, { profile: nested, targetId, targetName: childName, ...group });
  }
  const profile = profileNamed(type);
  if (profile === undefined) return unsupported;
  const targetId = `${above}/${profile.type}/${name}`;
  return targetLevel(rest, { profile, targetId, targetName: name, ...group });
}

function plantedPath(segments: readonly string[], group: InGroup): ArmPath | undefined {
  const [namespace = '', ...rest] = segments.slice(5);
  const words = rest.filter((_, index) => index % 2 === 0);
  const type = plantableType([namespace, ...words].join('/'));
  if (type === undefined) return undefined;
  return { kind: 'planted', id: `/${segments.join('/')}`, type, isList: rest.length % 2 === 1, ...group };
}

function targetLevel(
  rest: readonly string[],
  target: { profile: TargetProfile; targetId: string; targetName: string } & InGroup,
): ArmPath {
  const [child, first, second, third] = rest;
  if (child === undefined) return { kind: 'target', ...target };
  if (child.toLowerCase() === 'privatelinkresources' && rest.length <= 2) {
    return { kind: 'private-link-resources', item: first, ...target };
  }
  if (child.toLowerCase() === 'privateendpointconnections') {
    if (first === undefined) return { kind: 'connections', ...target };
    if (rest.length === 2) return { kind: 'connection', connectionName: first, ...target };
    if (second?.toLowerCase() === 'operationstatuses' && third !== undefined && guidPattern.test(third)) {
      const { targetId: scope, subscriptionId, profile } = target;
      const action = `${profile.type}/privateEndpointConnections/read`;
      return { kind: 'operation', subscriptionId, operationId: third, action, scope };
    }
    if (second?.toLowerCase() === 'operationresults' && third !== undefined && rest.length === 4) {
      return { kind: 'operation-result', connectionName: first, token: third, ...target };
    }
  }
  return { kind: 'unsupported', what: `${rest.join('/')} of ${target.profile.type}` };
}

/** Returns the decoded segments; `undefined` if an escape sequence is malformed. */
function decodeSegments(pathname: string): string[] | undefined {
  try {
    return pathname.split('/').filter(Boolean).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
