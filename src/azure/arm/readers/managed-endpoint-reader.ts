import type { ManagedEndpointReader } from '../../../connections/managed-endpoint-reader';
import type { ArmClient } from '../client';

/** Creates the reader of managed endpoints, which loads with its first use: few policies need it. */
export function createArmManagedEndpointReader(arm: ArmClient): ManagedEndpointReader {
  let loaded: Promise<ManagedEndpointReader> | undefined;
  const load = (): Promise<ManagedEndpointReader> =>
    (loaded ??= import('./managed-endpoints/reader').then(({ createReader }) => createReader(arm)));
  return {
    listIndexed: async (tenantId) => (await load()).listIndexed(tenantId),
    listOthers: async (tenantId) => (await load()).listOthers(tenantId),
    findNamed: async (names, tenantId) => (await load()).findNamed(names, tenantId),
    read: async (link) => (await load()).read(link),
  };
}
