import { openBlobFolder } from '../../azure/storage/blob-folder';
import { describeFailure, failureOf } from '../../azure/storage/errors';
import { PosternError } from '../../base/errors';
import type { Environment } from '../../config/config';
import { isExpectedPath } from '../../policy/file/policy-files';
import { CliError } from '../cli-host';
import type { AnnouncementFolder } from '../expect/announcement-folder';
import { blobOptionsFrom } from './live-azure';

const timeoutMs = 30_000;

/**
 * Opens the folder of a policy in blob storage, with the same identity or key as `createLivePolicy`.
 * @throws PosternError CONFIG_INVALID, POLICY_INVALID
 */
export async function openBlobAnnouncements(
  url: string,
  environment: Environment,
): Promise<AnnouncementFolder> {
  if (/\.ya?ml$/i.test(url))
    throw new CliError(`${url} is a file: announcements lie in the folder of a policy`);
  const { container, folder } = await openBlobFolder(blobOptionsFrom(url, environment));
  const prefix = folder.replace(/\/*$/, folder === '' ? '' : '/');
  const abortSignal = (): AbortSignal => AbortSignal.timeout(timeoutMs);
  return {
    names: () =>
      failing(url, async () => {
        const names: string[] = [];
        for await (const item of container.listBlobsByHierarchy('/', {
          prefix,
          abortSignal: abortSignal(),
        })) {
          const name = item.kind === 'blob' ? item.name.slice(prefix.length) : '';
          if (isExpectedPath(name)) names.push(name);
        }
        return names;
      }),
    create: (name, text) =>
      failing(url, async () => {
        try {
          const blob = container.getBlockBlobClient(prefix + name);
          await blob.upload(text, Buffer.byteLength(text), {
            conditions: { ifNoneMatch: '*' },
            blobHTTPHeaders: { blobContentType: 'application/yaml' },
            abortSignal: abortSignal(),
          });
          return true;
        } catch (error) {
          if (failureOf(error).code === 'BlobAlreadyExists') return false;
          throw error;
        }
      }),
    remove: (name) =>
      failing(url, async () => {
        await container.getBlobClient(prefix + name).deleteIfExists({ abortSignal: abortSignal() });
      }),
  };
}

async function failing<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PosternError) throw error;
    const fix =
      failureOf(error).httpStatus === 403
        ? ' The signed-in identity needs Storage Blob Data Contributor there, for *.expected.yaml alone: docs/auto-approval.md.'
        : '';
    throw new CliError(`${url} cannot be used: ${describeFailure(error)}.${fix}`);
  }
}
