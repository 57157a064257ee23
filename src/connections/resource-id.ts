import { lower } from '../base/ascii-case';
import { PosternError } from '../base/errors';
import { isGuid } from '../base/guid';
import { sanitize } from '../base/text';
import { lowerPairs } from './fold-text';
import { targetProfiles, type TargetType, targetTypeFrom } from './target-type';

/**
 * An ARM resource id, taken apart. Only what passed `parseResourceId` ever becomes part of a URL.
 * Names keep the casing they came with; `key` is what ids are compared by, without case (`idKey`).
 */
export interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** The full type, e.g. `Microsoft.KeyVault/vaults/privateEndpointConnections`, as spelled in the id. */
  readonly type: string;
  /** One name for each segment of the type. */
  readonly names: readonly string[];
  readonly id: string;
  readonly key: string;
}

/** The resource that owns connections. */
export interface TargetId {
  readonly type: TargetType;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  /** The id with the provider and type in ARM's own spelling. */
  readonly id: string;
  readonly key: string;
}

export interface ConnectionId {
  readonly target: TargetId;
  readonly name: string;
  readonly id: string;
  readonly key: string;
}

/** The private endpoint on the requester's side. */
export interface EndpointId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly name: string;
  readonly id: string;
  readonly key: string;
}

const maxIdLength = 2048;
/** Letters that show as nothing, and marks that only vary the sign before them: two names could look like one. */
const unseen = '\\u{115f}\\u{1160}\\u{3164}\\u{ffa0}\\u{34f}\\p{Variation_Selector}';
const groupPattern = new RegExp(`^(?!.*[${unseen}])[\\p{L}\\p{N}_().-]{1,90}$`, 'u');
const namespacePattern = /^[a-z][a-z0-9]*(?:\.[a-z0-9]+)*$/i;
const typePattern = /^[a-z][a-z0-9]*$/i;
/** A name is an attacker's text: no separators, no escapes, no control, bidi or other invisible characters. */
const namePattern = new RegExp(`^[^\\p{C}\\p{Zl}\\p{Zp}${unseen}/\\\\?#%&<>"]{1,260}$`, 'u');

/**
 * Takes an ARM resource id below a resource group apart, strictly.
 * @throws PosternError `RESOURCE_ID_INVALID` that names what is wrong.
 */
export function parseResourceId(text: string): ResourceId {
  if (text.length > maxIdLength) throw invalid(text, `it is longer than ${maxIdLength} characters`);
  const segments = text.split('/');
  if (segments.shift() !== '') throw invalid(text, 'it does not begin with /');
  const [subscriptions, subscriptionId = '', groups, resourceGroup = '', providers, namespace = '', ...rest] =
    segments;
  if (lower(subscriptions ?? '') !== 'subscriptions')
    throw invalid(text, 'it does not begin with /subscriptions/');
  if (!isGuid(subscriptionId)) throw invalid(text, 'the subscription is not a GUID');
  if (lower(groups ?? '') !== 'resourcegroups') throw invalid(text, 'it has no /resourceGroups/ segment');
  if (!groupPattern.test(resourceGroup) || resourceGroup.endsWith('.')) {
    throw invalid(text, 'the resource group has characters that Azure does not allow');
  }
  if (lower(providers ?? '') !== 'providers') throw invalid(text, 'it has no /providers/ segment');
  if (!namespacePattern.test(namespace)) throw invalid(text, 'the provider namespace is not one');
  if (rest.length === 0 || rest.length % 2 !== 0) throw invalid(text, 'types and names do not come in pairs');

  const types = rest.filter((_, index) => index % 2 === 0);
  const names = rest.filter((_, index) => index % 2 === 1);
  if (!types.every((type) => typePattern.test(type)))
    throw invalid(text, 'a type has characters that Azure does not allow');
  if (!names.every(isSafeName))
    throw invalid(text, 'a name is empty or has characters that must not reach a URL');
  return {
    subscriptionId,
    resourceGroup,
    type: [namespace, ...types].join('/'),
    names,
    id: text,
    key: idKey(text),
  };
}

