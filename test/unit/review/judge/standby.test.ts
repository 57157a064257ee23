import type { ConnectionState } from '../../../../src/operations/operation';
import type { Effect } from '../../../../src/policy/decision';
import type { ConnectionPlan } from '../../../../src/review/judge/connection-plan';
import { judge } from '../../../../src/review/judge/judge-connection';
import type { ReviewInput } from '../../../../src/review/review-job';
import { fakePolicy } from '../../../support/rigs/rig';
import { listed, now, sampleInput } from '../sample-input';

const after = 3600;

/** A standby that reviews one connection again and again. */
class Standby {
  row: ConnectionState | undefined;
  readonly policy = fakePolicy(['Pending', 'Disconnected']);

  constructor(private readonly afterSeconds: number | undefined = after) {
    this.policy.effects.set('one', 'approve');
  }

  wants(effect: Effect): this {
    this.policy.effects.set('one', effect);
    return this;
  }

  /** Reviews the connection `seconds` after the start. */
  at(seconds: number, change: Partial<ReviewInput> = {}, connection = listed()): ConnectionPlan {
    const plan = judge(
      sampleInput({
        policy: this.policy,
        standbyAfterSeconds: this.afterSeconds,
        now: new Date(now.getTime() + seconds * 1000),
        ...change,
      }),
      connection,
      this.row,
    );
    this.row = plan.row ?? this.row;
    return plan;
  }

  /** Reviews the connection every ten minutes, both ends included. */
  every(from: number, to: number): ConnectionPlan {
    let plan = this.at(from);
    for (let seconds = from + 600; seconds <= to; seconds += 600) plan = this.at(seconds);
    return plan;
  }
}

function timeOf(seconds: number): string {
  return new Date(now.getTime() + seconds * 1000).toISOString();
}

describe('a standby', () => {
  test('holds what the policy approves, says until when, and looks again', () => {
    const plan = new Standby().at(0);
    expect(plan.write).toBeUndefined();
    expect(plan.againSeconds).toBe(900);
    expect(plan.records).toMatchObject([
      {
        kind: 'decided',
        effect: 'hold',
        rules: ['rule-approve'],
        reason: `standby: waits until ${timeOf(after)}; then: Because approve`,
      },
    ]);
    expect(plan.records?.[0]?.expiresAt).toBeUndefined();
  });

  test('waits no longer than until its time, and never less than a second', () => {
    const standby = new Standby();
    standby.every(0, 3000);
    expect(standby.at(3500).againSeconds).toBe(100);
    expect(standby.at(3599.9).againSeconds).toBe(1);
  });

  test('acts at its time, not before, and its record says since when it has waited', () => {
    const standby = new Standby();
    expect(standby.every(0, 3000).write).toBeUndefined();
    expect(standby.at(3599).write).toBeUndefined();
    const plan = standby.at(3600);
    expect(plan.write?.operation).toMatchObject({ effect: 'approve', decided: { standbySince: timeOf(0) } });
    expect(plan.againSeconds).toBeUndefined();
  });

  test('writes a decision of its own: it never takes the write of the first one for its own', () => {
    const first = new Standby(undefined).at(0).write?.operation;
    const standby = new Standby();
    standby.every(0, 3000);
    const own = standby.at(3600).write?.operation;
    expect(own?.decisionId).toEqual(expect.stringMatching(/^[0-9a-f]{32}$/));
    expect(own?.decisionId).not.toBe(first?.decisionId);
  });

  test('records its hold once while it waits', () => {
    const standby = new Standby();
    standby.at(0);
    expect(standby.at(600).records).toEqual([]);
    expect(standby.at(1200).records).toEqual([]);
  });

  test('leaves what people and the policy hold as it is', () => {
    const plan = new Standby().wants('hold').at(0);
    expect(plan.records).toMatchObject([{ effect: 'hold', reason: 'No rule matched' }]);
    expect(plan.row?.watch).toBeUndefined();
    expect(plan.againSeconds).toBeUndefined();
  });

  test('only records in audit mode, at once', () => {
    const standby = new Standby();
    standby.policy.mode = 'audit';
    expect(standby.at(0).records).toMatchObject([{ effect: 'approve', mode: 'audit' }]);
  });
});

