import { lower } from '../base/compare';
import { PosternError } from '../base/errors';
import { isGuid } from '../base/guid';
import { sanitize } from '../base/text';
import { lowerPairs } from './fold-text';
import { profileOf, type TargetType, targetTypeFrom } from './target-type';

/**
 * A parsed ARM resource id. Only ids that passed `parseResourceId` ever become part of a URL. Names keep
 * their casing; `key` is for comparison, without case (`idKey`).
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
  /** The last name of the id. */
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
/**
 * Letters that show as nothing, and marks that only vary the character before them: two names could look
 * alike.
 */
const unseen = '\\u{115f}\\u{1160}\\u{3164}\\u{ffa0}\\u{34f}\\p{Variation_Selector}';
const groupPattern = new RegExp(`^(?!.*[${unseen}])[\\p{L}\\p{N}_().-]{1,90}$`, 'u');
const namespacePattern = /^[a-z][a-z0-9]*(?:\.[a-z0-9]+)*$/i;
const typePattern = /^[a-z][a-z0-9]*$/i;
/**
 * The characters of a name, which an attacker may have chosen: no separators, escapes, control, bidi or other
 * invisible characters.
 */
const namePattern = new RegExp(`^[^\\p{C}\\p{Zl}\\p{Zp}${unseen}/\\\\?#%&<>"]{1,260}$`, 'u');

/**
 * Parses an ARM resource id below a resource group, strictly. @throws PosternError `RESOURCE_ID_INVALID` that
 * names what is wrong.
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

/**
 * Parses the id of a target. @throws PosternError `RESOURCE_ID_INVALID`, also for a type that is not in the
 * table of target types.
 */
export function parseTargetId(text: string): TargetId {
  const resource = parseResourceId(text);
  const target = targetOf(resource);
  if (target === undefined || resource.names.length !== depthOf(target.type))
    throw invalid(text, 'it is not a target that Postern answers');
  return target;
}

/** Parses the id of a target out of any text; returns `undefined` when the text is not one. */
export function targetIdFrom(text: string): TargetId | undefined {
  try {
    return parseTargetId(text);
  } catch (error) {
    if (error instanceof PosternError) return undefined;
    throw error;
  }
}

/**
 * Parses the id of a connection. @throws PosternError `RESOURCE_ID_INVALID` unless `text` is a connection of
 * a known target.
 */
export function parseConnectionId(text: string): ConnectionId {
  const resource = parseResourceId(text);
  const target = targetOf(resource);
  const depth = target === undefined ? 0 : depthOf(target.type);
  const name = resource.names[depth];
  const child = lower(resource.type).split('/')[depth + 1];
  if (
    target === undefined ||
    name === undefined ||
    resource.names.length !== depth + 1 ||
    child !== 'privateendpointconnections'
  ) {
    throw invalid(text, 'it is not a private endpoint connection of a target that Postern answers');
  }
  return connectionIdOf(target, name);
}

/**
 * Builds the id of a target's connection. `name` must come from an id that ARM listed, never from a guess.
 */
export function connectionIdOf(target: TargetId, name: string): ConnectionId {
  const id = `${target.id}/privateEndpointConnections/${name}`;
  return { target, name, id, key: idKey(id) };
}

/**
 * Parses the id of an endpoint. @throws PosternError `RESOURCE_ID_INVALID` unless `text` is a private
 * endpoint.
 */
export function parseEndpointId(text: string): EndpointId {
  const { type, names, subscriptionId, resourceGroup, id, key } = parseResourceId(text);
  const [name] = names;
  if (lower(type) !== 'microsoft.network/privateendpoints' || name === undefined) {
    throw invalid(text, 'it is not a Microsoft.Network/privateEndpoints resource');
  }
  return { subscriptionId, resourceGroup, name, id, key };
}

/**
 * Returns the target that a resource is or belongs to, or `undefined` when Postern does not answer its type. A web
 * app's slot is a target below another one: the longest type in the table counts.
 */
export function targetOf(resource: ResourceId): TargetId | undefined {
  const [namespace = '', ...words] = resource.type.split('/');
  for (let depth = Math.min(deepestType, words.length); depth > 0; depth -= 1) {
    const type = targetTypeFrom([namespace, ...words.slice(0, depth)].join('/'));
    const name = resource.names[depth - 1];
    if (type !== undefined && name !== undefined)
      return targetNamed(resource, type, resource.names.slice(0, depth));
  }
  return undefined;
}

/** The levels of the deepest type: `Microsoft.Web/sites/slots`. */
const deepestType = 2;

function targetNamed(
  { subscriptionId, resourceGroup }: ResourceId,
  type: TargetType,
  names: readonly string[],
): TargetId | undefined {
  const name = names.at(-1) ?? '';
  const { namePattern } = profileOf(type);
  if (namePattern !== undefined && !namePattern.test(name)) return undefined;
  const [namespace, ...words] = type.split('/');
  const path = words.map((word, index) => `${word}/${names[index]}`).join('/');
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${namespace}/${path}`;
  return { type, subscriptionId, resourceGroup, name, id, key: idKey(id) };
}

/** Returns the number of names in the id of a type's resources. */
function depthOf(type: TargetType): number {
  return type.split('/').length - 1;
}

/** Tells whether a name may become part of a URL. */
export function isSafeName(name: string): boolean {
  return namePattern.test(name) && name !== '.' && name !== '..' && name.trim() === name;
}

/**
 * Builds the error. The text may be an attacker's, and errors are logged: invisible characters are spelled
 * out.
 */
function invalid(text: string, problem: string): PosternError {
  const shown = sanitize(JSON.stringify(text.slice(0, 200)), 2_048);
  return new PosternError('RESOURCE_ID_INVALID', `${problem}: ${shown}`);
}

/**
 * Returns the key that an ARM id is compared by, because ARM ignores case. Only A to Z are lowered: full
 * lower-casing would give different connections one key (`pe-K` with the Kelvin sign and `pe-k`). In the name
 * of a resource group, the one place where ARM ignores the case of other letters too, each of them is lowered
 * to its one partner. Ids with one key are one text to conditions, too (`foldText`). Any other text has A to
 * Z lowered. Never throws, and keeps the length.
 */
export function idKey(id: string): string {
  const segments = id.split('/');
  const [, , , groups, group] = segments;
  if (group !== undefined && lower(groups ?? '') === 'resourcegroups') segments[4] = lowerPairs(group);
  return lower(segments.join('/'));
}
