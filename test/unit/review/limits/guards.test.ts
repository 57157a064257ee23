import { connectionIdOf } from '../../../../src/connections/resource-id';
import { ArmError, PosternError } from '../../../../src/base/errors';
import { liftLimit } from '../../../../src/review/limits/lift-limit';
import { requestRetry } from '../../../../src/review/queue/request-retry';
import { createRig, fakePolicy, type Rig } from '../../../support/rigs/rig';

const hour = 60 * 60;
const day = 24 * hour;

async function review(rig: Rig, change: Parameters<Rig['request']>[0] = {}): Promise<void> {
  await rig.takeRequest(rig.request(change));
}

/** Pending connections that policy would reject. */
function plantStrangers(rig: Rig, names: readonly string[]): void {
  for (const name of names) {
    rig.arm.seed({ name });
    rig.policy.effects.set(name, 'reject');
  }
}

/** Lets time pass; what is written from now on comes to its end within ten seconds. */
async function settle(rig: Rig, seconds = 120): Promise<void> {
  let ended = rig.arm.writes.filter(
    ({ connection }) => rig.operation(connection.id.name)?.state !== 'running',
  );
  for (let step = 0; step < seconds; step += 10) {
    const begun = rig.arm.writes.filter((write) => !ended.includes(write));
    for (const { connection, effect } of begun) {
      if (effect === 'delete') rig.arm.remove(connection.id.name);
      else rig.arm.change(connection.id.name, { status: effect === 'reject' ? 'Rejected' : 'Approved' });
    }
    ended = [...ended, ...begun];
    await rig.run(10);
  }
}

const written = (rig: Rig): string[] => rig.arm.writes.map(({ connection }) => connection.id.name);
const lift = (rig: Rig): Promise<number> => liftLimit(rig, 'rejects', 'alice');

describe('a limit per review', () => {
  function crowd(): Rig {
    const rig = createRig();
    rig.policy.limits = { rejects: { perReview: 2 } };
    plantStrangers(rig, ['one', 'two', 'three']);
    return rig;
  }

  test('a review that wants more than the limit begins that many, and says once of each other that it is held', async () => {
    const rig = crowd();
    await review(rig);
    await settle(rig);
    await review(rig);
    await settle(rig);
    expect(written(rig)).toEqual(['one', 'two']);
    expect(rig.ledger.ofKind('limited').map(({ connection }) => connection?.split('/').at(-1))).toEqual([
      'three',
    ]);
    expect(rig.ledger.ofKind('limited')[0]).toMatchObject({
      effect: 'reject',
      reason:
        'This review wants 3 rejects; the policy allows 2 per review. The write is held until a person lifts the limit',
    });
  });

  test('a review that wants no more than the limit goes on', async () => {
    const rig = createRig();
    rig.policy.limits = { rejects: { perReview: 2 } };
    plantStrangers(rig, ['one', 'two']);
    await review(rig);
    await settle(rig);
    expect(written(rig)).toEqual(['one', 'two']);
    expect(rig.ledger.ofKind('limited')).toEqual([]);
  });

  test('approvals of the same target are not held with the rejections', async () => {
    const rig = crowd();
    rig.arm.seed({ name: 'friend' });
    rig.policy.effects.set('friend', 'approve');
    await review(rig);
    await settle(rig);
    expect(written(rig)).toEqual(['friend', 'one', 'two']);
  });

  test('time alone lets nothing go', async () => {
    const rig = crowd();
    await review(rig);
    await settle(rig);
    rig.clock.advance(7 * day);
    await review(rig);
    await settle(rig);
    expect(written(rig)).toEqual(['one', 'two']);
  });

  test('once a person has lifted it, what was held is decided again and goes on, all of it', async () => {
    const rig = crowd();
    await review(rig);
    expect(await lift(rig)).toBe(1);
    await settle(rig, 200);
    expect(written(rig).toSorted()).toEqual(['one', 'three', 'two']);
    expect(rig.ledger.ofKind('applied')).toHaveLength(3);
    expect(rig.ledger.ofKind('lifted')).toMatchObject([
      { target: '', reason: 'alice lifted the limit of rejects: the writes that it held continue' },
    ]);
  });

  test('what comes after the limit was lifted is counted as before', async () => {
    const rig = crowd();
    await review(rig);
    await lift(rig);
    await settle(rig, 200);
    plantStrangers(rig, ['four', 'five', 'six']);
    await review(rig, { hintedAt: '2027-01-01T00:00:00Z' });
    await settle(rig);
    expect(written(rig)).toHaveLength(5);
    expect(rig.ledger.ofKind('limited')).toHaveLength(2);
  });

  test('what was held, and policy would approve by now, is approved', async () => {
    const rig = crowd();
    await review(rig);
    await settle(rig);
    rig.policy.effects.set('three', 'approve');
    rig.policy.digest = 'e'.repeat(64);
    await review(rig);
    await settle(rig);
    expect(rig.arm.writes.map(({ connection, effect }) => [connection.id.name, effect])).toEqual([
      ['one', 'reject'],
      ['two', 'reject'],
      ['three', 'approve'],
    ]);
  });

  test('a policy without the limit lets go what the limit held', async () => {
    const rig = crowd();
    await review(rig);
    rig.policy.limits = {};
    rig.clock.advance(60);
    await review(rig);
    await settle(rig);
    expect(written(rig)).toHaveLength(3);
  });
});

