import { sampleOperation } from '../../../../dev/lib/samples';
import { PosternError } from '../../../../src/base/errors';
import {
  ada,
  bob,
  type ConsoleRig,
  createConsoleRig,
  openPolicy,
  person,
  reason,
} from '../../../support/console/console-rig';

const name = 'pe-1';
const refuses = (code: string) => ({ name: 'ConsoleError', code });

async function held(policy = openPolicy): Promise<ConsoleRig> {
  const rig = createConsoleRig(policy);
  rig.arm.seed({ name, message: 'For payments' });
  await rig.review();
  expect(rig.row(name)).toMatchObject({ status: 'Pending' });
  return rig;
}

const writes = (rig: ConsoleRig): number => rig.arm.writes.length;

test('an answer is carried out, and the ledger says whose it was', async () => {
  const rig = await held();
  const seen = await rig.look(name);
  expect(seen).toMatchObject({
    effect: 'hold',
    may: { approve: { ok: true } },
    connection: { message: 'For payments' },
  });
  expect(await rig.answer(seen)).toEqual({ state: 'taken' });
  expect(writes(rig)).toBe(0);
  await rig.run(120);
  expect(rig.kinds()).toEqual(['decided', 'answered', 'decided', 'applied']);
  const [, answered, decided, applied] = rig.ledger.records;
  expect(answered).toMatchObject({
    effect: 'approve',
    decisionId: seen.decisionId,
    answers: seen.decisionId,
    reason,
    by: `Ada (${ada}, token token-of-Ada)`,
    message: 'For payments',
  });
  const who = { by: `Ada (${ada})`, answers: seen.decisionId, rules: [], effect: 'approve' };
  expect(decided).toMatchObject({ ...who, reason: `Ada approved: ${reason}` });
  expect(applied).toMatchObject(who);
  expect(rig.arm.writes[0]?.description).toMatch(
    /^For payments \[Postern approved: by a person; [0-9a-f]{8}\]$/,
  );
  expect(rig.row(name)).toMatchObject({ status: 'Approved' });
  expect(rig.row(name)?.answer).toBeUndefined();
});

test('a rejection must be confirmed, and counts against the limit of rejections', async () => {
  const rig = await held(`limits: { rejects: { perHour: 0 } }\n${openPolicy}`);
  const seen = await rig.look(name);
  await expect(rig.answer(seen, person(ada), { effect: 'reject', confirm: false })).resolves.toBeDefined();
  await rig.run(60);
  expect(rig.kinds()).toEqual(['decided', 'answered', 'decided', 'limited']);
  expect(writes(rig)).toBe(0);
});

test('what cannot be undone must be confirmed', async () => {
  const rig = createConsoleRig(openPolicy, {
    target:
      '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/shared/providers/Microsoft.ApiManagement/service/apim-shared',
  });
  rig.arm.seed({ name });
  await rig.review();
  const seen = await rig.look(name);
  expect(seen.final).toEqual({ reject: true, delete: true });
  const reject = { effect: 'reject' } as const;
  await expect(rig.answer(seen, person(ada), reject)).rejects.toMatchObject(refuses('NOT_CONFIRMED'));
  expect(await rig.answer(seen, person(ada), { ...reject, confirm: true })).toEqual({ state: 'taken' });
});

test('an approval of a person can have an end', async () => {
  const rig = await held();
  const until = new Date(rig.clock.now().getTime() + 3_600_000).toISOString();
  await rig.answer(await rig.look(name), person(ada), { until });
  await rig.run(120);
  const [applied] = rig.ledger.ofKind('applied');
  const ends = Date.parse(applied?.expiresAt ?? '');
  expect(Math.abs(ends - Date.parse(until))).toBeLessThan(2_000);
  expect(rig.row(name)?.approval?.endsAt).toBe(applied?.expiresAt);
});

test.each<[string, string]>([
  ['before its shortest time', '2026-01-05T12:00:30Z'],
  ['in the past', '2020-01-01T00:00:00Z'],
  ['in a century', '2126-01-01T00:00:00Z'],
])('an approval cannot end %s', async (_, until) => {
  const rig = await held();
  await expect(rig.answer(await rig.look(name), person(ada), { until })).rejects.toMatchObject(
    refuses('BAD_REQUEST'),
  );
});

