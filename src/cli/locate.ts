import { basename, join } from 'node:path';

/** Whether a policy's path names something in blob storage. */
export function isUrl(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

/** A policy's file as seen from the present folder; `path` is the policy's, file, folder or URL. */
export function locate(path: string, file: string): string {
  if (basename(path) === file) return path;
  return isUrl(path) ? `${path.replace(/\/+$/, '')}/${file}` : join(path, file);
}
