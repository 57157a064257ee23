import type { JsonObject } from '../http/message';
import { managedServices } from './managed-services';

/** A resource that ARM only reads here, because the control plane planted it. */
export interface PlantedResource {
  readonly id: string;
  /** As the provider answers a GET, without `id`, `name` and `type`. Computed anew for each answer. */
  readonly body: () => JsonObject;
  /** How Resource Graph shows it. Default: only its id. */
  readonly graph?: 'embedded' | 'resource' | 'no' | undefined;
}

const managed = Object.values(managedServices);

/** The types whose planted resources ARM reads and lists. */
const readTypes: readonly string[] = [
  'Microsoft.Network/virtualNetworks',
  ...managed.flatMap(({ ownerType, below }) => {
    const words = below('').map(([word]) => word);
    return words.map((_, index) => [ownerType, ...words.slice(0, index + 1)].join('/'));
  }),
];

/** Types of planted resources that only Resource Graph shows: some are types of targets. */
const ownerTypes: readonly string[] = managed.map(({ ownerType }) => ownerType);

/** Plants a resource, or replaces one. */
export function plant(planted: Map<string, PlantedResource>, resource: PlantedResource): void {
  if (typeOfId(resource.id) === undefined) throw new Error(`No type of ${resource.id} can be planted.`);
  planted.set(resource.id.toLowerCase(), resource);
}

/** Returns a planted resource as its provider shows it. */
export function plantedBody({ id, body }: PlantedResource): JsonObject {
  return { ...body(), id, name: id.split('/').at(-1) ?? '', type: typeOfId(id) ?? '' };
}

/** Returns the type of an id that can be planted; `undefined` for any other text. */
export function typeOfId(id: string): string | undefined {
  const [, , , , , , namespace = '', ...rest] = id.split('/');
  if (rest.length === 0 || rest.length % 2 !== 0) return undefined;
  const type = [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/').toLowerCase();
  return [...readTypes, ...ownerTypes].find((each) => each.toLowerCase() === type);
}

/** Returns the known spelling of a type whose planted resources ARM reads. */
export function plantableType(type: string): string | undefined {
  return readTypes.find((each) => each.toLowerCase() === type.toLowerCase());
}