test.each([
  ['short', 'too short'],
  ['blank', '             '],
  ['long', 'x'.repeat(501)],
  ['in two lines', 'reason one\nreason two'],
  ['with hidden letters', 'a good reason\u202e'],
])('a reason that is %s is refused', async (_, text) => {
  const rig = await held();
  const seen = await rig.look(name);
  await expect(rig.answer(seen, person(ada), { reason: text })).rejects.toMatchObject(
    refuses('REASON_MISSING'),
  );
  expect(rig.row(name)?.answer).toBeUndefined();
});

test('the policy’s pattern must be in the reason', async () => {
  const rig = await held("console: { approve: [role], reasonPattern: 'CHG[0-9]{7}' }\n");
  const seen = await rig.look(name);
  expect(seen.reasonPattern).toBe('CHG[0-9]{7}');
  await expect(rig.answer(seen, person(ada), { reason: 'no number at all' })).rejects.toMatchObject(
    refuses('REASON_MISSING'),
  );
  expect(await rig.answer(seen)).toEqual({ state: 'taken' });
});

test('a page that shows something else never decides', async () => {
  const rig = await held();
  const seen = await rig.look(name);
  const bent = [{ decisionId: 'f'.repeat(32) }, { seen: 'f'.repeat(32) }];
  for (const changes of bent) {
    const answering = rig.answer(seen, person(ada), changes);
    await expect(answering).rejects.toMatchObject({
      ...refuses('STALE'),
      details: { view: { decisionId: seen.decisionId } },
    });
  }
  rig.arm.seed({ name, message: 'For somebody else' });
  rig.clock.advance(16);
  await expect(rig.answer(seen)).rejects.toMatchObject(refuses('STALE'));
  await rig.run(60);
  expect(writes(rig)).toBe(0);
});

test.each<[string, (rig: ConsoleRig) => void, RegExp]>([
  ['the policy', (rig) => rig.adopt(`${openPolicy}# changed\n`), /question has changed/],
  [
    'the policy’s mind',
    (rig) => rig.adopt(`${openPolicy}rules: [{name: a, effect: hold, when: "true"}]\n`),
    /question has changed/,
  ],
  ['the mode', (rig) => rig.adopt(openPolicy, 'audit'), /audit mode/],
  ['the message', (rig) => rig.arm.seed({ name, message: 'Another' }), /question has changed/],
  ['who may answer', (rig) => rig.adopt('console: { approve: [] }\n'), /question has changed/],
])('if %s changes before the review, the answer is void', async (_, change, why) => {
  const rig = await held();
  await rig.answer(await rig.look(name));
  change(rig);
  await rig.run(60);
  expect(writes(rig)).toBe(0);
  expect(rig.ledger.ofKind('lapsed')).toMatchObject([
    { by: `Ada (${ada})`, reason: expect.stringMatching(why) },
  ]);
  expect(rig.row(name)?.answer).toBeUndefined();
});

test('if the policy itself decides by then, its decision counts', async () => {
  const rig = await held();
  await rig.answer(await rig.look(name));
  rig.adopt(
    `${openPolicy}limits: { rejects: { perHour: 9 } }\nrules: [{name: no, effect: reject, when: "true"}]\n`,
  );
  await rig.run(60);
  expect(rig.ledger.ofKind('lapsed')).toMatchObject([
    { reason: expect.stringContaining('itself decides to reject') },
  ]);
  expect(rig.arm.writes.map(({ effect }) => effect)).toEqual(['reject']);
});

test('what the rules read is part of the question: a changed tag makes an answer void', async () => {
  const rig = createConsoleRig(
    `${openPolicy}rules: [{name: a, effect: hold, when: 'has(endpoint.tags) && has(endpoint.tags.owner) && endpoint.tags.owner != "x"'}]\n`,
  );
  const { endpoint } = rig.arm.seed({ name });
  const tag = (owner: string): void =>
    void rig.arm.endpoints.set(endpoint!.id.toLowerCase(), { targetIds: [], tags: { owner } } as never);
  tag('one');
  await rig.review();
  const seen = await rig.look(name);
  expect(seen.rules[0]?.saw).toEqual(expect.arrayContaining([{ fact: 'endpoint.tags.owner', value: 'one' }]));
  await rig.answer(seen);
  tag('two');
  await rig.run(60);
  expect(writes(rig)).toBe(0);
  expect(rig.ledger.ofKind('lapsed')).toMatchObject([{ reason: expect.stringContaining('rules read') }]);
});

