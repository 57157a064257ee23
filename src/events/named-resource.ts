import { lower } from '../base/compare';
import {
  parseEndpointId,
  parseResourceId,
  targetOf,
  type EndpointId,
  type ResourceId,
  type TargetId,
} from '../connections/resource-id';
import { type TargetType, targetTypeFrom } from '../connections/target-type';
import { describeError } from '../base/errors';

/** The resource that an id in an event names. */
export type NamedResource =
  | { readonly kind: 'connection' | 'proxy'; readonly owner: Owner }
  | { readonly kind: 'endpoint'; readonly endpoint: EndpointId }
  | { readonly kind: 'endpoint-child' }
  /** Any other resource, possibly a target. */
  | { readonly kind: 'other'; readonly owner: Owner };

/** Tells whether Postern answers connections to a type; others are in the table, and not chosen. */
export type Answers = (type: TargetType) => boolean;

/** The resource that owns connections. */
export type Owner =
  | { readonly kind: 'target'; readonly target: TargetId }
  | { readonly kind: 'unsupported'; readonly id: string }
  | { readonly kind: 'malformed'; readonly problem: string };

/**
 * Classifies a resource id after parsing it strictly. Uses the types within the id and ignores a
 * `type` field beside it.
 * @returns `undefined` if the text is not a resource id.
 */
export function namedResource(text: string, answers: Answers): NamedResource | undefined {
  const resource = parsed(text) ?? parsed(text.slice(0, text.lastIndexOf('/')));
  if (resource === undefined) return undefined;
  const types = lower(resource.type).split('/').slice(1);
  const child = types.findIndex((type, index) => index > 0 && childKinds.has(type));
  const kind = childKinds.get(types[child] ?? '');
  if (kind !== undefined) return { kind, owner: ownerOf(ancestorOf(resource, child), answers) };
  if (!/^microsoft\.network\/privateendpoints(?:\/|$)/i.test(resource.type)) {
    return { kind: 'other', owner: ownerOf(resource, answers) };
  }
  if (types.length > 1) return { kind: 'endpoint-child' };
  return { kind: 'endpoint', endpoint: parseEndpointId(resource.id) };
}

/** A map instead of an object, because a type can be called `constructor`. */
const childKinds: ReadonlyMap<string, 'connection' | 'proxy'> = new Map([
  ['privateendpointconnections', 'connection'],
  ['privateendpointconnectionproxies', 'proxy'],
]);

/** Returns the owner that a text names, for example the target of an endpoint's connection. */
export function ownerFromText(text: string, answers: Answers): Owner {
  try {
    return ownerOf(parseResourceId(text), answers);
  } catch (error) {
    // A connection to a private link service can name it by an alias, which is not a resource id.
    if (!text.startsWith('/')) return { kind: 'unsupported', id: text };
    return { kind: 'malformed', problem: describeError(error) };
  }
}

function ownerOf(resource: ResourceId, answers: Answers): Owner {
  const type = targetTypeFrom(resource.type);
  if (type === undefined || !answers(type)) {
    return { kind: 'unsupported', id: resource.id };
  }
  const target = targetOf(resource);
  if (target !== undefined) return { kind: 'target', target };
  return {
    kind: 'malformed',
    problem: `no ${resource.type} can have this name: ${JSON.stringify(resource.id)}`,
  };
}

/** Returns the resource at the first `depth` levels of an id. */
function ancestorOf(resource: ResourceId, depth: number): ResourceId {
  const surplus = 2 * (resource.names.length - depth);
  return parseResourceId(resource.id.split('/').slice(0, -surplus).join('/'));
}

/**
 * Parses an id; `undefined` if it is invalid. The subject of an action or a collection has one
 * segment more than an id, so callers try again without the last one.
 */
function parsed(text: string): ResourceId | undefined {
  try {
    return parseResourceId(text);
  } catch {
    return undefined;
  }
}
