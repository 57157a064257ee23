import type { Config } from '../../config/config';
import { createCredential } from '../identity/credential';
import type { StorageAccess } from './access';

/** The storage account of the settings, with the identity that they name for it. */
export function storageAccessFrom({ storage, hasManagedIdentity }: Config): StorageAccess {
  if (storage.kind === 'connectionString') return storage;
  const { clientId, ...services } = storage;
  const credential = createCredential({ identityEndpointPresent: hasManagedIdentity, clientId });
  return { ...services, credential };
}
