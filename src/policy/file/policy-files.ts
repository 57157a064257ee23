import { createHash } from 'node:crypto';
import { compareText } from '../../base/compare';
import type { PolicyFile } from '../policy';

const testCases = /\.(?:cases|tests)\.ya?ml$/i;

/** Whether a file of a policy folder is policy: YAML, but not the test cases beside it. */
export function isPolicyPath(path: string): boolean {
  return /\.ya?ml$/i.test(path) && !isTestCasesPath(path);
}

/** Whether it holds the test cases of a policy. */
export function isTestCasesPath(path: string): boolean {
  return testCases.test(path);
}

/** SHA-256 over the files' names and bytes, whatever their order; lengths keep names and bytes apart. */
export function policyDigest(files: readonly PolicyFile[]): string {
  const hash = createHash('sha256');
  for (const { path, text } of sortedFiles(files)) {
    for (const part of [Buffer.from(path), Buffer.from(text)]) hash.update(`${part.length}:`).update(part);
  }
  return hash.digest('hex');
}

export function sortedFiles(files: readonly PolicyFile[]): readonly PolicyFile[] {
  return [...files].sort((a, b) => compareText(a.path, b.path));
}