test('what the ledger calls void is not carried out, although the question turns back before the row has it', async () => {
  const rig = createConsoleRig(
    `${openPolicy}rules: [{name: a, effect: hold, when: 'has(endpoint.tags) && has(endpoint.tags.owner) && endpoint.tags.owner != "x"'}]\n`,
  );
  const { endpoint } = rig.arm.seed({ name });
  const tag = (owner: string): void =>
    void rig.arm.endpoints.set(endpoint!.id.toLowerCase(), { targetIds: [], tags: { owner } } as never);
  tag('one');
  await rig.review();
  await rig.answer(await rig.look(name));
  tag('two');
  const save = rig.operations.save.bind(rig.operations);
  rig.operations.save = (...what) =>
    rig.kinds().includes('lapsed') ? Promise.reject(new Error('killed')) : save(...what);
  await expect(rig.run(60)).rejects.toThrow('killed');
  rig.operations.save = save;
  tag('one');
  await rig.review(600);
  expect(writes(rig)).toBe(0);
  expect(rig.kinds().filter((kind) => kind === 'lapsed')).toHaveLength(1);
  expect(rig.row(name)?.answer).toBeUndefined();
});

test('an answer does not count again, although a status turns back that the ledger has made it void for', async () => {
  const rig = await held();
  await rig.answer(await rig.look(name));
  rig.arm.seed({ name, status: 'Disconnected', message: 'For payments' });
  const save = rig.operations.save.bind(rig.operations);
  rig.operations.save = (...what) =>
    rig.kinds().includes('lapsed') ? Promise.reject(new Error('killed')) : save(...what);
  await expect(rig.run(60)).rejects.toThrow('killed');
  rig.operations.save = save;
  rig.arm.seed({ name, message: 'For payments' });
  await rig.review(600);
  expect(writes(rig)).toBe(0);
});

test('an answer is not taken once a write has begun since the page was read', async () => {
  const rig = await held();
  const seen = await rig.look(name);
  await rig.answer(seen);
  await rig.withdraw(seen);
  // Between the question and the row that takes the answer, a new policy begins a write.
  const get = rig.operations.get.bind(rig.operations);
  rig.operations.get = async (id) => {
    const row = await get(id);
    return row && { ...row, operation: { ...sampleOperation(), state: 'running' } };
  };
  await expect(rig.answer(seen)).rejects.toMatchObject(refuses('ANSWERED'));
  expect(rig.ledger.ofKind('answered')).toHaveLength(1);
});

test('somebody who changes the connection elsewhere makes the answer void', async () => {
  const rig = await held();
  await rig.answer(await rig.look(name));
  rig.arm.seed({ name, status: 'Rejected' });
  await rig.run(60);
  expect(writes(rig)).toBe(0);
  expect(rig.kinds()).toEqual(['decided', 'answered', 'lapsed', 'superseded']);
});

test('a connection that goes away makes the answer void', async () => {
  const rig = await held();
  await rig.answer(await rig.look(name));
  rig.arm.remove(name);
  await rig.run(600);
  expect(rig.kinds()).toEqual(['decided', 'answered', 'lapsed', 'superseded']);
});

test('an answer that nothing carries out is void after a day', async () => {
  const rig = await held(
    `console: { approve: [role] }\nrules: [{name: two, effect: hold, when: "true", console: {needed: 2}}]\n`,
  );
  expect(await rig.answer(await rig.look(name))).toEqual({ state: 'waits for a second person' });
  await rig.run(60);
  expect(rig.row(name)?.answer?.given).toHaveLength(1);
  rig.clock.advance(24 * 60 * 60);
  expect(rig.kinds()).toEqual(['decided', 'answered']);
  await rig.review();
  expect(rig.ledger.ofKind('lapsed')).toMatchObject([{ reason: expect.stringContaining('24 hours') }]);
  expect(rig.row(name)?.answer).toBeUndefined();
  expect(writes(rig)).toBe(0);
});

