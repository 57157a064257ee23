import type { ContainerClient } from '@azure/storage-blob';
import { compareText } from '../../base/compare';
import { describeError, PosternError } from '../../base/errors';
import type { PolicyReader } from '../../policy/source/policy-reader';
import { filesToRead, type FoundFile, isFound, readFound } from '../../policy/source/found-files';
import { type BlobFolder, type BlobFolderOptions, openBlobFolder } from './blob-folder';

/** Options of `createBlobPolicyReader`. */
export interface BlobPolicyOptions extends BlobFolderOptions {
  /** The timeout of one list or one download, in milliseconds, retries included. Default 10,000. */
  readonly timeoutMs?: number | undefined;
}

interface BlobEntry extends FoundFile {
  readonly name: string;
  readonly etag: string;
}

/**
 * The default timeout, in milliseconds. Every review reads the policy first, and must not wait for
 * unavailable storage longer than that.
 */
const defaultTimeoutMs = 10_000;

/**
 * Creates the reader of a policy in blob storage. A version is the names and ETags of its files, from one
 * list.
 */
export function createBlobPolicyReader(options: BlobPolicyOptions): PolicyReader {
  const { timeoutMs = defaultTimeoutMs } = options;
  /** What was read last, by name and ETag: only what has changed is downloaded again. */
  let known: ReadonlyMap<string, Promise<Uint8Array>> = new Map();
  let opened: Promise<BlobFolder> | undefined;
  const entries = async (): Promise<{ container: ContainerClient; found: readonly BlobEntry[] }> => {
    opened ??= openBlobFolder(options);
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
        const bytes = new Map<string, Promise<Uint8Array>>();
        const files = await readFound(found, (entry) => {
          const key = `${entry.name} ${entry.etag}`;
          const read = known.get(key) ?? download(container, entry, timeoutMs);
          bytes.set(key, read);
          read.catch(() => bytes.delete(key));
          return read;
        });
        known = bytes;
        return files;
      }),
  };
}

/** Lists the policy's blobs: the one blob with that exact name, or a folder. */
async function list(
  container: ContainerClient,
  folder: string,
  timeoutMs: number,
): Promise<readonly BlobEntry[]> {
  const prefix = folder.replace(/\/+$/, '');
  const found: BlobEntry[] = [];
  const abortSignal = AbortSignal.timeout(timeoutMs);
  for await (const { name, properties } of container.listBlobsFlat({ prefix, abortSignal })) {
    const path = name === prefix ? (name.split('/').at(-1) ?? name) : relative(name, prefix);
    if (path === undefined || !isFound(path)) continue;
    found.push({ path, name, etag: properties.etag, size: properties.contentLength ?? 0 });
  }
  return filesToRead(found.sort((one, other) => compareText(one.path, other.path)));
}

function relative(name: string, prefix: string): string | undefined {
  if (prefix === '') return name;
  return name.startsWith(`${prefix}/`) ? name.slice(prefix.length + 1) : undefined;
}

/** Downloads exactly the listed version: the caller reads again when a file changes meanwhile. */
async function download(
  container: ContainerClient,
  { name, etag, size }: BlobEntry,
  timeoutMs: number,
): Promise<Uint8Array> {
  return container.getBlobClient(name).downloadToBuffer(0, size === 0 ? undefined : size, {
    conditions: { ifMatch: etag },
    abortSignal: AbortSignal.timeout(timeoutMs),
  });
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
