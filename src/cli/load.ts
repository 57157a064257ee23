import { loadPolicy } from '../policy/compile-policy';
import { formatProblems } from '../policy/format-problems';
import type { Policy, PolicyFile } from '../policy/policy';
import type { CliHost } from './cli-host';
import { counted, printErrorLines } from './output';

export const defaultPolicyPath = 'policies';

export interface LoadedPolicy {
  readonly policy: Policy;
  readonly files: readonly PolicyFile[];
}

/** A policy that loads; else its problems are printed and the answer is `undefined`: exit code 1. */
export async function loadOrTell(host: CliHost, path: string): Promise<LoadedPolicy | undefined> {
  const files = await host.readPolicy(path);
  const load = loadPolicy(files);
  if (load.kind === 'loaded') return { policy: load.policy, files };
  await printErrorLines(host, [
    ...formatProblems(load.problems, files).split('\n'),
    `${path} does not load: ${counted(load.problems.length, 'problem')}`,
  ]);
  return undefined;
}
