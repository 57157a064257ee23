import { brokenBuilds, type BrokenBuild } from '../../dev/chaos/options';
import type { ChaosReport } from '../../dev/chaos/report';
import { projectRoot, runNode } from '../support/repo/project';

const expectedViolations: Readonly<Record<BrokenBuild, readonly string[]>> = {
  'no-lease': ['overlapping-writes'],
  'no-write-ahead': ['write-before-decision'],
  'trust-event': ['overrode-somebody'],
  'one-404': ['approval-outlived', 'end-without-proof'],
  'foreign-401': ['request-not-answered'],
};

/** The checker is worth something only if it objects to an app that lacks what it checks for. */
test.each(brokenBuilds)(
  'the checker objects to the build %s',
  async (name) => {
    const run = await runNode([`${projectRoot}/dist/dev/chaos.mjs`, '--seed', '3', '--broken', name]);
    // A run that failed tells of it there.
    if (run.stdout === '') throw new Error(`exit code ${run.code}: ${run.stderr}`);
    const report = JSON.parse(run.stdout) as ChaosReport;
    expect(run.code).toBe(1);
    expect(report.rules.filter((rule) => expectedViolations[name].includes(rule))).not.toEqual([]);
  },
  300_000,
);