/** @throws PosternError `RESOURCE_ID_INVALID`, also for a type that Postern does not answer. */
export function parseTargetId(text: string): TargetId {
  const resource = parseResourceId(text);
  const target = targetOf(resource);
  if (target === undefined || resource.names.length !== 1)
    throw invalid(text, 'it is not a target that Postern answers');
  return target;
}

/** The same for a text that may be anything: `undefined` when it is no id of a target. */
export function targetIdFrom(text: string): TargetId | undefined {
  try {
    return parseTargetId(text);
  } catch (error) {
    if (error instanceof PosternError) return undefined;
    throw error;
  }
}

/** @throws PosternError `RESOURCE_ID_INVALID` unless `text` is a connection of a known target. */
export function parseConnectionId(text: string): ConnectionId {
  const resource = parseResourceId(text);
  const target = targetOf(resource);
  const [, name] = resource.names;
  const child = lower(resource.type).split('/')[2];
  if (
    target === undefined ||
    name === undefined ||
    resource.names.length !== 2 ||
    child !== 'privateendpointconnections'
  ) {
    throw invalid(text, 'it is not a private endpoint connection of a target that Postern answers');
  }
  return connectionIdOf(target, name);
}

/** The id of a target's connection. `name` must come from an id that ARM listed, never from a guess. */
export function connectionIdOf(target: TargetId, name: string): ConnectionId {
  const id = `${target.id}/privateEndpointConnections/${name}`;
  return { target, name, id, key: idKey(id) };
}

/** @throws PosternError `RESOURCE_ID_INVALID` unless `text` is a private endpoint. */
export function parseEndpointId(text: string): EndpointId {
  const { type, names, subscriptionId, resourceGroup, id, key } = parseResourceId(text);
  const [name] = names;
  if (lower(type) !== 'microsoft.network/privateendpoints' || name === undefined) {
    throw invalid(text, 'it is not a Microsoft.Network/privateEndpoints resource');
  }
  return { subscriptionId, resourceGroup, name, id, key };
}

/** The target that a resource is or belongs to; `undefined` when its type is not one that Postern answers. */
export function targetOf(resource: ResourceId): TargetId | undefined {
  const [namespace, rootType] = resource.type.split('/');
  const type = targetTypeFrom(`${namespace}/${rootType}`);
  const [name] = resource.names;
  if (type === undefined || name === undefined || !targetProfiles[type].namePattern.test(name))
    return undefined;
  const { subscriptionId, resourceGroup } = resource;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;
  return { type, subscriptionId, resourceGroup, name, id, key: idKey(id) };
}

function isSafeName(name: string): boolean {
  return namePattern.test(name) && name !== '.' && name !== '..' && name.trim() === name;
}

/** The text is an attacker's, and errors are logged: what cannot be seen is spelled out. */
function invalid(text: string, problem: string): PosternError {
  const shown = sanitize(JSON.stringify(text.slice(0, 200)), 2_048);
  return new PosternError('RESOURCE_ID_INVALID', `${problem}: ${shown}`);
}

/**
 * What stands for an ARM id wherever ids are compared, because ARM compares them without case. Only A to Z are lowered:
 * full lower-casing would give different connections one key (`pe-K` with the Kelvin sign and `pe-k`). In the name of a
 * resource group, the one place where ARM itself has one thing for both spellings of any letter, others are lowered too,
 * each to its one partner. What has one key is one text to conditions, too (`foldText`). Of a text that is no id: the
 * text, A to Z lowered. Never throws, and keeps the length.
 */
export function idKey(id: string): string {
  const segments = id.split('/');
  const [, , , groups, group] = segments;
  if (group !== undefined && lower(groups ?? '') === 'resourcegroups') segments[4] = lowerPairs(group);
  return lower(segments.join('/'));
}
