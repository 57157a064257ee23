import { createConsoleRig, openPolicy } from '../../../support/console/console-rig';

const hour = 3600;
const name = 'pe-1';

test('an answer in a standby is taken, waits as long as a rule’s would, and is then carried out', async () => {
  const rig = createConsoleRig(openPolicy, { standbyAfterSeconds: hour });
  rig.arm.seed({ name });
  await rig.review();
  await rig.run(2 * hour);
  const seen = await rig.look(name);
  await rig.answer(seen);
  await rig.run(hour - 60);
  expect(rig.arm.writes).toEqual([]);
  expect(rig.row(name)?.decisionId).toBe(seen.decisionId);
  await rig.run(300);
  expect(rig.arm.writes).toHaveLength(1);
  const decided = rig.ledger.ofKind('decided').at(-1);
  expect(decided).toMatchObject({
    effect: 'approve',
    by: expect.stringContaining('Ada'),
    answers: seen.decisionId,
  });
  const waitedMs = Date.parse(decided?.at ?? '') - Date.parse(decided?.standbySince ?? '');
  expect(waitedMs).toBeGreaterThanOrEqual(hour * 1000);
  expect(rig.lines.join('\n')).toContain(`this standby will approve it: nobody has for 60 min`);
});

test('an answer in a standby is void once somebody has answered in the first deployment', async () => {
  const rig = createConsoleRig(openPolicy, { standbyAfterSeconds: hour });
  rig.arm.seed({ name });
  await rig.review();
  await rig.answer(await rig.look(name));
  await rig.run(600);
  rig.arm.seed({ name, status: 'Rejected' });
  await rig.run(2 * hour);
  expect(rig.arm.writes).toEqual([]);
  expect(rig.kinds()).toContain('lapsed');
});

test('a request that comes back under its name is a new one for the standby', async () => {
  const rig = createConsoleRig('rules: [{ name: all, effect: approve, when: "true" }]\n', {
    standbyAfterSeconds: hour,
  });
  rig.arm.seed({ name });
  await rig.review();
  await rig.run(hour - 600);
  rig.arm.seed({ name, status: 'Approved' });
  await rig.review();
  rig.arm.seed({ name });
  await rig.review();
  await rig.run(hour - 60);
  expect(rig.arm.writes).toEqual([]);
  await rig.run(120);
  expect(rig.arm.writes).toHaveLength(1);
});
