import { isLie } from '../../dev/chaos/plan/disturbances';
import type { ChaosReport } from '../../dev/chaos/report';
import { projectRoot, runNode } from '../support/repo/project';

/** `npm run chaos`, small. The whole of it is run by hand. */
test('lost events, lost replies, throttling, other people and killed workers change nothing but the time it takes', async () => {
  const run = await runNode([
    `${projectRoot}/dist/dev/chaos.mjs`,
    ...['--seed', '7', '--connections', '48', '--targets', '12', '--minutes', '5'],
  ]);
  const report = JSON.parse(run.stdout) as ChaosReport;
  expect(report.violations).toEqual([]);
  expect(run.code).toBe(0);
  // A quiet run would prove nothing.
  const { approved, rejected, deleted, held, kills, foreignActs, faults, events } = report;
  for (const count of [approved, rejected, deleted, held, kills, foreignActs])
    expect(count).toBeGreaterThan(0);
  for (const count of [report.answers['taken'] ?? 0, report.decidedByPeople])
    expect(count).toBeGreaterThan(0);
  for (const count of [report.cameBack, report.approvedAgain, report.approvalsEnded])
    expect(count).toBeGreaterThan(0);
  for (const count of [events.sent, events.dropped, events.doubled, events.early]) {
    expect(count).toBeGreaterThan(0);
  }
  const counts = Object.entries(faults);
  for (const isMeant of [isLie, (id: string) => !isLie(id)]) {
    const fired = counts.filter(([id]) => isMeant(id)).map(([, count]) => count);
    expect(fired.reduce((sum, count) => sum + count)).toBeGreaterThan(0);
  }
}, 400_000);
