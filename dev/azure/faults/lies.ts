import type { EndpointShown, FiredFault } from './fault-rule';
import {
  listOf,
  objectOf,
  parseJson,
  textOf,
  type Json,
  type JsonObject,
  type LocalResponse,
} from '../http/message';

/** Lies about the operation of a write. */
export interface OperationLies {
  /** The failure with which the operation ends. */
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  readonly says: string | undefined;
  readonly undone: boolean;
}

export function operationLies(fired: readonly FiredFault[]): OperationLies {
  const effects = fired.map(({ effect }) => effect);
  const fails = effects.find((effect) => effect.kind === 'operation-fails');
  const { code = 'InternalServerError', message = 'An internal error occurred.' } = fails ?? {};
  return {
    failure: fails === undefined ? undefined : { code, message },
    says: effects.find((effect) => effect.kind === 'operation-says')?.word,
    undone: effects.some(({ kind }) => kind === 'delete-undone'),
  };
}

/** Returns the drawn lie that a resource does not exist, if any. */
export function saysNotFound(
  fired: readonly FiredFault[],
): { readonly what: 'itself' | 'parent'; readonly when: 'before' | 'after' } | undefined {
  const lie = fired.map(({ effect }) => effect).find((effect) => effect.kind === 'not-found');
  return lie && { what: lie.what ?? 'itself', when: lie.when ?? 'before' };
}

/** Returns the reply with every drawn lie applied to the connections in it, at any depth. */
export function withLies(right: LocalResponse, fired: readonly FiredFault[]): LocalResponse {
  const changes = fired.flatMap(({ effect }) => changeOf(effect) ?? []);
  const body = changes.length === 0 ? undefined : parseJson(right.body);
  if (body === undefined) return right;
  return {
    ...right,
    body: JSON.stringify(changes.reduce((altered, changeBody) => changeBody(altered), body)),
  };
}

type BodyChange = (body: Json) => Json;

function changeOf(effect: FiredFault['effect']): BodyChange | undefined {
  switch (effect.kind) {
    case 'shorter-list':
      return (body) => recounted(body, shortened(body, effect));
    case 'endpoint-shown':
      return eachConnection((properties) => ({
        ...properties,
        privateEndpoint: endpointAs(effect.as, objectOf(properties['privateEndpoint'])),
      }));
    case 'provisioning-state':
      return eachConnection((properties) => ({
        ...properties,
        provisioningState: effect.state ?? undefined,
      }));
    case 'connection-status':
      return eachConnection((properties) => ({
        ...properties,
        privateLinkServiceConnectionState: {
          ...objectOf(properties['privateLinkServiceConnectionState']),
          status: effect.status,
        },
      }));
    default:
      return undefined;
  }
}

function endpointAs(shown: EndpointShown, endpoint: JsonObject | undefined): Json | undefined {
  const id = textOf(endpoint?.['id']) ?? '';
  switch (shown) {
    case 'left-out':
      return undefined;
    case 'null':
      return null;
    case 'empty':
      return {};
    case 'trailing-slash':
      return { id: `${id}/` };
    case 'upper-case':
      return { id: id.toUpperCase() };
  }
}

function eachConnection(change: (properties: JsonObject) => JsonObject): BodyChange {
  return function walk(value: Json): Json {
    if (Array.isArray(value)) return value.map(walk);
    const object = objectOf(value);
    if (object === undefined) return value;
    const properties = objectOf(object['properties']);
    if (properties !== undefined && isConnection(object))
      return { ...object, properties: change(properties) };
    const entries = Object.entries(object).map(([name, inner]) => [
      name,
      inner === undefined ? inner : walk(inner),
    ]);
    return Object.fromEntries(entries) as JsonObject;
  };
}

function shortened(
  value: Json,
  lie: { readonly without?: string | undefined; readonly keep?: number | undefined },
): Json {
  if (isList(value)) {
    const left = value.filter((item, index) => !isConnection(item) || staysListed(item, index, lie));
    return left.map((item) => (isConnection(item) ? item : shortened(item, lie)));
  }
  const object = objectOf(value);
  if (object === undefined) return value;
  const entries = Object.entries(object).map(([name, inner]) => [
    name,
    inner === undefined ? inner : shortened(inner, lie),
  ]);
  return Object.fromEntries(entries) as JsonObject;
}

/** Adjusts the counts of a Resource Graph reply to its rows. */
function recounted(body: Json, altered: Json): Json {
  const rows = objectOf(altered)?.['data'];
  const total = objectOf(body)?.['totalRecords'];
  if (!Array.isArray(rows) || typeof total !== 'number') return altered;
  const lost = listOf(objectOf(body)?.['data']).length - rows.length;
  return { ...objectOf(altered), count: rows.length, totalRecords: total - lost };
}

function staysListed(
  item: Json,
  index: number,
  { without, keep }: { readonly without?: string | undefined; readonly keep?: number | undefined },
): boolean {
  if (without === undefined) return index < (keep ?? 0);
  const object = objectOf(item);
  return !new RegExp(without, 'i').test(textOf(object?.['id']) ?? textOf(object?.['connectionId']) ?? '');
}

/** Returns whether a value is a connection, in ARM's own body or as a row of Resource Graph. */
function isConnection(value: Json): boolean {
  const object = objectOf(value);
  const properties = objectOf(object?.['properties']);
  return (
    properties?.['privateLinkServiceConnectionState'] !== undefined || object?.['connectionId'] !== undefined
  );
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
