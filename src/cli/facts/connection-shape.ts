import { lower } from '../../base/compare';
import { fieldOf, isObject } from './json-text';

/** The parts of a connection in ARM's form that policy conditions can read, not validated yet. */
export interface ArmForm {
  readonly id: unknown;
  readonly properties: {
    readonly provisioningState: unknown;
    readonly privateEndpoint: unknown;
    readonly groupIds: unknown;
    readonly privateLinkServiceConnectionState: unknown;
  };
}

/** Kind of content of a file, or of one line of it. */
export type Shape =
  /** Facts as `postern export` writes them. */
  | { readonly kind: 'facts' }
  | { readonly kind: 'connection'; readonly form: ArmForm }
  | { readonly kind: 'list'; readonly items: readonly unknown[] }
  /** Anything else; `what` completes a sentence that begins with "this is ". */
  | { readonly kind: 'other'; readonly what: string };

/** Recognizes facts, connections and lists of them, as ARM, the Azure CLI and Az PowerShell write them. */
export function shapeOf(value: unknown): Shape {
  if (
    value === undefined ||
    ['connection', 'endpoint', 'requester', 'target', 'expected', 'consumer'].some((name) => has(value, name))
  )
    return { kind: 'facts' };
  const items = itemsOf(value);
  if (items !== undefined) return { kind: 'list', items };
  const what = otherThan(value);
  return what === undefined ? { kind: 'connection', form: armFormOf(value) } : { kind: 'other', what };
}

function has(value: unknown, name: string): boolean {
  return isObject(value) && Object.hasOwn(value, name);
}

/** Returns the items of a list, of a page of ARM or Resource Graph, or of the connections inside a target. */
function itemsOf(value: unknown): readonly unknown[] | undefined {
  const lists = [
    value,
    fieldOf(value, 'value'),
    fieldOf(value, 'data'),
    fieldOf(value, 'privateEndpointConnections'),
    fieldOf(fieldOf(value, 'properties'), 'privateEndpointConnections'),
  ];
  return lists.find((list) => Array.isArray(list));
}

const state = 'privateLinkServiceConnectionState';
const cutOff = /^(?:@\{|System\.|Microsoft\.Azure\.)/;

/** Describes a value that is not a connection, with the fix; returns `undefined` for a connection. */
function otherThan(value: unknown): string | undefined {
  if (!isObject(value)) return value === null ? 'nothing (null)' : `a ${typeof value}, not a connection`;
  const properties = propertiesOf(value);
  const nested = [properties, fieldOf(properties, state), fieldOf(properties, 'privateEndpoint')];
  if (nested.some((part) => typeof part === 'string' && cutOff.test(part)))
    return 'truncated: ConvertTo-Json stops after two levels by default; add -Depth 10';
  const error = fieldOf(value, 'error');
  if (isObject(error))
    return `an error from Azure: ${textOf(fieldOf(error, 'code'))} ${textOf(fieldOf(error, 'message'))}`;
  if (
    ['privateLinkServiceConnections', `manualPrivateLinkServiceConnections`].some(
      (name) => fieldOf(properties, name) !== undefined,
    )
  )
    return 'a private endpoint: its connection belongs to the target (az network private-endpoint-connection list --id <target id>)';
  if (fieldOf(properties, state) !== undefined || fieldOf(properties, `${state}Status`) !== undefined)
    return undefined;
  const id = textOf(fieldOf(value, 'id'));
  if (
    fieldOf(value, 'properties') !== undefined &&
    (id === '' || /\/privateendpointconnections\/[^/]*$/.test(lower(id)))
  )
    return undefined;
  return id === ''
    ? 'neither facts (connection, endpoint, requester, target, consumer) nor a connection (privateLinkServiceConnectionState)'
    : 'another resource, not a connection (az network private-endpoint-connection show prints a connection)';
}

/** Returns the properties of a resource. The Azure CLI and Az PowerShell print them at the top level. */
function propertiesOf(value: unknown): unknown {
  return fieldOf(value, 'properties') ?? value;
}

function armFormOf(value: unknown): ArmForm {
  const properties = propertiesOf(value);
  const part = (name: string): unknown => fieldOf(properties, name);
  const stated = part(state) ?? undefined;
  return {
    id: fieldOf(value, 'id'),
    properties: {
      provisioningState: part('provisioningState'),
      privateEndpoint: { id: fieldOf(part('privateEndpoint'), 'id') ?? part('privateEndpointId') },
      groupIds: listOf(part('groupIds') ?? part('groupId')),
      privateLinkServiceConnectionState: {
        status: fieldOf(stated, 'status') ?? part(`${state}Status`),
        description: fieldOf(stated, 'description') ?? part(`${state}Description`),
      },
    },
  };
}

/** Converts a single group id, which some tools print as text, to a list. */
function listOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value === '' ? [] : [value];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 300) : '';
}
