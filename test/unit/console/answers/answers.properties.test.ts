import fc from 'fast-check';
import type { AuditRecord } from '../../../../src/audit/audit-record';
import type { ConnectionView } from '../../../../src/console/api';
import { ConsoleError } from '../../../../src/console/http/message';
import { answerEffects } from '../../../../src/policy/answers/answer-policy';
import {
  ada,
  bob,
  type ConsoleRig,
  createConsoleRig,
  person,
  policyLoad,
} from '../../../support/console/console-rig';

const eve = 'eeeeeeee-0000-4000-8000-000000000005';
const group = 'cccccccc-0000-4000-8000-000000000003';
const people = [person(ada), person(bob, { groups: new Set([group]) }), person(eve, { groups: undefined })];
const rule = (name: string, when: string, console = '') =>
  `  - { name: ${name}, effect: hold, when: '${when}'${console} }\n`;

const policies = [
  `console: { approve: [role], reject: [${ada}] }\n`,
  `console: { approve: [${ada}, ${group}], reject: [role], delete: [role] }\nrules:\n${rule('two', 'connection.name == "a"', ', console: { needed: 2 }')}`,
  `console: { approve: [role], reject: [role] }\nrules:\n${rule('never', 'connection.name == "a"', ', console: never')}${rule('own', 'connection.name == "b"', `, console: { approve: [${bob}], reject: [] }`)}`,
  `console: { approve: [role], reject: [role] }\nlimits: { rejects: { perHour: 9 } }\nrules:\n  - { name: no, effect: reject, when: 'connection.name == "b"' }\n`,
  'rules: []\n',
];
const loads = policies.map((text) => policyLoad(text));

const name = fc.constantFrom('a', 'b');
const who = fc.constantFrom(...people);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('look' as const), name, who }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      name,
      who,
      effect: fc.constantFrom(...answerEffects),
      bend: fc.constantFrom('', '', '', 'decisionId', 'seen'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('withdraw' as const), name, who }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('policy' as const), index: fc.nat(policies.length - 1) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('message' as const), name, text: fc.constantFrom('x', 'y') }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('again' as const), name }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('run' as const), seconds: fc.constantFrom(1, 20, 120, 90_000) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('review' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Every write that no rule wanted has its answers behind it, by people who were allowed. */
function checkWrites(rig: ConsoleRig): void {
  const { records } = rig.ledger;
  for (const write of rig.arm.writes) {
    const decided = records.filter(
      ({ kind, effect, connection }) =>
        kind === 'decided' && effect === write.effect && connection === write.connection.id.id,
    );
    expect(decided.length).toBeGreaterThan(0);
  }
  for (const decided of records.filter(({ kind, by }) => kind === 'decided' && by !== undefined)) {
    const load = loads.find(({ policy }) => policy.digest === decided.policyDigest);
    const names = (decided.by ?? '').split(' and ');
    const given = records.filter(
      ({ kind, answers, effect }) =>
        kind === 'answered' && answers === decided.answers && effect === decided.effect,
    );
    for (const each of names) expect(given.some(({ by }) => by?.startsWith(each.slice(0, -1)))).toBe(true);
    expect(new Set(names).size).toBe(names.length);
    checkPolicy(load!.policy, decided, names);
  }
}

/** What the texts of the policies above say, told again by hand. */
function checkPolicy(
  { digest }: { readonly digest: string },
  decided: AuditRecord,
  names: readonly string[],
): void {
  const index = loads.findIndex(({ policy }) => policy.digest === digest);
  const connection = decided.connection?.endsWith('/a') === true ? 'a' : 'b';
  const ids = names.map((each) => /\(([^)]*)\)$/.exec(each)?.[1] ?? '');
  const { effect } = decided;
  switch (index) {
    case 0:
      return expect(effect === 'approve' || (effect === 'reject' && ids.join() === ada)).toBe(true);
    case 1:
      if (effect === 'approve') expect(ids).not.toContain(eve);
      return expect(ids).toHaveLength(connection === 'a' ? 2 : 1);
    case 2:
      return expect([connection, effect, ids.join()]).toEqual(['b', 'approve', bob]);
    case 3:
      return expect(connection).toBe('a');
    default:
      throw new Error('a policy that lets nobody answer was answered');
  }
}

/** Every answer that was taken ends: carried out, void, or taken back. */
function checkEnds(rig: ConsoleRig): void {
  const { records } = rig.ledger;
  for (const answered of records.filter(({ kind }) => kind === 'answered')) {
    const oid = answered.id.split('|')[2] ?? '';
    const ends = records.filter(
      ({ kind, answers, by }) =>
        answers === answered.answers &&
        (kind === 'decided' || kind === 'lapsed' || kind === 'withdrawn') &&
        by?.includes(oid) === true,
    );
    expect(ends.length).toBeGreaterThan(0);
  }
  for (const row of rig.operations.rows(rig.target)) expect(row.answer).toBeUndefined();
}

async function take(rig: ConsoleRig, seen: Map<string, ConnectionView>, todo: Step): Promise<void> {
  switch (todo.do) {
    case 'look':
      return void seen.set(`${todo.name}${todo.who.oid}`, await rig.look(todo.name, todo.who));
    case 'answer': {
      const view = seen.get(`${todo.name}${todo.who.oid}`);
      if (view === undefined) return;
      const bent = todo.bend === '' ? {} : { [todo.bend]: '0'.repeat(32) };
      await rig.answer(view, todo.who, { effect: todo.effect, confirm: true, ...bent });
      expect(todo.bend).toBe('');
      return;
    }
    case 'withdraw': {
      const view = seen.get(`${todo.name}${todo.who.oid}`);
      return view === undefined ? undefined : rig.withdraw(view, todo.who);
    }
    case 'policy':
      return void (rig.load.current = loads[todo.index]!);
    case 'message':
      rig.arm.change(todo.name, { message: todo.text });
      return;
    case 'again':
      return void rig.arm.seed({ name: todo.name });
    case 'run':
      return rig.run(todo.seconds);
    case 'review':
      return rig.review();
  }
}

test('whatever people, requesters and authors do, no answer writes what the policy refuses them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const rig = createConsoleRig(policies[0]);
      for (const each of ['a', 'b']) rig.arm.seed({ name: each });
      await rig.review();
      const seen = new Map<string, ConnectionView>();
      for (const todo of steps) {
        try {
          await take(rig, seen, todo);
        } catch (error) {
          if (!(error instanceof ConsoleError)) throw error;
        }
        checkWrites(rig);
      }
      await rig.run(600);
      rig.clock.advance(25 * 60 * 60);
      await rig.review(600);
      rig.clock.advance(25 * 60 * 60);
      await rig.review(600);
      checkWrites(rig);
      checkEnds(rig);
    }),
    { numRuns: 150 },
  );
});
