import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPolicy } from '../../src/policy/compile-policy';
import type { Facts } from '../../src/policy/facts/facts';
import { formatProblems } from '../../src/policy/file/format-problems';
import type { Policy, PolicyLoad } from '../../src/policy/policy';
import { createPolicySource } from '../../src/policy/source/policy-source';
import { condition, conditionLists } from '../support/arbitraries/conditions';
import { hostileFacts } from '../support/arbitraries/facts';
import { hostilePieces } from '../support/arbitraries/hostile-text';
import { mutatedText } from '../support/arbitraries/mutated-text';
import { FakeClock } from '../support/fakes';
import { now, policyText } from '../support/samples/policy';
import { createRig } from '../support/rigs/rig';
import { expectHarmless } from './support/expectations';
import { runs } from './support/runs';

const root = join(__dirname, '../..');
const files = ['policies/default.yaml', 'dev/start/policy/demonstration.yaml', 'docs/examples/policy.yaml'];
const rich = policyText(
  [
    { when: 'endpoint.subscriptionId in lists.names || connection.message.matches("^CHG[0-9]+$")' },
    { effect: 'hold', when: 'ticket(connection.message, "CHG[0-9]{7}") && glob(target.name, "kv-*")' },
    { effect: 'delete', on: ['Disconnected'], when: 'connection.firstSeen < now - duration("168h")' },
  ],
  conditionLists,
);
/** One that loads at once. */
const simple = policyText([{ effect: 'hold', when: 'true' }]);
const good = [
  ...files.map((path) => readFileSync(join(root, path), 'utf8')),
  rich,
  JSON.stringify(JSON.parse(rich), null, 2),
];

const piece = fc.oneof(
  fc.constantFrom(...hostilePieces),
  fc.constantFrom(
    ...[
      '\n',
      '\n  ',
      '\n    - ',
      '- ',
      ': ',
      ':',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '|\n',
      '>-\n',
      '# ',
      '\t',
      '\r',
    ],
    ...[
      '&a ',
      '*a',
      '&a [*a, *a]',
      '<<: *a',
      '!!binary ',
      '!!js/function ',
      '!x ',
      '? ',
      '---\n',
      '...\n',
      '%YAML 1.1\n',
    ],
    ...[
      '999999999999999999999999',
      '1e999',
      '.inf',
      '.nan',
      '0x7fffffffffffffff',
      '2026-01-01',
      'yes',
      '~',
      'null',
    ],
    ...[
      'version: 1\n',
      'version: 2\n',
      'mode: enforce\n',
      'rules:\n',
      'lists:\n',
      'limits:\n',
      'effect: approve',
      'when: "true"',
    ],
    ...[
      '__proto__: 1\n',
      'constructor:\n',
      'connection.message',
      'lists.names',
      ' || true',
      ' && ',
      'size(',
      '.all(x, ',
      '!',
    ],
  ),
  condition,
);

test('a good policy with anything changed decides, or is refused with places inside it', () => {
  fc.assert(
    fc.property(mutatedText(fc.constantFrom(...good), piece), hostileFacts, (text, about) => {
      const load = loadPolicy([{ path: 'a.yaml', text }]);
      if (load.kind === 'refused') expectPlaces(load, text);
      else expectDecides(load.policy, about);
    }),
    { numRuns: runs() },
  );
});

test('a condition grown from the grammar is refused with its place, or answers, or holds the connection', () => {
  fc.assert(
    fc.property(condition, hostileFacts, (when, about) => {
      const rules = [
        { effect: 'hold', when },
        { effect: 'hold', when: `!(${when})` },
        { effect: 'approve', when: 'true' },
      ];
      const text = policyText(rules, conditionLists);
      const load = loadPolicy([{ path: 'a.yaml', text }]);
      if (load.kind === 'refused') return expectPlaces(load, text);
      const decision = expectDecides(load.policy, about);
      // Whether the condition answers yes, or no, or fails: in each case something holds.
      if (decision !== undefined && about.connection.status === 'Pending')
        expect(decision.effect).toBe('hold');
    }),
    { numRuns: runs() },
  );
});

test('what did not load never decides: reviews wait, and a good version before it stays', async () => {
  const text = mutatedText(fc.constantFrom(...good), piece);
  await fc.assert(
    fc.asyncProperty(text, fc.boolean(), async (changed, isUpdate) => {
      const followed = await loadsOf(isUpdate ? [simple, changed] : [changed]);
      const last = followed.at(-1);
      if (isUpdate && last?.kind === 'loaded') {
        // Either it did load, or what was loaded before it is what decides.
        if (last.refusedUpdate !== undefined) expect(last.policy).toBe(policyIn(followed[0]));
        return;
      }
      fc.pre(last?.kind === 'refused');
      expect(isUpdate).toBe(false);
      const rig = createRig();
      rig.arm.seed({ name: 'a' });
      rig.load.current = last;
      await rig.takeRequest(rig.request());
      expect(rig.arm.calls).toEqual([]);
      expect(rig.reviews.pending).toHaveLength(1);
      const [told, ...others] = rig.ledger.records;
      expect([told?.kind, others]).toEqual(['suspended', []]);
      expectHarmless(told?.reason ?? '', 1_024);
    }),
    { numRuns: runs(), maxSkipsPerRun: 1_000 },
  );
});

