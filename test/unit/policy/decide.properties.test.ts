import fc from 'fast-check';
import { loadPolicy } from '../../../src/policy/compile-policy';
import type { Decision, Effect } from '../../../src/policy/decision';
import type { Facts } from '../../../src/policy/facts/facts';
import type { Policy } from '../../../src/policy/policy';
import { connection, endpoint, now, target } from '../../support/samples/policy';

/** true, false, or unknown: the three-valued logic that CEL's && and || follow. */
type Truth = boolean | 'unknown';

interface Condition {
  readonly text: string;
  readonly truth: (facts: Facts) => Truth;
}

interface Rule {
  readonly name: string;
  readonly effect: Effect;
  readonly on: readonly string[];
  readonly condition: Condition;
  /** Of an approving rule. */
  readonly expireAfterHours: number | undefined;
}

const read = (value: string | undefined, test: (text: string) => boolean): Truth =>
  value === undefined ? 'unknown' : test(value);

const atoms: readonly Condition[] = [
  { text: 'true', truth: () => true },
  { text: 'false', truth: () => false },
  { text: 'connection.message == "yes"', truth: (facts) => facts.connection.message === 'yes' },
  {
    text: 'endpoint.name == "PE-Web"',
    truth: (facts) => read(facts.endpoint?.name, (name) => name === 'pe-web'),
  },
  { text: 'has(endpoint.name)', truth: (facts) => facts.endpoint !== undefined },
  { text: 'has(endpoint.location)', truth: (facts) => facts.endpoint?.location !== undefined },
  {
    text: 'endpoint.location in lists.places',
    truth: (facts) => read(facts.endpoint?.location, (place) => place === 'north'),
  },
  {
    text: 'target.tags.env == "prod"',
    truth: (facts) => read(facts.target.tags?.['env'], (env) => env === 'prod'),
  },
  {
    text: 'consumer.approved >= 2',
    truth: (facts) => (facts.consumer === undefined ? 'unknown' : facts.consumer.approved >= 2),
  },
  {
    text: 'connection.firstSeen < now - duration("1h")',
    truth: (facts) => facts.connection.firstSeen.getTime() < now.getTime() - 3_600_000,
  },
];

function not(inner: Condition): Condition {
  return {
    text: `!(${inner.text})`,
    truth: (facts) => {
      const truth = inner.truth(facts);
      return truth === 'unknown' ? truth : !truth;
    },
  };
}

function both(left: Condition, right: Condition): Condition {
  return {
    text: `(${left.text}) && (${right.text})`,
    truth: (facts) => {
      const truths = [left.truth(facts), right.truth(facts)];
      if (truths.includes(false)) return false;
      return truths.includes('unknown') ? 'unknown' : true;
    },
  };
}

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...atoms),
    tie('condition').map(not),
    fc.tuple(tie('condition'), tie('condition')).map(([left, right]) => both(left, right)),
    fc.tuple(tie('condition'), tie('condition')).map(([left, right]) => {
      const either = not(both(not(left), not(right)));
      return { text: `(${left.text}) || (${right.text})`, truth: either.truth };
    }),
  ),
}));

const allowed: Readonly<Record<Effect, readonly string[]>> = {
  approve: ['Pending', 'Rejected'],
  reject: ['Pending', 'Approved'],
  delete: ['Pending', 'Approved', 'Rejected', 'Disconnected'],
  hold: ['Pending', 'Approved', 'Rejected', 'Disconnected'],
};

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

const rule = fc.constantFrom<Effect>('approve', 'reject', 'delete', 'hold').chain((effect) =>
  fc.record({
    effect: fc.constant(effect),
    on: fc.subarray([...allowed[effect]], { minLength: 1 }),
    condition,
    expireAfterHours: effect === 'approve' ? optional(fc.constantFrom(1, 24, 168)) : fc.constant(undefined),
  }),
);

const rules: fc.Arbitrary<readonly Rule[]> = fc
  .array(rule, { maxLength: 5 })
  .map((list) => list.map((parts, index) => ({ ...parts, name: `rule-${index}` })));

const facts: fc.Arbitrary<Facts> = fc.record({
  connection: fc
    .record({
      status: fc.constantFrom('Pending', 'Pending', 'Approved', 'Rejected', 'Disconnected', 'Odd'),
      message: fc.constantFrom('yes', 'no', ''),
      firstSeen: fc.constantFrom(now, new Date(now.getTime() - 7_200_000)),
    })
    .map((changes) => ({ ...connection, ...changes })),
  endpoint: optional(
    fc
      .record({
        name: fc.constantFrom('pe-web', 'pe-app'),
        location: optional(fc.constantFrom('north', 'south')),
      })
      .map((changes) => ({
        ...endpoint,
        ...changes,
      })),
  ),
  target: fc
    .record({
      type: fc.constantFrom('Microsoft.KeyVault/vaults', 'Microsoft.ApiManagement/service'),
      tags: optional(fc.constantFrom({}, { env: 'prod' }, { env: 'test' })),
    })
    .map((changes) => ({ ...target, ...changes })),
  consumer: optional(
    fc.record({
      pending: fc.constant(1),
      approved: fc.nat(3),
      rejected: fc.constant(0),
      disconnected: fc.constant(0),
    }),
  ),
});

