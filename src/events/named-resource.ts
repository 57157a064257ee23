import { lower } from '../base/ascii-case';
import {
  parseEndpointId,
  parseResourceId,
  targetOf,
  type EndpointId,
  type ResourceId,
  type TargetId,
} from '../connections/resource-id';
import { targetTypeFrom } from '../connections/target-type';
import { describeError } from '../base/errors';

/** What a resource id in an event stands for. */
export type NamedResource =
  | { readonly kind: 'connection' | 'proxy'; readonly owner: Owner }
  | { readonly kind: 'endpoint'; readonly endpoint: EndpointId }
  | { readonly kind: 'endpoint-child' }
  /** Anything else: perhaps a target. */
  | { readonly kind: 'other'; readonly owner: Owner };

/** The resource that connections belong to. */
export type Owner =
  | { readonly kind: 'target'; readonly target: TargetId }
  | { readonly kind: 'unsupported'; readonly id: string }
  | { readonly kind: 'malformed'; readonly problem: string };

/**
 * Sorts a resource id, strictly parsed. The id's own types are believed, not a `type` beside it.
 * @returns `undefined` when the text is no resource id.
 */
export function namedResource(text: string): NamedResource | undefined {
  const resource = parsed(text) ?? parsed(text.slice(0, text.lastIndexOf('/')));
  if (resource === undefined) return undefined;
  const types = lower(resource.type).split('/').slice(1);
  const child = types.findIndex((type, index) => index > 0 && childKinds.has(type));
  const kind = childKinds.get(types[child] ?? '');
  if (kind !== undefined) return { kind, owner: ownerOf(ancestorOf(resource, child)) };
  if (!/^microsoft\.network\/privateendpoints(?:\/|$)/i.test(resource.type)) {
    return { kind: 'other', owner: ownerOf(resource) };
  }
  if (types.length > 1) return { kind: 'endpoint-child' };
  return { kind: 'endpoint', endpoint: parseEndpointId(resource.id) };
}

/** A map, not an object: a type can be called `constructor`. */
const childKinds: ReadonlyMap<string, 'connection' | 'proxy'> = new Map([
  ['privateendpointconnections', 'connection'],
  ['privateendpointconnectionproxies', 'proxy'],
]);

/** The owner that a text names: the target of an endpoint's connection, e.g. */
export function ownerFromText(text: string): Owner {
  try {
    return ownerOf(parseResourceId(text));
  } catch (error) {
    // A connection to somebody's own service can name it by an alias, which is no id.
    if (!text.startsWith('/')) return { kind: 'unsupported', id: text };
    return { kind: 'malformed', problem: describeError(error) };
  }
}

function ownerOf(resource: ResourceId): Owner {
  const [namespace, type, ...nested] = resource.type.split('/');
  if (nested.length > 0 || targetTypeFrom(`${namespace}/${type}`) === undefined) {
    return { kind: 'unsupported', id: resource.id };
  }
  const target = targetOf(resource);
  if (target !== undefined) return { kind: 'target', target };
  return {
    kind: 'malformed',
    problem: `no ${resource.type} can have this name: ${JSON.stringify(resource.id)}`,
  };
}

/** The first `depth` levels of a resource. */
function ancestorOf(resource: ResourceId, depth: number): ResourceId {
  const surplus = 2 * (resource.names.length - depth);
  return parseResourceId(resource.id.split('/').slice(0, -surplus).join('/'));
}

/** An action's subject, or a collection's, has one segment more than an id: the second try is without it. */
function parsed(text: string): ResourceId | undefined {
  try {
    return parseResourceId(text);
  } catch {
    return undefined;
  }
}
