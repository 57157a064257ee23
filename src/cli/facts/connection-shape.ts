import { lower } from '../../base/ascii-case';
import { fieldOf, isObject } from './json-text';

/** A connection as ARM sends it: the parts that policy knows, unchecked. */
export interface ArmForm {
  readonly id: unknown;
  readonly properties: {
    readonly provisioningState: unknown;
    readonly privateEndpoint: unknown;
    readonly groupIds: unknown;
    readonly privateLinkServiceConnectionState: unknown;
  };
}

/** What a file or a line of one holds. */
export type Shape =
  /** As `postern export` writes them. */
  | { readonly kind: 'facts' }
  | { readonly kind: 'connection'; readonly form: ArmForm }
  | { readonly kind: 'list'; readonly items: readonly unknown[] }
  /** In words that follow "this is ". */
  | { readonly kind: 'other'; readonly what: string };

/** Tells facts, connections and lists of them apart, in the spellings of ARM, the Azure CLI and Az PowerShell. */
export function shapeOf(value: unknown): Shape {
  if (
    value === undefined ||
    ['connection', 'endpoint', 'target', 'consumer'].some((name) => has(value, name))
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

/** A list, a page of one (Resource Graph's, too), or the connections that a target is printed with. */
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

/** What it is where it is no connection, with the mend. */
function otherThan(value: unknown): string | undefined {
  if (!isObject(value)) return value === null ? 'nothing (null)' : `a ${typeof value}, and no connection`;
  const properties = propertiesOf(value);
  const nested = [properties, fieldOf(properties, state), fieldOf(properties, 'privateEndpoint')];
  if (nested.some((part) => typeof part === 'string' && cutOff.test(part)))
    return 'cut off: ConvertTo-Json goes two levels deep, add -Depth 10';
  const error = fieldOf(value, 'error');
  if (isObject(error))
    return `an error of Azure: ${textOf(fieldOf(error, 'code'))} ${textOf(fieldOf(error, 'message'))}`;
  if (
    ['privateLinkServiceConnections', `manualPrivateLinkServiceConnections`].some(
      (name) => fieldOf(properties, name) !== undefined,
    )
  )
    return 'a private endpoint: its connection stands at the target (az network private-endpoint-connection list --id <target id>)';
  if (fieldOf(properties, state) !== undefined || fieldOf(properties, `${state}Status`) !== undefined)
    return undefined;
  const id = textOf(fieldOf(value, 'id'));
  if (
    fieldOf(value, 'properties') !== undefined &&
    (id === '' || /\/privateendpointconnections\/[^/]*$/.test(lower(id)))
  )
    return undefined;
  return id === ''
    ? 'neither facts (connection, endpoint, target, consumer) nor a connection (privateLinkServiceConnectionState)'
    : 'a resource without connections, and no connection (az network private-endpoint-connection show prints one)';
}

/** The Azure CLI's own commands and Az PowerShell print what ARM has below `properties` at the top. */
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

/** Some print a single group as a text. */
function listOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value === '' ? [] : [value];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 300) : '';
}
