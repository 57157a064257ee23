import type { ContainerClient } from '@azure/storage-blob';
import { PosternError } from '../../base/errors';
import { isOnOrigin, isStorageUrl } from '../../config/storage-host';
import type { StorageAccess } from './access';

/** Where blobs are, and how to reach them. */
export interface BlobFolderOptions {
  /** `https://{account}.blob.core.windows.net/{container}[/{folder or file}]`. */
  readonly url: string;
  /**
   * The app's access to its own storage: its key is used only when the URL names that account. Absent:
   * unknown.
   */
  readonly access: StorageAccess | undefined;
  /** The credential for Azure's own blob services and the app's own storage, and for no other URL. */
  readonly credential: BlobCredential;
}

type BlobCredential = Extract<StorageAccess, { kind: 'identity' }>['credential'];

/** A folder of blobs. */
export interface BlobFolder {
  readonly container: ContainerClient;
  /** The folder in the container; empty: the whole container. */
  readonly folder: string;
}

const clientOptions = { retryOptions: { maxTries: 3, retryDelayInMs: 400, maxRetryDelayInMs: 3_000 } };

/**
 * Opens a folder of blobs. Nothing is requested yet.
 * @throws PosternError POLICY_INVALID if the URL may not get the credential's token.
 */
export async function openBlobFolder({ url, access, credential }: BlobFolderOptions): Promise<BlobFolder> {
  const { BlobServiceClient, ContainerClient } = await import('@azure/storage-blob');
  if (access?.kind === 'connectionString') {
    const service = BlobServiceClient.fromConnectionString(access.connectionString, clientOptions);
    const own = service.url.endsWith('/') ? service.url : `${service.url}/`;
    if (url.startsWith(own)) {
      const [name = '', ...folder] = url.slice(own.length).split('/');
      return { container: service.getContainerClient(name), folder: decodeURIComponent(folder.join('/')) };
    }
  }
  assertTokenMayGo(url, access);
  const { origin, pathname } = new URL(url);
  const [name = '', ...folder] = pathname.slice(1).split('/');
  const container = new ContainerClient(`${origin}/${name}`, credential, clientOptions);
  return { container, folder: decodeURIComponent(folder.join('/')) };
}

/**
 * Checks that the token may go to the URL. @throws PosternError POLICY_INVALID before a token is requested.
 */
function assertTokenMayGo(url: string, access: StorageAccess | undefined): void {
  const wrong = (what: string) => new PosternError('POLICY_INVALID', `${url} ${what}`);
  if (!URL.canParse(url)) throw wrong('is not a URL');
  if (new URL(url).protocol !== 'https:') throw wrong('must begin with https://');
  if (isStorageUrl(url, 'blob')) return;
  if (access?.kind === 'identity' && isOnOrigin(url, access.blobServiceUri)) return;
  throw wrong(
    'is not in the blob service of a storage account, and gets no token: name https://ACCOUNT.blob.core.windows.net/CONTAINER/FOLDER, or a folder on disk',
  );
}
