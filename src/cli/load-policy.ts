import { basename, join } from 'node:path';
import { loadPolicy } from '../policy/compile-policy';
import { formatProblems } from '../policy/file/format-problems';
import type { Policy, PolicyFile, PolicyProblem } from '../policy/policy';
import type { CliHost } from './cli-host';
import { counted, printErrorLines } from './output';

export const defaultPolicyPath = 'policies';

export interface LoadedPolicy {
  /** Where it was loaded from: a file, a folder or a URL. */
  readonly path: string;
  readonly policy: Policy;
  readonly files: readonly PolicyFile[];
}

/** A policy that loads; else its problems are printed and the answer is `undefined`: exit code 1. */
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

/** Problems as lines, under names that a person can open from the present folder. */
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

/** Whether a policy's path names something in blob storage. */
export function isUrl(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

/** A policy's file as seen from the present folder; `path` is the policy's, file, folder or URL. */
export function locate(path: string, file: string): string {
  if (basename(path) === file) return path;
  return isUrl(path) ? `${path.replace(/\/+$/, '')}/${file}` : join(path, file);
}
