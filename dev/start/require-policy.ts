import { loadPolicy } from '../../src/policy/compile-policy';
import { createDiskPolicyReader } from '../../src/policy/source/disk-policy-reader';
import { formatProblems } from '../../src/policy/file/format-problems';
import { UsageError } from '../lib/cli-options';

/**
 * Checks that the policy loads, and returns its digest.
 * @throws UsageError that shows every problem.
 */
export async function requirePolicy(path: string): Promise<string> {
  const files = await createDiskPolicyReader(path)
    .read()
    .catch((error: unknown) => {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    });
  const load = loadPolicy(files);
  if (load.kind === 'loaded') return load.policy.digest;
  const count = load.problems.length === 1 ? 'one problem' : `${load.problems.length} problems`;
  throw new UsageError(`The policy did not load: ${count}\n\n${formatProblems(load.problems, files)}`);
}