describe('the wait of a standby begins anew', () => {
  test('if the policy wants something only now: the first one answers that, too', () => {
    const standby = new Standby().wants('hold');
    standby.every(0, 7200);
    standby.wants('approve');
    expect(standby.at(7800).write).toBeUndefined();
    standby.every(8400, 10800);
    expect(standby.at(11399).write).toBeUndefined();
    expect(standby.at(11400).write).toBeDefined();
  });

  test('if the policy wants something else', () => {
    const standby = new Standby();
    standby.every(0, 3000);
    expect(standby.wants('reject').at(3600).write).toBeUndefined();
  });

  test('if the policy held the connection meanwhile', () => {
    const standby = new Standby();
    standby.every(0, 1800);
    standby.wants('hold').at(2400);
    expect(standby.row?.watch).toBeUndefined();
    standby.wants('approve').every(3000, 3600);
    expect(standby.row?.operation).toBeUndefined();
  });

  test('if the standby has not looked for longer than it may: somebody may have answered and asked again', () => {
    const standby = new Standby();
    standby.at(0);
    expect(standby.at(3700).write).toBeUndefined();
    expect(standby.row?.watch?.since).toBe(timeOf(3700));
  });

  test('if the connection was not listed once', () => {
    const standby = new Standby();
    standby.every(0, 3000);
    standby.row = { ...standby.row!, missingSince: timeOf(3100) };
    expect(standby.at(3600).write).toBeUndefined();
    expect(standby.row.watch?.since).toBe(timeOf(3600));
  });

  test('if the connection had another status once', () => {
    const standby = new Standby();
    standby.every(0, 2400);
    standby.at(3000, {}, listed({ status: 'Approved' }));
    expect(standby.at(3600).write).toBeUndefined();
    expect(standby.row?.watch?.since).toBe(timeOf(3600));
  });

  test('if the name belongs to another endpoint', () => {
    const standby = new Standby();
    standby.every(0, 3000);
    expect(
      standby.at(3600, {}, listed({ subscription: '33333333-3333-3333-3333-333333333333' })).write,
    ).toBeUndefined();
  });

  test('if a clock was ahead', () => {
    const standby = new Standby();
    standby.at(7200);
    expect(standby.at(0).write).toBeUndefined();
    expect(standby.row?.watch?.since).toBe(timeOf(0));
  });

  test('after the write was planned: what is planned is given up', () => {
    const standby = new Standby();
    standby.every(0, 3600);
    expect(standby.row?.operation?.state).toBe('planned');
    const plan = standby.at(9000);
    expect(plan.write).toBeUndefined();
    expect(plan.records?.map(({ kind }) => kind)).toContain('superseded');
    expect(standby.row?.operation?.state).toBe('superseded');
  });
});

describe('what is the standby’s own', () => {
  test('ends in time: a timed approval', () => {
    const standby = new Standby();
    const connection = listed({ status: 'Approved' });
    standby.at(0, {}, connection);
    standby.row = { ...standby.row, ...rowOf(standby, connection) };
    const plan = standby.at(600, {}, connection);
    expect(plan.write?.operation).toMatchObject({ effect: 'delete', endsApproval: true });
  });
});

/** Returns the row of a connection that this deployment has approved until a minute after the start. */
function rowOf({ row }: Standby, connection: ReturnType<typeof listed>): ConnectionState {
  const seen = row ?? {
    connection: connection.id,
    endpointKey: connection.endpoint?.key ?? '',
    status: connection.status,
    generation: 1,
    firstSeen: timeOf(0),
  };
  return { ...seen, approval: { endsAt: timeOf(60), rules: ['guests'], proof: 'named' } };
}
