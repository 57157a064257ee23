import type { PolicyFile } from '../../../policy/policy';
import { parseCases } from '../../policy/policy-cases';
import { runCases } from '../../policy/run-cases';
import { tryStrangers } from '../../policy/strangers';

/**
 * Runs test cases as `postern test` does, before anything is written.
 *
 * @throws TypeError with the first case that fails, or the first stranger that is approved: then the suggestion is wrong,
 * and must not be written
 */
export function checkCases(policy: PolicyFile, cases: PolicyFile): void {
  const parsed = parseCases(cases, [policy]);
  const { results } = runCases([parsed], []);
  const failed = results.find(({ passed }) => !passed);
  if (failed !== undefined) throw new TypeError(`a suggested test case fails: ${failed.about.name}`);
  const written = [policy.text, cases.text];
  const stranger = tryStrangers([parsed], { approvesAnyone: new Set(), written }).find(
    ({ approved }) => approved !== undefined,
  );
  if (stranger !== undefined)
    throw new TypeError(`the suggested policy approves a stranger like this: ${stranger.about.name}`);
}