const two = `console: { approve: [role], reject: [role] }\nrules: [{name: two, effect: hold, when: "true", console: {needed: 2}}]\n`;

test('two people must agree where the policy wants two', async () => {
  const rig = await held(two);
  const seen = await rig.look(name);
  expect(await rig.answer(seen)).toEqual({ state: 'waits for a second person' });
  await rig.run(60);
  expect(writes(rig)).toBe(0);
  const after = await rig.look(name, person(bob));
  expect(after).toMatchObject({
    decisionId: seen.decisionId,
    answer: { needed: 2, state: 'waits for a second person', answers: [{ name: 'Ada', mine: false }] },
  });
  await expect(rig.answer(after, person(bob), { effect: 'reject' })).rejects.toMatchObject(
    refuses('ANSWERED'),
  );
  expect(await rig.answer(after, person(bob), { reason: 'I agree with Ada' })).toEqual({ state: 'taken' });
  await rig.run(120);
  expect(rig.ledger.ofKind('applied')).toMatchObject([{ by: `Ada (${ada}) and Bob (${bob})` }]);
});

test('one person never counts twice', async () => {
  const rig = await held(two);
  const seen = await rig.look(name);
  await rig.answer(seen);
  expect(await rig.answer(seen)).toEqual({ state: 'waits for a second person' });
  await expect(rig.answer(seen, person(ada), { reason: 'another good reason' })).rejects.toMatchObject(
    refuses('ANSWERED'),
  );
  await rig.run(60);
  expect(writes(rig)).toBe(0);
  expect(rig.ledger.ofKind('answered')).toHaveLength(1);
});

test('a double click is one answer', async () => {
  const rig = await held();
  const seen = await rig.look(name);
  const replies = await Promise.all([rig.answer(seen), rig.answer(seen)]);
  expect(replies).toEqual([{ state: 'taken' }, { state: 'taken' }]);
  expect(await rig.answer(seen)).toEqual({ state: 'taken' });
  await rig.run(120);
  expect(rig.ledger.ofKind('answered')).toHaveLength(1);
  expect(writes(rig)).toBe(1);
});

test('the same answer again finishes what a dead process left undone', async () => {
  const rig = await held();
  const seen = await rig.look(name);
  const append = jest.spyOn(rig.ledger, 'append').mockRejectedValueOnce(new Error('the process died'));
  await expect(rig.answer(seen)).rejects.toThrow('the process died');
  append.mockRestore();
  await rig.run(60);
  expect(rig.kinds()).toEqual(['decided']);
  expect(await rig.answer(seen)).toEqual({ state: 'taken' });
  await rig.run(120);
  expect(rig.kinds()).toEqual(['decided', 'answered', 'decided', 'applied']);
});

test('taking an answer back again finishes what a dead process left undone', async () => {
  const rig = await held(
    `${openPolicy}rules: [{name: two, effect: hold, when: "true", console: {needed: 2}}]\n`,
  );
  const seen = await rig.look(name);
  await rig.answer(seen);
  await rig.run(60);
  const append = jest.spyOn(rig.ledger, 'append').mockRejectedValueOnce(new Error('the process died'));
  await expect(rig.withdraw(seen)).rejects.toThrow('the process died');
  append.mockRestore();
  await expect(rig.withdraw(seen, person(bob))).rejects.toMatchObject(refuses('NOT_HELD'));
  await rig.withdraw(seen);
  await rig.run(60);
  expect(rig.kinds()).toEqual(['decided', 'answered', 'withdrawn']);
  await expect(rig.withdraw(seen)).rejects.toMatchObject(refuses('NOT_HELD'));
});