describe('a limit per hour', () => {
  function busy(): Rig {
    const rig = createRig();
    rig.policy.limits = { rejects: { perHour: 2 } };
    plantStrangers(rig, ['one', 'two', 'three', 'four']);
    return rig;
  }

  test('past the limit nothing more is written, not even hours later', async () => {
    const rig = busy();
    await review(rig);
    await settle(rig, 200);
    rig.clock.advance(3 * hour);
    await review(rig);
    await settle(rig);
    expect(written(rig)).toHaveLength(2);
    expect(rig.ledger.ofKind('limited')).toHaveLength(2);
    expect(rig.ledger.ofKind('limited')[0]?.reason).toMatch(/^The limit of 2 rejects an hour is reached/);
  });

  test('writes that are more than an hour apart never reach it', async () => {
    const rig = createRig();
    rig.policy.limits = { rejects: { perHour: 1 } };
    for (const name of ['one', 'two', 'three']) {
      plantStrangers(rig, [name]);
      await review(rig, { hintedAt: '2027-01-01T00:00:00Z' });
      await settle(rig);
      rig.clock.advance(hour);
    }
    expect(written(rig)).toEqual(['one', 'two', 'three']);
  });

  test('lifting lets the held ones go and counts from nought', async () => {
    const rig = busy();
    await review(rig);
    await settle(rig, 200);
    expect(await lift(rig)).toBe(2);
    await settle(rig, 200);
    expect(written(rig)).toHaveLength(4);
  });

  test('a limit of nought holds every one', async () => {
    const rig = busy();
    rig.policy.limits = { rejects: { perHour: 0 } };
    await review(rig);
    await settle(rig);
    expect(rig.arm.writes).toEqual([]);
    expect(rig.ledger.ofKind('limited')).toHaveLength(4);
  });

  test('instances that count at the same time do not lose a write from the count', async () => {
    const rig = busy();
    const save = rig.limits.save.bind(rig.limits);
    let others = 3;
    rig.limits.save = async (kind, state) => {
      if (others > 0) {
        others -= 1;
        const theirs = await rig.limits.load(kind);
        const begun = [
          ...theirs.begun,
          { decisionId: `theirs-${others}`, at: rig.clock.now().toISOString() },
        ];
        await save(kind, { ...theirs, begun });
      }
      await save(kind, state);
    };
    await review(rig);
    await settle(rig);
    expect(rig.arm.writes).toEqual([]);
    expect((await rig.limits.load('rejects')).begun).toHaveLength(3);
  });

  test('if the count cannot be kept, nothing is written', async () => {
    const rig = busy();
    rig.limits.save = () => Promise.reject(new PosternError('LEDGER_UNAVAILABLE', 'the table is away'));
    await expect(review(rig)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
    expect(rig.arm.writes).toEqual([]);
  });

  test('approvals ask no limit at all', async () => {
    const rig = createRig();
    rig.policy.limits = { rejects: { perHour: 0 }, deletes: { perHour: 0 }, revocations: { perHour: 0 } };
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    await review(rig);
    expect(written(rig)).toHaveLength(1);
    expect(rig.limits.loads).toBe(0);
  });

  test('taking an approval away counts as a revocation, and not as a rejection or deletion', async () => {
    const rig = createRig({ policy: fakePolicy(['Pending', 'Approved', 'Disconnected']) });
    rig.policy.limits = { revocations: { perHour: 0 } };
    rig.arm.seed({ name: 'taken', status: 'Approved' });
    rig.arm.seed({ name: 'leftover', status: 'Disconnected' });
    plantStrangers(rig, ['stranger']);
    rig.policy.effects.set('taken', 'delete').set('leftover', 'delete');
    await review(rig);
    await settle(rig);
    expect(written(rig).toSorted()).toEqual(['leftover', 'stranger']);
    expect(rig.ledger.ofKind('limited')).toMatchObject([{ status: 'Approved' }]);
  });
});

describe('an approval with an end', () => {
  function contractor(statuses?: readonly string[]): Rig {
    const rig = createRig(statuses === undefined ? {} : { policy: fakePolicy(statuses) });
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.policy.expireAfterSeconds = 7 * day;
    return rig;
  }

  async function approve(rig: Rig): Promise<void> {
    await review(rig);
    await settle(rig, 60);
    rig.clock.advance(60);
    await review(rig);
  }

  const ends = (rig: Rig): Promise<unknown[]> => collect(rig.operations.endedApprovals(rig.clock.now()));

  test('is announced in the record of its decision', async () => {
    const rig = contractor();
    await review(rig);
    expect(rig.ledger.ofKind('decided')).toMatchObject(
      [{ effect: 'approve', at: '2026-03-01T12:00:00.000Z', expiresAt: '2026-03-08T12:00:00.000Z' }].map(
        ({ effect }) => ({ effect, expiresAt: expect.any(String) }),
      ),
    );
    const [record] = rig.ledger.ofKind('decided');
    expect(Date.parse(record!.expiresAt!) - Date.parse(record!.at)).toBe(7 * day * 1000);
  });

  test('stands until its end', async () => {
    const rig = contractor();
    await approve(rig);
    rig.clock.advance(7 * day - 600);
    await review(rig);
    expect(written(rig)).toEqual(['one']);
    expect(await ends(rig)).toEqual([]);
  });

  test('is found at its end, and the connection is deleted in the name of the rule that approved it', async () => {
    const rig = contractor();
    await approve(rig);
    rig.clock.advance(7 * day);
    expect(await ends(rig)).toEqual([connectionIdOf(rig.target, 'one')]);
    await review(rig);
    await settle(rig);
    expect(rig.arm.writes.map(({ effect }) => effect)).toEqual(['approve', 'delete']);
    expect(rig.ledger.ofKind('applied').at(-1)).toMatchObject({ effect: 'delete', rules: ['rule-approve'] });
    expect(rig.ledger.ofKind('decided').at(-1)?.reason).toMatch(
      /^The approval was limited in time and ended/,
    );
    rig.clock.advance(60);
    await review(rig);
    expect(await ends(rig)).toEqual([]);
  });

  test('ends also when no review has seen the approval yet', async () => {
    const rig = contractor();
    await review(rig);
    await settle(rig, 60);
    rig.clock.advance(7 * day);
    expect(await ends(rig)).toHaveLength(1);
    await review(rig);
    await settle(rig);
    expect(rig.arm.writes.at(-1)?.effect).toBe('delete');
  });

  test('does not end while a rule holds the connection, and ends when none does any more', async () => {
    const rig = contractor(['Pending', 'Approved']);
    await approve(rig);
    rig.clock.advance(7 * day);
    const decide = rig.policy.decide.bind(rig.policy);
    rig.policy.decide = (facts, now) => {
      const decision = decide(facts, now);
      const outcomes = [{ kind: 'matched', rule: 'keep', effect: 'hold', reason: 'kept' }] as const;
      return decision && { ...decision, effect: 'hold', rules: ['keep'], outcomes };
    };
    await review(rig);
    await settle(rig);
    expect(written(rig)).toEqual(['one']);
    rig.policy.decide = decide;
    rig.policy.effects.delete('one');
    rig.clock.advance(60);
    await review(rig);
    await settle(rig);
    expect(rig.arm.writes.at(-1)?.effect).toBe('delete');
  });

  test('in audit mode its end is told and nothing is written', async () => {
    const rig = contractor();
    await approve(rig);
    rig.policy.mode = 'audit';
    rig.clock.advance(7 * day);
    await review(rig);
    expect(written(rig)).toEqual(['one']);
    expect(rig.ledger.ofKind('decided').at(-1)).toMatchObject({ effect: 'delete', mode: 'audit' });
  });

  test('what a person approved in the meantime is not ours to end', async () => {
    const rig = contractor();
    rig.arm.writeReplies.push(new ArmError('ARM_FORBIDDEN', 'no'));
    await review(rig);
    rig.arm.change('one', { status: 'Approved', message: 'by hand' });
    rig.clock.advance(60);
    await review(rig);
    rig.clock.advance(8 * day);
    await review(rig);
    expect(written(rig)).toHaveLength(1);
    expect(await ends(rig)).toEqual([]);
  });

  test('a decision to approve in audit mode ends nothing that a person approves later', async () => {
    const rig = contractor();
    rig.policy.mode = 'audit';
    await review(rig);
    rig.arm.change('one', { status: 'Approved' });
    rig.policy.mode = 'enforce';
    rig.clock.advance(8 * day);
    await review(rig);
    expect(rig.arm.writes).toEqual([]);
  });

  test('another endpoint behind the same name has an approval of its own', async () => {
    const rig = contractor();
    await approve(rig);
    rig.arm.seed({ name: 'one', subscription: '99999999-1111-1111-1111-111111111111', status: 'Approved' });
    rig.clock.advance(8 * day);
    await review(rig);
    expect(rig.arm.writes.map(({ effect }) => effect)).toEqual(['approve']);
  });

  test('its end is held by no limit: whoever has many approvals could fill it', async () => {
    const rig = contractor();
    rig.policy.limits = { revocations: { perHour: 0, perReview: 0 }, deletes: { perHour: 0 } };
    await approve(rig);
    rig.clock.advance(7 * day);
    await review(rig);
    await settle(rig);
    expect(rig.arm.writes.map(({ effect }) => effect)).toEqual(['approve', 'delete']);
    expect(rig.ledger.ofKind('limited')).toEqual([]);
  });

  test('a write that was done right before a crash is adopted, also when a rule concerns Approved', async () => {
    const rig = contractor(['Pending', 'Approved']);
    rig.arm.writeReplies.push(new TypeError('the process ends here'));
    await expect(review(rig)).rejects.toThrow('ends here');
    const note = rig.arm.writes[0]?.description;
    rig.arm.change('one', { status: 'Approved', message: note ?? '' });
    rig.policy.effects.delete('one');
    rig.clock.advance(600);
    await review(rig);
    await rig.run(1);
    expect(rig.ledger.ofKind('applied')).toHaveLength(1);
    expect(rig.ledger.ofKind('superseded')).toEqual([]);
    rig.clock.advance(7 * day);
    expect(await ends(rig)).toHaveLength(1);
  });
});

describe('what was given up', () => {
  async function giveUp(): Promise<Rig> {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      rig.arm.writeReplies.push(new ArmError('ARM_FORBIDDEN', 'no'));
      await review(rig);
      rig.clock.advance(2 * day);
    }
    expect(rig.ledger.ofKind('abandoned')).toHaveLength(1);
    return rig;
  }

  test('is left alone by reviews', async () => {
    const rig = await giveUp();
    await review(rig);
    expect(written(rig)).toHaveLength(6);
  });

  test('is tried once more when a person puts it back, and who did it is on record', async () => {
    const rig = await giveUp();
    await requestRetry(rig, rig.target, 'alice');
    await settle(rig);
    expect(written(rig)).toHaveLength(7);
    expect(rig.operation('one')).toMatchObject({ state: 'applied', attempt: 7 });
    expect(rig.ledger.ofKind('returned')).toMatchObject([
      { target: rig.target.id, reason: 'alice requested a retry: the target is reviewed again' },
    ]);
  });

  test('a put-back request is answered even when a review began after it was sent', async () => {
    const rig = await giveUp();
    await requestRetry(rig, rig.target, 'alice');
    rig.clock.advance(5);
    await review(rig, { hintedAt: '2027-01-01T00:00:00Z' });
    await settle(rig);
    expect(written(rig)).toHaveLength(7);
  });

  test('if the extra attempt fails, it is given up again', async () => {
    const rig = await giveUp();
    rig.arm.writeReplies.push(new ArmError('ARM_FORBIDDEN', 'no'));
    await requestRetry(rig, rig.target, 'alice');
    await rig.run(day / 100);
    expect(written(rig)).toHaveLength(7);
    expect(rig.operation('one')).toMatchObject({ state: 'abandoned', attempt: 7 });
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
