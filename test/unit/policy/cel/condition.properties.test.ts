import { noReads } from '../../../../src/policy/cel/costly-reads';
import fc from 'fast-check';
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

/** Some fail if a fact is absent, with different messages, so that a test sees which clause failed. */
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

const clause = fc.oneof(
  fc.constantFrom<string>(...atoms),
  fc.constantFrom<string>(...atoms).map((atom) => `!(${atom})`),
  fc
    .tuple(fc.constantFrom<string>(...atoms), fc.constantFrom<string>(...atoms))
    .map(([a, b]) => `(${a} || ${b})`),
);

/** The same clauses in one condition, with brackets and comments in different places. */
const joins: readonly ((clauses: readonly string[]) => string)[] = [
  (clauses) => clauses.join(' && '),
  (clauses) => clauses.join(" // it's (\n && "),
  (clauses) => clauses.reduceRight((rest, one) => `${one} && (${rest})`),
];

test('a rule stays open until one of its clauses that read no costly fact is false', () => {
  const plainly = plainEvaluation(lists);
  const isCostly = (text: string): boolean => /endpoint\.location|target\.tags/.test(text);
  const seen = new Map<boolean, number>();
  fc.assert(
    fc.property(
      fc.array(clause, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(...joins),
      facts,
      (parts, join, about) => {
        const known: Facts = {
          ...about,
          endpoint: about.endpoint && { ...about.endpoint, location: undefined, tags: undefined },
          target: { ...about.target, tags: undefined },
        };
        const policy = policyOf(policyText([{ when: join(parts), effect: 'hold' }], lists));
        const open = policy.leavesOpen(known, now);
        const isClosed = parts.some((part) => !isCostly(part) && plainly(part, known, now) === false);
        const costly = isClosed ? [] : parts.filter(isCostly);
        seen.set(isClosed, (seen.get(isClosed) ?? 0) + 1);
        expect(open).toEqual({
          ...noReads,
          target: costly.some((part) => part.includes('target.tags')),
          endpoint: costly.some((part) => part.includes('endpoint.location')),
        });
      },
    ),
    { numRuns: 600 },
  );
  const [closed = 0, open = 0] = [seen.get(true), seen.get(false)];
  expect(Math.min(closed, open) / (closed + open)).toBeGreaterThan(1 / 12);
});
