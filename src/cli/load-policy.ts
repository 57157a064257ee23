import { basename, join } from 'node:path';
import { loadPolicy } from '../policy/compile-policy';
import { formatProblems } from '../policy/file/format-problems';
import type { Policy, PolicyFile, PolicyProblem } from '../policy/policy';
import type { CliHost } from './cli-host';
import { counted, printErrorLines } from './output';

/** The policy that the tools use if no path is given: the folder `policies`. */
export const defaultPolicyPath = 'policies';

/** A policy that loads, with its source. */
export interface LoadedPolicy {
  /** The file, folder or URL that the policy was loaded from. */
  readonly path: string;
  readonly policy: Policy;
  readonly files: readonly PolicyFile[];
}

/** Loads a policy. If it has problems, prints them and returns `undefined`; the tool then exits with 1. */
export async function loadOrReport(host: CliHost, path: string): Promise<LoadedPolicy | undefined> {
  const files = await host.readPolicy(path);
  const load = loadPolicy(files);
  if (load.kind === 'loaded') return { path, policy: load.policy, files };
  await printErrorLines(host, [
    ...formatPlaces(path, load.problems, files),
    `${path} does not load: ${counted(load.problems.length, 'problem')}`,
  ]);
  return undefined;
}

/** Formats problems as lines, with paths that can be opened from the current folder. */
export function formatPlaces(
  path: string,
  problems: readonly PolicyProblem[],
  files: readonly PolicyFile[],
): string[] {
  if (problems.length === 0) return [];
  const located = files.map((file) => ({ ...file, path: locate(path, file.path) }));
  return formatProblems(
    problems.map((problem) => ({ ...problem, path: locate(path, problem.path) })),
    located,
  ).split('\n');
}

/** Returns whether a policy's path is a URL, as in blob storage. */
export function isUrl(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

/**
 * Returns the path of a policy's file as seen from the current folder. `path` is the policy's file,
 * folder or URL.
 */
export function locate(path: string, file: string): string {
  if (basename(path) === file) return path;
  return isUrl(path) ? `${path.replace(/\/+$/, '')}/${file}` : join(path, file);
}