describe('a policy that is meant to take long or to break the parser is refused at once', () => {
  const rule = (when: string) => policyText([{ when }], conditionLists);
  const levels = Array.from(
    { length: 12 },
    (_, level) => `  l${level}: &l${level} [${`*l${level - 1},`.repeat(10)}]`,
  );
  test.each([
    ['aliases of aliases', `version: 1\nlists:\n  l: &l [a]\n${levels.join('\n').replace('*l-1', '*l')}\n`],
    ['an alias of itself', 'version: 1\nlists: &a\n  x: *a\n'],
    ['lists in lists', `version: 1\nrules: ${'['.repeat(10_000)}`],
    ['maps in maps', `version: 1\nrules: ${'{a: '.repeat(10_000)}`],
    ['more than a mebibyte', `version: 1\n${'# x\n'.repeat(300_000)}`],
    ['rules without end', `version: 1\nrules:\n${'- {}\n'.repeat(20_000)}`],
    ['list entries without end', `version: 1\nlists:\n  x:\n${'  - a\n'.repeat(20_000)}`],
    ['a number beyond all bounds', `version: ${'9'.repeat(100_000)}`],
    ['a condition in parentheses', rule(`${'('.repeat(2_000)}true${')'.repeat(2_000)}`)],
    ['a condition of negations', rule(`${'!'.repeat(4_000)}true`)],
    ['a pattern that backtracks', rule(`connection.message.matches("${'(a*)*'.repeat(300)}$")`)],
    ['a pattern that repeats', rule('connection.message.matches("((a{1000}){1000}){1000}")')],
    ['loops in loops', rule(`${'lists.names.all(x, '.repeat(12)}true${')'.repeat(12)}`)],
    ['texts that double', rule(`(${'connection.message + '.repeat(200)}"a") == "b"`)],
    ['nothing', ''],
    ['a null character', '\0'],
    ['half a character', '\ud800'],
  ])('%s', (_, text) => {
    const load = loadPolicy([{ path: 'a.yaml', text }]);
    if (load.kind === 'loaded') throw new Error('it was loaded');
    expectPlaces(load, text);
  });
});

/** What a message says whose maker forgot a case. */
const slips = /undefined|\[object|NaN/;

function expectPlaces(load: Extract<PolicyLoad, { kind: 'refused' }>, text: string): void {
  const lines = text.split('\n');
  expect(load.problems.length).toBeGreaterThan(0);
  expect(load.problems.length).toBeLessThanOrEqual(200);
  for (const { path, line, column, length, message } of load.problems) {
    expect(path).toBe('a.yaml');
    const isInside = line >= 1 && line <= lines.length && column >= 1 && length >= 1;
    expect(isInside && column <= (lines[line - 1]?.length ?? 0) + 1).toBe(true);
    expect(message).toMatch(/\S/);
    // Unless the policy itself says so.
    if (!slips.test(text)) expect(message).not.toMatch(slips);
  }
  if (text.length < 10_000)
    expect(formatProblems(load.problems, [{ path: 'a.yaml', text }])).toContain('a.yaml:');
}

function expectDecides(policy: Policy, about: Facts): ReturnType<Policy['decide']> {
  const decision = policy.decide(about, now);
  if (decision === undefined) return undefined;
  expect(['approve', 'reject', 'delete', 'hold']).toContain(decision.effect);
  expectHarmless(decision.reason, 1_024);
  for (const rule of decision.rules) expectHarmless(rule, 64);
  const failed = decision.outcomes.filter(({ kind }) => kind === 'failed');
  if (failed.length > 0) expect(decision.effect).toBe('hold');
  return decision;
}

/** What a source says of each version of a policy in turn. */
async function loadsOf(texts: readonly string[]): Promise<PolicyLoad[]> {
  const clock = new FakeClock();
  let version = 0;
  const reader = {
    version: async () => String(version),
    read: async () => [{ path: 'a.yaml', text: texts[version] ?? '' }],
  };
  const source = createPolicySource({ path: 'policies', clock, reader });
  const loads: PolicyLoad[] = [];
  for (; version < texts.length; version += 1) {
    loads.push(await source.current());
    clock.advance(60);
  }
  return loads;
}

function policyIn(load: PolicyLoad | undefined): Policy | undefined {
  return load?.kind === 'loaded' ? load.policy : undefined;
}