function policyFrom(list: readonly Rule[], files = 1): Policy {
  const parts = Array.from({ length: files }, (_, index) => ({
    path: `${index}.yaml`,
    text: JSON.stringify({
      version: 1,
      ...(index === 0 ? { lists: { places: ['NORTH'] } } : {}),
      rules: list
        .filter((_rule, at) => at % files === index)
        .map(({ name, effect, on, condition: { text }, expireAfterHours }) => ({
          name,
          effect,
          on,
          when: text,
          reason: `because of ${name}`,
          ...(expireAfterHours === undefined ? {} : { approvals: { expireAfter: `${expireAfterHours}h` } }),
        })),
    }),
  }));
  const load = loadPolicy(parts);
  if (load.kind === 'loaded') return load.policy;
  throw new Error(load.problems.map(({ message }) => message).join('\n'));
}

interface Expected {
  readonly effect: Effect;
  readonly rules: string[];
  readonly expireAfterSeconds?: number;
}

/** The rules of precedence once more, slow and obvious. */
function slowly(list: readonly Rule[], about: Facts): Expected | undefined {
  const concerned = list.filter(({ on }) => on.includes(about.connection.status));
  if (concerned.length === 0 && about.connection.status !== 'Pending') return undefined;
  const withTruth = (truth: Truth): Rule[] =>
    concerned.filter((candidate) => candidate.condition.truth(about) === truth);
  const names = (some: readonly Rule[]): string[] => some.map(({ name }) => name).sort();
  const unknown = withTruth('unknown');
  if (unknown.length > 0) return { effect: 'hold', rules: names(unknown) };
  const matching = withTruth(true);
  for (const effect of ['hold', 'delete', 'reject', 'approve'] as const) {
    const winners = matching.filter((candidate) => candidate.effect === effect);
    if (winners.length === 0) continue;
    const final =
      about.connection.status === 'Rejected' && !about.target.type.startsWith('Microsoft.KeyVault/');
    if (effect === 'approve' && final) return { effect: 'hold', rules: names(winners) };
    const ends = winners.flatMap(({ expireAfterHours }) => expireAfterHours ?? []).sort((a, b) => a - b);
    return { effect, rules: names(winners), ...(ends[0] && { expireAfterSeconds: ends[0] * 3_600 }) };
  }
  return { effect: 'hold', rules: [] };
}

function outcomeOf(decision: Decision | undefined): Expected | undefined {
  if (decision === undefined) return undefined;
  const { effect, rules: names, expireAfterSeconds } = decision;
  return { effect, rules: [...names], ...(expireAfterSeconds && { expireAfterSeconds }) };
}

test('every decision is the one that the slow evaluator comes to', () => {
  fc.assert(
    fc.property(rules, facts, (list, about) => {
      expect(outcomeOf(policyFrom(list).decide(about, now))).toEqual(slowly(list, about));
    }),
    { numRuns: 600 },
  );
});

test('a decision depends neither on the order of the rules nor on the files they stand in', () => {
  fc.assert(
    fc.property(rules, facts, fc.integer({ min: 1, max: 3 }), (list, about, files) => {
      const one = policyFrom(list).decide(about, now);
      const other = policyFrom([...list].reverse(), files).decide(about, now);
      expect(other && { ...outcomeOf(other), reason: other.reason }).toEqual(
        one && { ...outcomeOf(one), reason: one.reason },
      );
    }),
    { numRuns: 300 },
  );
});

test('deciding twice gives the same, and changes neither facts nor policy', () => {
  fc.assert(
    fc.property(rules, facts, (list, about) => {
      const policy = policyFrom(list);
      const before = structuredClone(about);
      const first = policy.decide(about, now);
      expect(policy.decide(about, now)).toEqual(first);
      expect(about).toEqual(before);
    }),
    { numRuns: 100 },
  );
});

test('taking knowledge away never turns a hold into anything else, unless the fact was asked for with has()', () => {
  const unasked = rules.filter((list) => list.every(({ condition: { text } }) => !text.includes('has(')));
  fc.assert(
    fc.property(unasked, facts, (list, about) => {
      const policy = policyFrom(list);
      const full = policy.decide(about, now);
      const less = policy.decide(
        { ...about, endpoint: undefined, consumer: undefined, target: { ...about.target, tags: undefined } },
        now,
      );
      if (less !== undefined && less.effect !== 'hold') expect(full?.effect).toBe(less.effect);
    }),
    { numRuns: 300 },
  );
});
