import type { ChaosReport } from '../../dev/chaos/report';
import { hasCommit } from '../../dev/chaos/beside/build-release';
import { projectRoot, runNode } from '../support/repo/project';

/** Version 0.1.0. */
const release = '35b1bcd';

const isHere = hasCommit(projectRoot, release);
if (!isHere)
  console.warn(`Skipped: this clone has no commit ${release}. Fetch it with git fetch --unshallow.`);
const testWithCommit = isHere ? test : test.skip;

testWithCommit(
  '0.1.0, then both builds beside each other, then this one: nothing is lost, doubled or answered wrongly',
  async () => {
    const run = await runNode([
      `${projectRoot}/dist/dev/chaos.mjs`,
      ...['--beside', release, '--seed', '5', '--connections', '32', '--targets', '8', '--minutes', '5'],
    ]);
    if (run.stdout === '') throw new Error(`exit code ${run.code}: ${run.stderr}`);
    const report = JSON.parse(run.stdout) as ChaosReport;
    expect(report.violations).toEqual([]);
    expect(report.settled).toBe(true);
    // A build that does nothing would prove nothing.
    expect(report.beside?.commit).toBe(release);
    for (const count of [
      report.beside?.earlier,
      report.approved,
      report.rejected,
      report.deleted,
      report.held,
    ])
      expect(count).toBeGreaterThan(0);
  },
  400_000,
);
