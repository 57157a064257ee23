import { brokenBuilds, type BrokenBuild } from '../../dev/chaos/options';
import type { ChaosReport } from '../../dev/chaos/report';
import { projectRoot, runNode } from '../support/repo/project';

const expectedViolations: Readonly<Record<BrokenBuild, readonly string[]>> = {
  'no-lease': ['overlapping-writes'],
  'no-write-ahead': ['write-before-decision'],
  'trust-event': ['overrode-somebody'],
  'one-404': ['approval-outlived', 'end-without-proof'],
  'foreign-401': ['request-not-answered'],
  'page-trusted': ['answer-stale', 'unwanted-write'],
};

/**
 * The worlds in which a broken build may show itself. A seed fixes what happens to the processes, but not how they share the
 * machine: now and then a run of a build without leases has no two reviews at once.
 */
const seeds = [3, 4, 5] as const;

/** The checker is worth something only if it objects to an app that lacks what it checks for. Two runs mostly wait. */
test.concurrent.each(brokenBuilds)(
  'the checker objects to the build %s',
  async (name) => {
    const rules: string[] = [];
    for (const seed of seeds) {
      rules.push(...(await rulesBroken(name, seed)));
      if (rules.some((rule) => expectedViolations[name].includes(rule))) return;
    }
    throw new Error(
      `${seeds.length} runs broke none of ${expectedViolations[name].join(', ')}, only: ${rules.join(', ') || 'nothing'}`,
    );
  },
  600_000,
);

/** Runs a broken build, and returns the rules that it broke. */
async function rulesBroken(name: BrokenBuild, seed: number): Promise<readonly string[]> {
  const run = await runNode([`${projectRoot}/dist/dev/chaos.mjs`, '--seed', String(seed), '--broken', name]);
  // A run that failed tells of it there.
  if (run.stdout === '') throw new Error(`exit code ${run.code}: ${run.stderr}`);
  const { rules } = JSON.parse(run.stdout) as ChaosReport;
  expect(run.code).toBe(rules.length === 0 ? 0 : 1);
  return rules;
}