test('of two people who answer at once, one wins', async () => {
  const rig = await held();
  const seen = await rig.look(name);
  const results = await Promise.allSettled([
    rig.answer(seen),
    rig.answer(seen, person(bob), { effect: 'reject' }),
  ]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  await rig.run(120);
  expect(writes(rig)).toBe(1);
  expect(rig.ledger.ofKind('answered')).toHaveLength(1);
});

test.each<[string, string, Parameters<typeof person>[1], string]>([
  ['nobody is named', 'console: {}\n', {}, 'NOT_YOURS'],
  ['there is no console', 'rules: []\n', {}, 'NOT_YOURS'],
  ['somebody else is named', `console: { approve: [${bob}] }\n`, {}, 'NOT_YOURS'],
  ['the groups are unknown', `console: { approve: [${bob}] }\n`, { groups: undefined }, 'NOT_YOURS'],
  [
    'a rule says never',
    `${openPolicy}rules: [{name: a, effect: hold, when: "true", console: never}]\n`,
    {},
    'NEVER',
  ],
  ['the role is missing', openPolicy, { roles: new Set(['Postern.Viewer'] as const) }, 'FORBIDDEN'],
])('if %s, the answer is refused and the page says why', async (_, policy, changes, code) => {
  const rig = await held(policy);
  const who = person(ada, changes);
  const seen = await rig.look(name, who);
  expect(seen.may.approve).toEqual({ no: expect.stringMatching(/\w/) });
  await expect(rig.answer(seen, who)).rejects.toMatchObject(refuses(code));
  await rig.run(60);
  expect([writes(rig), rig.kinds()]).toEqual([0, ['decided']]);
});

test('a member of a group that the policy names may answer, and the answer counts later', async () => {
  const rig = await held(`console: { approve: [${bob}] }\n`);
  const who = person(ada, { groups: new Set([bob, 'cccccccc-0000-4000-8000-000000000009']) });
  await rig.answer(await rig.look(name, who), who);
  expect(rig.row(name)?.answer?.given[0]?.principals).toEqual([ada, bob]);
  await rig.run(120);
  expect(rig.ledger.ofKind('applied')).toHaveLength(1);
});

test('in audit mode nobody answers', async () => {
  const rig = createConsoleRig();
  rig.adopt(openPolicy, 'audit');
  rig.arm.seed({ name });
  await rig.review();
  await expect(rig.answer(await rig.look(name))).rejects.toMatchObject(refuses('AUDIT_MODE'));
});

test('what Postern has not decided yet cannot be answered', async () => {
  const rig = createConsoleRig();
  rig.arm.seed({ name });
  await expect(rig.answer(await rig.look(name))).rejects.toMatchObject(refuses('NOT_HELD'));
});

test('a Pending connection cannot be deleted, nor anything approved that is not Pending', async () => {
  const rig = await held(
    `${openPolicy}rules: [{name: old, on: [Disconnected], effect: hold, when: "true"}]\n`,
  );
  const remove = { effect: 'delete', confirm: true } as const;
  await expect(rig.answer(await rig.look(name), person(ada), remove)).rejects.toMatchObject(
    refuses('NOT_HELD'),
  );
  rig.arm.seed({ name, status: 'Disconnected' });
  await rig.review();
  rig.clock.advance(16);
  const seen = await rig.look(name);
  expect(seen.may).toMatchObject({ approve: { no: expect.anything() }, delete: { ok: true } });
  await expect(rig.answer(seen)).rejects.toMatchObject(refuses('NOT_HELD'));
  await rig.answer(seen, person(ada), remove);
  await rig.run(300);
  expect(rig.arm.writes.map(({ effect }) => effect)).toEqual(['delete']);
});

test('an answer can be taken back until the write begins', async () => {
  const rig = await held();
  const seen = await rig.look(name);
  await rig.answer(seen);
  await expect(rig.withdraw(seen, person(bob))).rejects.toMatchObject(refuses('NOT_HELD'));
  await rig.withdraw(seen);
  await rig.run(60);
  expect(writes(rig)).toBe(0);
  expect(rig.kinds()).toEqual(['decided', 'answered', 'withdrawn']);
  expect(rig.row(name)?.answer).toBeUndefined();
  await expect(rig.withdraw(seen)).rejects.toMatchObject(refuses('NOT_HELD'));
  rig.clock.advance(16);
  expect(await rig.answer(await rig.look(name))).toEqual({ state: 'taken' });
  await rig.run(120);
  expect(writes(rig)).toBe(1);
  await expect(rig.withdraw(seen)).rejects.toMatchObject(refuses('NOT_HELD'));
});

test('taking an answer back loses nothing that a dead review had stored and not recorded', async () => {
  const rig = await held();
  const seen = await rig.look(name);
  await rig.answer(seen);
  // The review stores the operation with its decision, and the ledger does not take that.
  rig.ledger.unavailable = true;
  await expect(rig.run(1)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  rig.ledger.unavailable = false;
  expect(rig.row(name)?.operation).toMatchObject({ state: 'planned', untold: [{ kind: 'decided' }] });
  await rig.withdraw(seen);
  await rig.run(300);
  expect(writes(rig)).toBe(0);
  expect(rig.ledger.ofKind('decided').map(({ effect }) => effect)).toContain('approve');
  expect(rig.row(name)?.operation?.state).not.toBe('planned');
});

test('an answer that a limit holds can be taken back, and nothing is written then', async () => {
  const rig = await held(`limits: { rejects: { perHour: 0 } }\n${openPolicy}`);
  const seen = await rig.look(name);
  await rig.answer(seen, person(ada), { effect: 'reject' });
  await rig.run(60);
  expect(rig.operation(name)).toMatchObject({ state: 'planned', limit: { state: 'held' } });
  await rig.withdraw(seen);
  await rig.run(60);
  expect(rig.operation(name)).toMatchObject({ state: 'superseded' });
  expect(rig.row(name)?.answer).toBeUndefined();
});

test('one of two people can take an answer back; the other’s stays', async () => {
  const rig = await held(two);
  const seen = await rig.look(name);
  await rig.answer(seen);
  await rig.answer(seen, person(bob));
  await rig.withdraw(seen, person(bob));
  await rig.run(60);
  expect(writes(rig)).toBe(0);
  expect(rig.row(name)?.answer?.given.map(({ oid }) => oid)).toEqual([ada]);
});

test('nothing is written before the ledger has the answer', async () => {
  const rig = await held();
  const seen = await rig.look(name);
  rig.ledger.unavailable = true;
  await expect(rig.answer(seen)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  await expect(rig.takeRequest(rig.request())).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  expect(writes(rig)).toBe(0);
  rig.ledger.unavailable = false;
  await rig.review(300);
  expect(rig.kinds()).toEqual(['decided', 'answered', 'decided', 'applied']);
});

test('an answer whose message is lost is carried out by the next review', async () => {
  const rig = await held();
  const seen = await rig.look(name);
  rig.reviews.put = () => Promise.reject(new PosternError('STORE_UNAVAILABLE', 'away'));
  await expect(rig.answer(seen)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await rig.takeRequest(rig.request());
  expect(writes(rig)).toBe(1);
});

test('a person, and all together, answer only so often in an hour', async () => {
  const rig = createConsoleRig('console: { approve: [role], answersPerHour: { person: 2, all: 3 } }\n');
  const names = ['a', 'b', 'c', 'd'];
  for (const each of names) rig.arm.seed({ name: each });
  await rig.review();
  const [a, b, c, d] = await Promise.all(names.map((each) => rig.look(each)));
  await rig.answer(a!);
  await rig.answer(b!);
  await expect(rig.answer(c!)).rejects.toMatchObject({
    ...refuses('TOO_MANY'),
    details: { retryAfterSeconds: expect.any(Number) },
  });
  await rig.answer(c!, person(bob));
  await expect(rig.answer(d!, person(bob))).rejects.toMatchObject(refuses('TOO_MANY'));
  rig.clock.advance(60 * 60);
  expect(await rig.answer(await rig.look('d'), person(bob))).toEqual({ state: 'taken' });
});

test('an answer that is given again counts when it was given last', async () => {
  const rig = createConsoleRig('console: { approve: [role], answersPerHour: { person: 1, all: 9 } }\n');
  for (const each of ['a', 'b']) rig.arm.seed({ name: each });
  await rig.review();
  const a = await rig.look('a');
  await rig.answer(a);
  await rig.withdraw(a);
  rig.clock.advance(50 * 60);
  await rig.answer(await rig.look('a'));
  rig.clock.advance(20 * 60);
  await expect(rig.answer(await rig.look('b'))).rejects.toMatchObject(refuses('TOO_MANY'));
  rig.clock.advance(40 * 60);
  expect(await rig.answer(await rig.look('b'))).toEqual({ state: 'taken' });
});

test('looking calls ARM once in fifteen seconds, whoever looks, and writes nothing', async () => {
  const rig = await held();
  const before = rig.arm.calls.length;
  await Promise.all([rig.look(name), rig.look(name, person(bob)), rig.look(name)]);
  await rig.look(name);
  expect(rig.arm.calls.length - before).toBe(1);
  rig.clock.advance(15);
  await rig.look(name);
  expect(rig.arm.calls.length - before).toBe(2);
  expect(rig.operations.saves).toHaveLength(1);
});

test('once an operation has ended, the page shows what Azure has then, and ARM is read once for that', async () => {
  const rig = await held();
  await rig.answer(await rig.look(name));
  await rig.run(2);
  await rig.look(name);
  await rig.run(10);
  expect(rig.row(name)?.operation?.state).toBe('applied');
  const before = rig.arm.calls.length;
  const views = await Promise.all([rig.look(name), rig.look(name), rig.look(name, person(bob))]);
  expect(views.map(({ connection }) => connection.status)).toEqual(['Approved', 'Approved', 'Approved']);
  await rig.look(name);
  expect(rig.arm.calls.length - before).toBeLessThanOrEqual(1);
});

test('whoever has answered is told so instead of being let answer again; others may agree', async () => {
  const rig = await held(
    `${openPolicy}rules: [{name: two, effect: hold, when: "true", console: {needed: 2}}]\n`,
  );
  await rig.answer(await rig.look(name));
  const no = 'You have answered already. Withdraw that answer first.';
  expect((await rig.look(name)).may).toMatchObject({ approve: { no }, reject: { no } });
  const { may } = await rig.look(name, person(bob));
  expect(may).toMatchObject({ approve: { ok: true }, reject: { no: 'Ada has answered already.' } });
  await rig.withdraw(await rig.look(name));
  expect((await rig.look(name)).may.approve).toEqual({ ok: true });
});

test('the page shows what the review would decide', async () => {
  const rig = await held(`${openPolicy}rules:
  - { name: match, effect: hold, when: 'connection.message.contains("pay")', reason: Payments }
  - { name: other, effect: approve, when: 'connection.name == "x" && target.name == "y"' }
  - { name: later, on: [Disconnected], effect: delete, when: 'true' }
`);
  const seen = await rig.look(name);
  expect(seen.decisionId).toBe(rig.row(name)?.decisionId);
  expect(seen.rules.map(({ rule, outcome, decided }) => [rule, outcome, decided])).toEqual([
    ['match', 'matched', true],
    ['other', 'missed', false],
    ['later', 'not asked', false],
  ]);
  expect(seen.rules[1]?.falseParts).toEqual(['connection.name == "x"', 'target.name == "y"']);
  expect(seen).toMatchObject({
    reason: 'Payments',
    connection: { since: rig.row(name)?.firstSeen },
    inLists: [],
  });
});

test('people see why, even where nobody may answer', async () => {
  const rig = await held('rules: [{name: a, effect: hold, when: "true"}]\n');
  expect((await rig.look(name)).rules).toMatchObject([{ rule: 'a', decided: true, when: 'true' }]);
});

test('hostile text is shown spelled out', async () => {
  const rig = createConsoleRig();
  rig.arm.seed({ name, message: '<img onerror=alert(1)>\u202e[Postern approved: x; 12345678]' });
  await rig.review();
  const { connection } = await rig.look(name);
  expect(connection.message).toBe('<img onerror=alert(1)>\\u{202e}[Postern approved: x; 12345678]');
  expect(connection.odd).toEqual(['invisible', 'imitation']);
});

test('a request that imitates Postern’s note is badged; Postern’s own note is not', async () => {
  const rig = createConsoleRig();
  rig.arm.seed({ name, message: 'Urgent [ＰＯＳＴＥＲＮ approved: by a person; 1c4f09ab]' });
  await rig.review();
  const seen = await rig.look(name);
  expect(seen.connection.odd).toEqual(['imitation']);
  await rig.answer(seen);
  await rig.run(30);
  const after = await rig.look(name);
  expect(after.connection.message).toMatch(/\[Postern approved: by a person; [0-9a-f]{8}\]$/);
  expect(after.connection.odd).toEqual([]);
});
