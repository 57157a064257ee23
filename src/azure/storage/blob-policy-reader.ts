import type { ContainerClient } from '@azure/storage-blob';
import { compareText } from '../../base/compare';
import { describeError, PosternError } from '../../base/errors';
import { isPolicyPath } from '../../policy/file/policy-files';
import type { PolicyFile } from '../../policy/policy';
import type { PolicyReader } from '../../policy/source/policy-reader';
import { policyLimits } from '../../policy/file/policy-limits';
import { isOnOrigin, isStorageUrl } from '../../config/storage-host';
import type { StorageAccess } from './access';

export interface BlobPolicyOptions {
  /** `https://{account}.blob.core.windows.net/{container}[/{folder or file}]`. */
  readonly url: string;
  /**
   * The app's access to its own storage: its key is used only when the URL names that account. Absent:
   * unknown.
   */
  readonly access: StorageAccess | undefined;
  /** The credential for Azure's own blob services and the app's own storage, and for no other URL. */
  readonly credential: BlobCredential;
  /** The timeout of one list or one download, in milliseconds, retries included. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

type BlobCredential = Extract<StorageAccess, { kind: 'identity' }>['credential'];

interface BlobEntry {
  readonly path: string;
  readonly name: string;
  readonly etag: string;
  readonly size: number;
}

const mostFiles = 200;
/**
 * The default timeout, in milliseconds. Every review reads the policy first, and must not wait for
 * unavailable storage longer than that.
 */
const defaultTimeoutMs = 10_000;
const clientOptions = { retryOptions: { maxTries: 3, retryDelayInMs: 400, maxRetryDelayInMs: 3_000 } };

/**
 * Creates the reader of a policy in blob storage. A version is the names and ETags of its files, from one
 * list.
 */
export function createBlobPolicyReader(options: BlobPolicyOptions): PolicyReader {
  const { timeoutMs = defaultTimeoutMs } = options;
  let opened: Promise<{ container: ContainerClient; folder: string }> | undefined;
  const entries = async (): Promise<{ container: ContainerClient; found: BlobEntry[] }> => {
    opened ??= open(options);
    const { container, folder } = await opened;
    return { container, found: await list(container, folder, timeoutMs) };
  };
  return {
    version: () =>
      readable(options.url, async () =>
        (await entries()).found.map(({ path, etag }) => `${path} ${etag}`).join('\n'),
      ),
    read: () =>
      readable(options.url, async () => {
        const { container, found } = await entries();
        return Promise.all(found.map((entry) => download(container, entry, timeoutMs)));
      }),
  };
}

async function open({ url, access, credential }: BlobPolicyOptions) {
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

/** Lists the policy's blobs: the one blob with that exact name, or a folder. */
async function list(container: ContainerClient, folder: string, timeoutMs: number): Promise<BlobEntry[]> {
  const prefix = folder.replace(/\/+$/, '');
  const found: BlobEntry[] = [];
  const abortSignal = AbortSignal.timeout(timeoutMs);
  for await (const { name, properties } of container.listBlobsFlat({ prefix, abortSignal })) {
    const path = name === prefix ? (name.split('/').at(-1) ?? name) : relative(name, prefix);
    if (path === undefined || !isPolicyPath(path)) continue;
    found.push({ path, name, etag: properties.etag, size: properties.contentLength ?? 0 });
    if (found.length > mostFiles) {
      throw new PosternError(
        'POLICY_INVALID',
        `the policy folder has more than ${mostFiles} files: merge some`,
      );
    }
  }
  return found.sort((one, other) => compareText(one.path, other.path));
}

function relative(name: string, prefix: string): string | undefined {
  if (prefix === '') return name;
  return name.startsWith(`${prefix}/`) ? name.slice(prefix.length + 1) : undefined;
}

async function download(
  container: ContainerClient,
  { path, name, etag, size }: BlobEntry,
  timeoutMs: number,
): Promise<PolicyFile> {
  if (size > policyLimits.fileBytes) {
    throw new PosternError(
      'POLICY_INVALID',
      `${path} is larger than ${policyLimits.fileBytes / 1024} KiB: split it`,
    );
  }
  // Exactly the listed version: the caller reads again when a file changes meanwhile.
  const bytes = await container.getBlobClient(name).downloadToBuffer(0, size === 0 ? undefined : size, {
    conditions: { ifMatch: etag },
    abortSignal: AbortSignal.timeout(timeoutMs),
  });
  try {
    return { path, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (cause) {
    throw new PosternError('POLICY_INVALID', `${path} is not UTF-8 text: save it as UTF-8`, { cause });
  }
}

async function readable<T>(url: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof PosternError) throw cause;
    throw new PosternError('POLICY_INVALID', `the policy at ${url} cannot be read: ${describeError(cause)}`, {
      cause,
    });
  }
}
