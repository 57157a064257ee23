import type { TokenCredential } from '@azure/core-auth';
import type { Config } from '../../config/config';
import { createCredential } from '../identity/credential';

/** How to reach the storage account. */
export type StorageAccess =
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      readonly blobServiceUri: string;
      readonly queueServiceUri: string;
      readonly tableServiceUri: string;
      readonly credential: TokenCredential;
    };

/** Returns the access to the storage account of the settings, with the identity that they name for it. */
export function storageAccessFrom({ storage, hasManagedIdentity }: Config): StorageAccess {
  if (storage.kind === 'connectionString') return storage;
  const { clientId, ...services } = storage;
  const credential = createCredential({ identityEndpointPresent: hasManagedIdentity, clientId });
  return { ...services, credential };
}
