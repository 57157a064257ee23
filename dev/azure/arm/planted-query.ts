import type { JsonObject } from '../http/message';
import { plantedBody, typeOfId, type PlantedResource } from '../model/planted';

/** A planted resource, its type and its subscription, for whoever decides what a caller may see. */
export interface PlantedRow {
  readonly resource: PlantedResource;
  readonly type: string;
  readonly subscriptionId: string;
}

/** What a query for planted resources asks for. */
interface PlantedQuery {
  readonly types: ReadonlySet<string>;
  readonly names: ReadonlySet<string> | undefined;
  readonly tenantId: string;
  readonly withLinks: boolean;
}

/**
 * Answers the queries for our resources that have managed endpoints, line by line as they are known. Returns
 * `undefined` for any other query.
 */
export function plantedRows(
  query: string,
  rows: readonly PlantedRow[],
  tenantOf: (subscriptionId: string) => string,
): readonly JsonObject[] | undefined {
  const asked = understand(query);
  if (asked === undefined) return undefined;
  return rows
    .filter(({ type }) => asked.types.has(type.toLowerCase()))
    .filter(({ resource }) => asked.names?.has(nameOf(resource)) !== false)
    .filter(({ subscriptionId }) => tenantOf(subscriptionId) === asked.tenantId)
    .toSorted((one, other) => (one.resource.id < other.resource.id ? -1 : 1))
    .flatMap(({ resource, subscriptionId }) => {
      const { id } = resource;
      const row = { id, tenantId: tenantOf(subscriptionId) };
      if (!asked.withLinks) return [row];
      const links = linksOf(resource, rows);
      return links === '' || links === '[]' ? [] : [{ ...row, links }];
    });
}

function linksOf(resource: PlantedResource, rows: readonly PlantedRow[]): string {
  if (resource.graph === 'resource') return JSON.stringify(plantedBody(resource)['properties']);
  const links = rows.filter(
    (each) => each.resource.graph === 'embedded' && each.resource.id.startsWith(`${resource.id}/`),
  );
  return JSON.stringify(links.map((each) => plantedBody(each.resource)));
}

function nameOf({ id }: PlantedResource): string {
  return id.split('/').at(-1)?.toLowerCase() ?? '';
}

/** The lines that change nothing here: every profile of Front Door is a premium one. */
const plainLines: readonly RegExp[] = [
  /^resources$/,
  /^where type !~ 'Microsoft\.Cdn\/profiles' or tostring\(sku\.name\) =~ 'Premium_AzureFrontDoor'$/,
  /^extend links = iff\(type in~ \([^)]*\), tostring\(properties\), tostring\(properties\.sharedPrivateLinkResources\)\)$/,
  /^where isnotempty\(links\) and links != '\[\]'$/,
  /^order by id asc$/,
];

function understand(query: string): PlantedQuery | undefined {
  let types: readonly string[] = [];
  let names: readonly string[] | undefined;
  let tenantId: string | undefined;
  let withLinks: boolean | undefined;
  for (const line of query.split(/\n?\|\s*|\n/).map((each) => each.trim())) {
    const list = /^where (type|name) (?:in~ \(([^)]*)\)|=~ ('[^']*'))$/.exec(line);
    const tenant = /^where tenantId =~ '([^']*)'$/.exec(line)?.[1];
    const project = /^project id, tenantId = tostring\(tenantId\)(, links)?$/.exec(line);
    if (list?.[1] === 'type') types = textsIn(list[2] ?? list[3] ?? '');
    else if (list?.[1] === 'name') names = textsIn(list[2] ?? list[3] ?? '');
    else if (tenant !== undefined) tenantId = tenant;
    else if (project !== null) withLinks = project[1] !== undefined;
    else if (!plainLines.some((pattern) => pattern.test(line))) return undefined;
  }
  const isWhole = types.length > 0 && types.every((type) => isPlanted(type));
  if (!isWhole || tenantId === undefined || withLinks === undefined) return undefined;
  return { types: new Set(types), names: names && new Set(names), tenantId, withLinks };
}

function textsIn(list: string): readonly string[] {
  return [...list.matchAll(/'([^']*)'/g)].map(([, text = '']) => text.toLowerCase());
}

/** Returns whether a type can be planted, so that a query for any other one is not answered as empty. */
function isPlanted(type: string): boolean {
  const [namespace = '', ...words] = type.split('/');
  return typeOfId(`/s/s/g/g/p/${namespace}/${words.map((word) => `${word}/x`).join('/')}`) !== undefined;
}
