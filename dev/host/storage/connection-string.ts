import { HostError } from '../errors';
import { settingOf, type Settings } from '../settings';

/** The access to a binding's storage account. */
export type StorageConnection =
  | { readonly kind: 'connectionString'; readonly connectionString: string }
  | {
      readonly kind: 'identity';
      readonly blobServiceUri: string;
      readonly queueServiceUri: string;
      /** The user-assigned identity; undefined for the system-assigned one. */
      readonly clientId: string | undefined;
    };

/**
 * Resolves a binding's `connection` (default: `AzureWebJobsStorage`): a connection string, or the settings
 * `{name}__accountName` or `{name}__blobServiceUri` and `{name}__queueServiceUri` for access by identity.
 * @throws HostError HOST_BINDING_INVALID if the settings are missing.
 */
export function connectionOf(connection: string | undefined, settings: Settings): StorageConnection {
  const name = connection === undefined || connection === '' ? 'AzureWebJobsStorage' : connection;
  const found = readConnection(`AzureWebJobs${name}`, settings) ?? readConnection(name, settings);
  if (found !== undefined) return found;
  throw new HostError('HOST_BINDING_INVALID', `the connection "${name}" is not an app setting`);
}

function readConnection(name: string, settings: Settings): StorageConnection | undefined {
  const connectionString = given(settings, name);
  if (connectionString !== undefined) return { kind: 'connectionString', connectionString };
  const uriOf = (service: 'blob' | 'queue'): string | undefined => {
    const account = given(settings, `${name}__accountName`);
    const uri = given(settings, `${name}__${service}ServiceUri`);
    return uri ?? (account === undefined ? undefined : `https://${account}.${service}.core.windows.net`);
  };
  const [blobServiceUri, queueServiceUri] = [uriOf('blob'), uriOf('queue')];
  if (blobServiceUri === undefined || queueServiceUri === undefined) return undefined;
  return {
    kind: 'identity',
    blobServiceUri,
    queueServiceUri,
    clientId: given(settings, `${name}__clientId`),
  };
}

function given(settings: Settings, name: string): string | undefined {
  const value = settingOf(settings, name);
  return value === '' ? undefined : value;
}
