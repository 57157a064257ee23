import fc from 'fast-check';
import {
  answerCondition,
  type Conjunct,
  type Evaluation,
  planConditions,
} from '../../../../src/policy/cel/evaluate';
import { FactView } from '../../../../src/policy/facts/fact-view';
import type { Facts } from '../../../../src/policy/facts/facts';
import {
  connection,
  decideBy,
  endpoint,
  now,
  policyOf,
  policyText,
  problemsOf,
  target,
} from '../../../support/samples/policy';
import { plainEvaluation } from './plain-evaluation';

const lists = { places: ['north', 'east'], owners: ['team-a'], none: [] };

/** Few, so that rules share them; some fail when a fact is absent, in ways that tell which one failed. */
const atoms = [
  'true',
  'connection.message == "yes"',
  "connection.message=='yes'",
  'connection.message.contains("e")',
  'endpoint.location in lists.places',
  'endpoint.location in ["north", "south"]',
  '!(endpoint.location in lists.places)',
  'endpoint.location in [endpoint.name, "north"]',
  'endpoint.name in (consumer.approved > 1 ? lists.places : ["pe-web"])',
  'endpoint.location in lists.none',
  'has(endpoint.location)',
  'has(target.tags.env)',
  'has(target.tags)',
  'target.tags.env == "prod"',
  '(target.tags["env"]) == ("prod")',
  '"env" in target.tags',
  'target.tags.exists(t, t == "env" && target.tags[t] == "prod")',
  'connection.groupIds.exists(g, g == endpoint.name)',
  'connection.groupIds.map(g, endpoint.location)[0] == "north"',
  'lists.places.all(p, p.size() > 4 || endpoint.location == "north")',
  'lists.places.filter(p, p in ["east"]).size() == 1',
  '{"a": endpoint.location}["a"] == "north"',
  'target.tags.env in lists.owners',
  '(endpoint.location + "x") == "northx"',
  '1 / consumer.approved == 1',
  '10 / (consumer.approved - 2) > 0',
  '-consumer.approved < -1',
  'connection.firstSeen < now - duration("1h")',
  'int(connection.message) == 1',
] as const;

const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    { weight: 3, arbitrary: fc.constantFrom<string>(...atoms) },
    { weight: 4, arbitrary: fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `${a} && ${b}`) },
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} && ( ${b} ))`),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} || ${b})`),
    tie('condition').map((inner) => `!(${inner})`),
    fc.tuple(tie('condition'), tie('condition'), tie('condition')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
}));

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 2 });

const facts: fc.Arbitrary<Facts> = fc.record({
  connection: fc
    .record({
      message: fc.constantFrom('yes', '1', ''),
      groupIds: fc.constantFrom([], ['vault'], ['vault', 'pe-web']),
      firstSeen: fc.constantFrom(now, new Date(now.getTime() - 7_200_000)),
    })
    .map((changes) => ({ ...connection, ...changes })),
  endpoint: optional(
    fc
      .record({ location: optional(fc.constantFrom('north', 'south')) })
      .map(({ location }) => ({ ...endpoint, name: 'pe-web', location })),
  ),
  target: optional(fc.constantFrom({}, { env: 'prod' }, { env: 'team-a' })).map((tags) => ({
    ...target,
    tags,
  })),
  consumer: optional(fc.nat(3).map((approved) => ({ pending: 1, approved, rejected: 0, disconnected: 0 }))),
});

test.each(atoms)('%s is a condition', (when) => {
  expect(problemsOf(policyText([{ when }], lists))).toEqual([]);
});

test('each of many rules answers as the CEL library does when it evaluates that condition whole, with the same failures', () => {
  const plainly = plainEvaluation(lists);
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(condition, { minLength: 1, maxLength: 5 }), facts, (conditions, about) => {
      const policy = policyOf(
        policyText(
          conditions.map((when) => ({ when, effect: 'hold' })),
          lists,
        ),
      );
      const answers = decideBy(policy, about).outcomes.map((outcome) =>
        outcome.kind === 'failed' ? outcome.problem : outcome.kind === 'matched',
      );
      answers.forEach((answer) => seen.add(typeof answer === 'string' ? 'failed' : String(answer)));
      expect(answers).toEqual(conditions.map((when) => plainly(when, about, now)));
    }),
    { numRuns: 400 },
  );
  expect([...seen].sort()).toEqual(['failed', 'false', 'true']);
});

const pure = (answer: boolean): Evaluation => ({ kind: 'answered', answer });
const failed = (problem: string): Evaluation => ({ kind: 'failed', problem });

test('whatever is shared and whatever it costs: a false one decides, else the last failure, and nothing is evaluated twice', () => {
  const evaluation = fc.oneof(fc.boolean().map(pure), fc.constantFrom('a', 'b', 'c').map(failed));
  const pool = fc.array(fc.record({ evaluation, steps: fc.integer({ min: 1, max: 500 }) }), {
    minLength: 1,
    maxLength: 6,
  });
  const picks = fc.array(fc.array(fc.nat(5), { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 6 });
  const view = new FactView({ connection, endpoint: undefined, target, consumer: undefined }, now);
  fc.assert(
    fc.property(pool, picks, (entries, conditions) => {
      const asked = new Map<Conjunct, number>();
      const conjuncts = entries.map(({ evaluation: answer, steps }): Conjunct => {
        const conjunct: Conjunct = {
          steps,
          reads: { target: false, endpoint: false },
          evaluate: () => {
            asked.set(conjunct, (asked.get(conjunct) ?? 0) + 1);
            return answer;
          },
        };
        return conjunct;
      });
      const chosen = conditions.map((indices) => indices.map((index) => index % entries.length));
      const plans = planConditions(
        chosen.map((indices) => ({ conjuncts: indices.flatMap((index) => conjuncts[index] ?? []) })),
      );
      const answers: (Evaluation | undefined)[] = [];
      const results = plans.map((plan) => answerCondition(plan, view, answers));
      expect(results).toEqual(
        chosen.map((indices) => {
          const parts = indices.flatMap((index) => entries[index]?.evaluation ?? []);
          const wrong = parts.find((part) => part.kind === 'answered' && !part.answer);
          return wrong ?? parts.filter(({ kind }) => kind === 'failed').at(-1) ?? pure(true);
        }),
      );
      expect(Math.max(...asked.values())).toBe(1);
    }),
    { numRuns: 1_000 },
  );
});

test('what many rules ask is asked first, unless it costs more than it can spare', () => {
  const order: string[] = [];
  const conjunct = (name: string, steps: number): Conjunct => ({
    steps,
    reads: { target: false, endpoint: false },
    evaluate: () => (order.push(name), pure(true)),
  });
  const [rare, common, dear] = [conjunct('rare', 5), conjunct('common', 5), conjunct('dear', 300)];
  const conditions = [[dear, rare, common], [dear, common], [dear]].map((conjuncts) => ({ conjuncts }));
  const [first] = planConditions(conditions);
  answerCondition(first ?? [], new FactView({ connection, endpoint, target, consumer: undefined }, now), []);
  expect(order).toEqual(['common', 'rare', 'dear']);
});
