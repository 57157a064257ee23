import { nextWriteAt, withWrite } from '../../../../src/operations/write/write-spacing';
import { createRig, fakePolicy } from '../../../support/rigs/rig';

const now = new Date('2026-01-05T12:00:00Z');
const ago = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();

test('the next write may begin at once until there were four within the hour, then ten minutes after the last', () => {
  expect(nextWriteAt(undefined, now)).toEqual(now);
  expect(nextWriteAt([ago(3), ago(2), ago(1)], now)).toEqual(now);
  expect(nextWriteAt([ago(4), ago(3), ago(2), ago(1)], now)).toEqual(new Date('2026-01-05T12:09:00Z'));
  expect(nextWriteAt([ago(61), ago(3), ago(2), ago(1)], now)).toEqual(now);
  expect(nextWriteAt([ago(40), ago(30), ago(20), ago(11)], now)).toEqual(now);
  expect(nextWriteAt([ago(40), ago(30), ago(20), ago(10)], now)).toEqual(now);
  expect(nextWriteAt([ago(60), ago(3), ago(2), ago(1)], now)).toEqual(now);
  expect(nextWriteAt([ago(59), ago(3), ago(2), ago(0)], now)).toEqual(new Date('2026-01-05T12:10:00Z'));
  // A clock that was set back.
  expect(nextWriteAt([ago(-9), ago(-8), ago(-7), ago(-6)], now)).toEqual(now);
});

test('no more is remembered than makes a difference', () => {
  expect(withWrite([ago(70), ago(4), ago(3), ago(2), ago(1)], now)).toEqual([ago(3), ago(2), ago(1), ago(0)]);
  expect(withWrite(undefined, now)).toEqual([ago(0)]);
});

test('rules that undo each other do not flap: ten writes an hour at most, and their notes do not pile up', async () => {
  const rig = createRig({ policy: fakePolicy(['Pending', 'Approved', 'Rejected']) });
  rig.arm.appliesWrites = true;
  const decide = rig.policy.decide.bind(rig.policy);
  rig.policy.decide = (facts, at) => {
    rig.policy.effects.set('one', facts.connection.status === 'Approved' ? 'reject' : 'approve');
    return decide(facts, at);
  };
  rig.arm.seed({ name: 'one', message: 'CHG 1' });
  await rig.takeRequest(rig.request());
  for (let quarter = 0; quarter < 16; quarter += 1) {
    await rig.reviews.put(rig.request({ origin: 'sweep' }), 0);
    await rig.run(900);
  }
  expect(rig.arm.writes.length).toBeGreaterThan(16);
  expect(rig.arm.writes.length).toBeLessThanOrEqual(40);
  expect(rig.arm.writes.at(-1)?.description).toMatch(/^CHG 1 \[Postern [^\]]*\]$/);
});
