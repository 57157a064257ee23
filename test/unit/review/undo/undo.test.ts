import { PosternError } from '../../../../src/base/errors';
import { runTool } from '../../../support/rigs/cli';
import { createUndoRig, mended, wrongPolicy } from '../../../support/rigs/undo-rig';

type UndoRig = ReturnType<typeof createUndoRig>;

const kinds = (rig: UndoRig, name: string): readonly string[] =>
  rig.ledger.records.filter(({ connection = '' }) => connection.endsWith(`/${name}`)).map(({ kind }) => kind);

async function approved(policy?: string): Promise<UndoRig> {
  const rig = createUndoRig(policy);
  await rig.approve('one', 'two');
  expect([await rig.status('one'), await rig.status('two')]).toEqual(['Approved', 'Approved']);
  return rig;
}

describe('postern undo', () => {
  test('a standby takes back at once what it has approved itself', async () => {
    const rig = createUndoRig(wrongPolicy(), { standbyAfterSeconds: 3600 });
    await rig.approve('one');
    await rig.run(3600);
    expect(await rig.status('one')).toBe('Approved');
    expect((await rig.undo('--since', '2h')).exitCode).toBe(0);
    await rig.run(300);
    expect(await rig.status('one')).toBe('Rejected');
  });

  test('lists what a rule has approved and what would follow, and changes nothing', async () => {
    const rig = await approved();
    const before = rig.ledger.records.length;
    const { exitCode, output, errors } = await rig.tool();
    expect([exitCode, errors]).toEqual([1, []]);
    expect(output[0]).toMatch(/^2 connections decided by wrong since 2026-/);
    expect(output).toContain('Approved, can be taken back: 2');
    expect(output.join(' ')).toContain('wrong is still in force. It approves new requests');
    expect(output.join(' ')).toContain('The policy does not limit revocations.');
    expect(output).toContain('  would be rejected: traffic ends');
    expect(output.at(-1)).toBe('To take 2 approvals back, run the same with --yes');
    for (const line of output.filter((each) => !each.includes('/providers/')))
      expect(line.length).toBeLessThanOrEqual(80);
    await rig.run(300);
    expect(rig.ledger.records).toHaveLength(before);
    expect(rig.arm.writes).toHaveLength(2);
  });

  test('with --yes the app takes the approvals back, and the ledger says who asked', async () => {
    const rig = await approved();
    const { exitCode, output } = await rig.undo('--reason', 'a typing error');
    expect(exitCode).toBe(0);
    expect(output).toContain('Asked the app to take 2 approvals of wrong back.');
    expect(output.join(' ')).toContain('wrong is still in force.');
    expect(rig.arm.writes).toHaveLength(2);
    await rig.run(600);
    expect([await rig.status('one'), await rig.status('two')]).toEqual(['Rejected', 'Rejected']);
    expect(kinds(rig, 'one')).toEqual(['decided', 'applied', 'answered', 'decided', 'applied']);
    const records = rig.ledger.records.filter(({ connection = '' }) => connection.endsWith('/one'));
    expect(records[2]).toMatchObject({
      effect: 'reject',
      by: 'alice (operator)',
      answers: records[0]?.decisionId,
      reason: 'takes back what rule wrong approved: a typing error',
    });
    expect(records[3]).toMatchObject({
      effect: 'reject',
      status: 'Approved',
      rules: [],
      by: 'alice (operator)',
    });
    expect(rig.arm.writes.at(-1)?.description).toContain('by a person');
    expect(rig.arm.writes.at(-1)?.description).not.toContain('alice');
  });

  test('twice asks once, and writes once', async () => {
    const rig = await approved();
    await rig.undo();
    const second = await rig.undo();
    expect(second.output.slice(-3, -1)).toEqual([
      'Asked the app to take 0 approvals of wrong back.',
      '2 had been asked for before.',
    ]);
    await rig.run(600);
    expect(rig.arm.writes).toHaveLength(4);
    const third = await rig.undo();
    expect(third).toMatchObject({ exitCode: 0 });
    await rig.run(600);
    expect(rig.arm.writes).toHaveLength(4);
    expect((await rig.tool()).output).toContain('Not Approved any more: 2');
  });

  test('what was decided again since is not touched', async () => {
    const rig = await approved();
    // Somebody rejects one and approves it again in the portal.
    for (const status of ['Rejected', 'Approved']) {
      rig.arm.seed({ name: 'one', status });
      await rig.takeRequest(rig.request());
      await rig.run(60);
    }
    const { output } = await rig.tool();
    expect(output).toContain('Approved by a person or another decision; not touched: 1');
    await rig.undo();
    await rig.run(600);
    expect([await rig.status('one'), await rig.status('two')]).toEqual(['Approved', 'Rejected']);
  });

  test('what a person approved before Postern could is not touched', async () => {
    const rig = createUndoRig();
    // Writes to a target go one at a time; meanwhile a person approves the one that waits for its turn.
    rig.arm.appliesWrites = false;
    rig.arm.seed({ name: 'first' });
    rig.arm.seed({ name: 'one' });
    await rig.takeRequest(rig.request());
    rig.arm.seed({ name: 'first', status: 'Approved' });
    rig.arm.seed({ name: 'one', status: 'Approved', message: 'ok by Ito' });
    await rig.run(3_600);
    expect(rig.row('one')?.operation?.state).toBe('superseded');
    expect((await rig.tool('--since', '3h')).output).toContain(
      'Approved by a person or another decision; not touched: 1',
    );
    const { operations } = rig;
    const row = rig.row('one');
    if (row === undefined) throw new Error('no row');
    // Not even if a row says so.
    const given = [
      { oid: 'operator', name: 'x', principals: [], reason: 'x', at: rig.clock.now().toISOString() },
    ];
    const answer = {
      decisionId: row.operation?.decisionId ?? '',
      undoes: 'wrong',
      seen: '',
      effect: 'reject',
      given,
    } as const;
    await operations.save(rig.target, [{ ...row, answer }]);
    await rig.takeRequest(rig.request());
    await rig.run(600);
    expect(rig.arm.writes).toHaveLength(1);
    expect(await rig.status('one')).toBe('Approved');
    expect(rig.ledger.ofKind('lapsed')[0]?.reason).toContain('The connection was decided again since');
  });

  test('what changes between the request and the review is void, and recorded', async () => {
    const rig = await approved();
    await rig.undo();
    rig.arm.seed({ name: 'one', status: 'Rejected' });
    await rig.run(600);
    expect(rig.arm.writes).toHaveLength(3);
    expect(kinds(rig, 'one').slice(2, 4)).toEqual(['answered', 'lapsed']);
  });

  test('the limit of revocations holds what exceeds it until a person lifts it', async () => {
    const rig = await approved(wrongPolicy('limits: {revocations: {perHour: 1}}'));
    expect((await rig.tool()).output.join(' ')).toContain('Limits: revocations 1 per hour.');
    await rig.undo();
    await rig.run(600);
    expect([await rig.status('one'), await rig.status('two')].sort()).toEqual(['Approved', 'Rejected']);
    expect(rig.ledger.ofKind('limited')).toHaveLength(1);
    const { output } = await rig.tool();
    expect(output).toContain('Asked to be taken back: 1');
    expect(output).toContain('  waits until a person lifts the limit: postern lift revocations --yes');
    await runTool(['lift', 'revocations', '--yes'], { deployment: { ...rig, person: 'bob' } });
    await rig.run(600);
    expect([await rig.status('one'), await rig.status('two')]).toEqual(['Rejected', 'Rejected']);
    expect(rig.ledger.ofKind('answered')).toHaveLength(2);
  });

  test('a rule that holds the connection keeps it', async () => {
    const keeps = '  - {name: keep, effect: hold, on: [Approved], when: connection.name == "one"}\n';
    const rig = await approved(wrongPolicy('', keeps));
    await rig.undo();
    await rig.run(600);
    expect([await rig.status('one'), await rig.status('two')]).toEqual(['Approved', 'Rejected']);
    expect(rig.ledger.ofKind('lapsed')[0]?.reason).toBe(
      'The answer is void. A rule holds the connection: keep',
    );
  });

  test('a rule that would approve again at once is refused, by the tool and by the app', async () => {
    const rig = await approved(wrongPolicy('', '    on: [Pending, Rejected]\n'));
    const refusal =
      'wrong approves Rejected connections, too, so it would approve them again at once: change the policy first';
    expect((await rig.tool()).output.join(' ')).toContain(refusal);
    expect(await rig.undo()).toEqual({ exitCode: 2, output: [], errors: [refusal] });
    // An operator whose policy is another one is not stopped by the tool.
    await rig.undo('--policy', 'none.yaml');
    await rig.run(600);
    expect(rig.arm.writes).toHaveLength(2);
    expect(rig.ledger.ofKind('lapsed').map(({ reason }) => reason)).toEqual(
      Array(2).fill('The answer is void. The policy would approve it again at once, by wrong'),
    );
  });

  test('in audit mode nothing is written, and the request is void', async () => {
    const rig = await approved();
    rig.adopt(mended.replace('enforce', 'audit'));
    await rig.undo();
    await rig.run(600);
    expect(rig.arm.writes).toHaveLength(2);
    expect(rig.ledger.ofKind('lapsed')[0]?.reason).toContain('Postern is in audit mode');
  });

  test('a rule that is gone from the policy is said to approve nothing again', async () => {
    const rig = await approved();
    rig.adopt(mended);
    expect((await rig.tool()).output.join(' ')).toContain(
      'wrong is not in the policy any more, so it approves nothing again.',
    );
    await rig.undo();
    await rig.run(600);
    expect([await rig.status('one'), await rig.status('two')]).toEqual(['Rejected', 'Rejected']);
  });

  test('what another rule approved as well is taken back only with --shared', async () => {
    const rig = await approved(
      wrongPolicy(
        '',
        '  - {name: right, effect: approve, when: connection.name == "one", approvesAnyone: true}\n',
      ),
    );
    const { output } = await rig.tool();
    expect(output).toContain('Approved by other rules, too; taken back only with --shared: 1');
    expect(output.join('\n')).toMatch(/pe-one \(also by right\)$/m);
    await rig.undo();
    await rig.run(600);
    expect(await rig.status('one')).toBe('Approved');
    await rig.undo('--shared');
    await rig.run(600);
    expect(await rig.status('one')).toBe('Rejected');
  });

  test('--delete deletes', async () => {
    const rig = await approved();
    expect((await rig.tool('--delete')).output.join(' ')).toContain('would be deleted: traffic ends');
    await rig.undo('--delete');
    await rig.run(900);
    expect(await rig.status('one')).toBeUndefined();
    expect(rig.ledger.ofKind('applied').filter(({ effect }) => effect === 'delete')).toHaveLength(2);
  });

  test('a write that is under way is left alone', async () => {
    const rig = createUndoRig();
    rig.arm.appliesWrites = false;
    rig.arm.seed({ name: 'one' });
    await rig.takeRequest(rig.request());
    expect((await rig.tool()).output).toContain('A write is under way; run this again later: 1');
    await rig.undo();
    expect(rig.row('one')?.answer).toBeUndefined();
  });

  test('rejections are listed, with what can be done, and never taken back', async () => {
    const rig = createUndoRig(
      wrongPolicy()
        .replace('approve', 'reject')
        .replace(/ +approvesAnyone.*\n/, ''),
    );
    await rig.approve('one');
    const { exitCode, output } = await rig.tool();
    expect(exitCode).toBe(0);
    expect(output).toContain('Rejected; an undo approves nothing: 1');
    expect(output.join(' ').replace(/\s+/g, ' ')).toContain('Key Vault accepts a rejected connection again');
    await rig.undo();
    await rig.run(600);
    expect(rig.arm.writes).toHaveLength(1);
  });

  test('one that fails is tried again, and one that cannot be carried out for a day is void', async () => {
    const rig = await approved();
    rig.arm.seed({ name: 'one', status: 'Approved', provisioningState: 'Updating' });
    await rig.undo();
    await rig.run(25 * 60 * 60);
    rig.arm.seed({ name: 'one', status: 'Approved' });
    await rig.run(60 * 60);
    expect(await rig.status('one')).toBe('Approved');
    expect(rig.ledger.ofKind('lapsed')[0]?.reason).toContain('It was not carried out within 24 hours');
  });

  test('only decisions since the time count', async () => {
    const rig = await approved();
    await rig.run(2 * 60 * 60);
    expect((await rig.tool()).output[0]).toMatch(/^0 connections decided by wrong/);
    expect(await rig.tool('--since', '3h')).toMatchObject({ exitCode: 1 });
    const json = JSON.parse((await rig.tool('--since', '3h', '--json')).output.join('\n')) as object;
    expect(json).toMatchObject({
      rule: 'wrong',
      canBeTakenBack: 2,
      connections: [
        {
          standing: 'approved',
          status: 'Approved',
          effect: 'approve',
          follows: 'would be rejected: traffic ends',
        },
        {},
      ],
    });
  });

  test('a row that cannot be read is reported, and hides nothing else', async () => {
    const rig = await approved();
    const real = rig.ledger.decidedSince.bind(rig.ledger);
    rig.ledger.decidedSince = async function* (since: Date, onUnreadable: (problem: string) => void) {
      onUnreadable('row x y of table ledger: at: Invalid');
      yield* real(since, onUnreadable);
    };
    const { exitCode, output } = await rig.tool();
    expect(exitCode).toBe(1);
    expect(output).toContain('Not read, so not known: row x y of table ledger: at: Invalid');
    expect(output).toContain('Approved, can be taken back: 2');
    rig.operations.load = () =>
      Promise.reject(new PosternError('STORE_UNREADABLE', 'row t of table operations'));
    const blind = await rig.tool();
    expect(blind.output[0]).toMatch(/^0 connections/);
    expect(blind.output.join(' ')).toContain('row t of table operations');
  });

  test('a long list is cut, and whole in JSON', async () => {
    const rig = createUndoRig();
    const names = Array.from({ length: 103 }, (_, index) => `c${index}`);
    for (const name of names) rig.arm.seed({ name });
    await rig.takeRequest(rig.request());
    const { output } = await rig.tool();
    expect(output).toContain('and 3 more; --json lists all');
    const json = JSON.parse((await rig.tool('--json')).output.join('\n')) as { connections: unknown[] };
    expect(json.connections).toHaveLength(103);
  });

  test.each([
    [[], 'pass --rule <name>, as in the policy'],
    [['--rule', 'a b'], '--rule must be the name of a rule: letters, digits, dots, dashes, underscores'],
    [
      ['--rule', "x' or '1' eq '1"],
      '--rule must be the name of a rule: letters, digits, dots, dashes, underscores',
    ],
    [['--rule', 'r'], 'pass --since <time>, such as 2h or 2026-01-31T00:00:00Z'],
    [['--rule', 'r', '--since', '1h', '--reason', ' '], '--reason must not be empty'],
  ])('%j is wrong usage', async (args, message) => {
    const rig = createUndoRig();
    expect(await runTool(['undo', ...args], { deployment: { ...rig, person: 'a' } })).toEqual({
      exitCode: 2,
      output: [],
      errors: [message],
    });
  });

  test('a storage that does not answer is no answer', async () => {
    const rig = await approved();
    rig.ledger.unavailable = true;
    expect(await rig.undo()).toMatchObject({ exitCode: 2 });
    rig.ledger.unavailable = false;
    // The request is in the row: asking again records it, and queues the review.
    expect((await rig.undo()).exitCode).toBe(0);
    await rig.run(600);
    expect([await rig.status('one'), await rig.status('two')]).toEqual(['Rejected', 'Rejected']);
    expect(rig.ledger.ofKind('answered')).toHaveLength(2);
  });
});
