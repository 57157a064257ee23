import { lower } from '../../../../base/compare';
import { PosternError } from '../../../../base/errors';
import type {
  LinkTie,
  ManagedLink,
  ManagedOwner,
  ManagedOwnerType,
} from '../../../../connections/managed-endpoint-reader';
import { idKey, parseResourceId, type ResourceId } from '../../../../connections/resource-id';
import { managedServices } from './services';

/** Parses the id of a resource that can have links; `undefined` for any other text. */
export function ownerFrom(id: string): ManagedOwner | undefined {
  const parsed = parsedId(id);
  const type = parsed && ownerTypeOf(parsed.type);
  const [name, ...below] = parsed?.names ?? [];
  if (parsed === undefined || type === undefined || name === undefined || below.length > 0) return undefined;
  return { id: parsed.id, type, name, subscriptionId: parsed.subscriptionId };
}

function ownerTypeOf(type: string): ManagedOwnerType | undefined {
  return (Object.keys(managedServices) as ManagedOwnerType[]).find((each) => lower(each) === lower(type));
}

/** Parses an id; `undefined` for a text that must not become part of a URL. */
export function parsedId(text: string): ResourceId | undefined {
  try {
    return parseResourceId(text);
  } catch (error) {
    if (error instanceof PosternError) return undefined;
    throw error;
  }
}

/** A link as its service shows it. */
export interface ShownLink {
  /** The names of the link's type below its owner, one for each word of the service's `collection`. */
  readonly names: readonly string[];
  readonly properties: unknown;
}

/** Builds a link of an owner; `undefined` for one that asks for nothing, or whose names must not reach a URL. */
export function linkOf(owner: ManagedOwner, { names, properties }: ShownLink): ManagedLink | undefined {
  const service = managedServices[owner.type];
  const asked = service.spelling(properties);
  const path = service.collection.map((word, index) => `${word}/${names[index]}`).join('/');
  const id = parsedId(`${owner.id}/${path}`)?.id;
  if (asked === undefined || id === undefined) return undefined;
  const { targetId, groupIds, status, provisioningState, region = '' } = asked;
  const shared = [idKey(owner.id), idKey(targetId), ...groupIds.map(lower), lower(region)].join('|');
  return {
    id,
    endpointKey: service.sharesEndpoint === true ? shared : idKey(id),
    owner,
    targetId,
    groupIds,
    tie: tieOf(owner, names.at(-1) ?? '', asked.message),
    status: service.showsStatus ? status : undefined,
    provisioningState,
  };
}

function tieOf(owner: ManagedOwner, name: string, message: string): LinkTie {
  const { found, showsStatus } = managedServices[owner.type];
  if (found === 'named') return { kind: 'name', endpointName: `${owner.name}.${name}` };
  return showsStatus ? { kind: 'message', message } : { kind: 'message', message, namePart: name };
}
