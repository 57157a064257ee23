import { createHash } from 'node:crypto';
import { compareText } from '../../base/compare';
import type { PolicyFile } from '../policy';

const testCases = /\.(?:cases|tests)\.ya?ml$/i;
const expected = /\.expected\.ya?ml$/i;

/**
 * Returns whether a file in a policy folder is part of the policy: a YAML file without test cases and expected
 * requests.
 */
export function isPolicyPath(path: string): boolean {
  return /\.ya?ml$/i.test(path) && !isTestCasesPath(path) && !isExpectedPath(path);
}

/** Returns whether a file beside a policy contains expected requests. */
export function isExpectedPath(path: string): boolean {
  return expected.test(path);
}

/** Returns whether a file contains the test cases of a policy. */
export function isTestCasesPath(path: string): boolean {
  return testCases.test(path);
}

/**
 * Computes the SHA-256 digest of the files' names and bytes, each preceded by its length. Does not
 * depend on their order.
 */
export function policyDigest(files: readonly PolicyFile[]): string {
  const hash = createHash('sha256');
  for (const { path, text } of sortedFiles(files)) {
    for (const part of [Buffer.from(path), Buffer.from(text)]) hash.update(`${part.length}:`).update(part);
  }
  return hash.digest('hex');
}

/** Returns the files that a policy consists of, sorted by path: neither test cases nor expected requests. */
export function policyFilesOf(files: readonly PolicyFile[]): readonly PolicyFile[] {
  return sortedFiles(files.filter(({ path }) => !isTestCasesPath(path) && !isExpectedPath(path)));
}

/** Sorts files by path. */
export function sortedFiles(files: readonly PolicyFile[]): readonly PolicyFile[] {
  return [...files].sort((a, b) => compareText(a.path, b.path));
}
