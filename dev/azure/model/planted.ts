import type { JsonObject } from '../http/message';

/** A resource that ARM only reads here, because the control plane planted it. */
export interface PlantedResource {
  readonly id: string;
  /** As the provider answers a GET, without `id`, `name` and `type`. Computed anew for each answer. */
  readonly body: () => JsonObject;
}

/** The types that can be planted, in the spelling of Microsoft's lists of provider operations. */
export const plantedTypes: readonly string[] = ['Microsoft.Network/virtualNetworks'];

/** Plants a resource, or replaces one. */
export function plant(planted: Map<string, PlantedResource>, resource: PlantedResource): void {
  if (typeOfId(resource.id) === undefined) throw new Error(`No type of ${resource.id} can be planted.`);
  planted.set(resource.id.toLowerCase(), resource);
}

/** Returns a planted resource as its provider shows it. */
export function plantedBody({ id, body }: PlantedResource): JsonObject {
  return { ...body(), id, name: id.split('/').at(-1) ?? '', type: typeOfId(id) ?? '' };
}

/** Returns the plantable type of an id; `undefined` for any other text. */
export function typeOfId(id: string): string | undefined {
  const [, , , , , , namespace = '', ...rest] = id.split('/');
  if (rest.length === 0 || rest.length % 2 !== 0) return undefined;
  return plantableType([namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/'));
}

/** Returns the known spelling of a type that can be planted. */
export function plantableType(type: string): string | undefined {
  return plantedTypes.find((each) => each.toLowerCase() === type.toLowerCase());
}
