import fc from 'fast-check';
import { exportedFacts } from '../../../../src/cli/facts/facts-input';
import { planOf } from '../../../../src/cli/policy/plan/plan';
import { planLines } from '../../../../src/cli/policy/plan/plan-lines';
import { planMarkdown } from '../../../../src/cli/policy/plan/plan-markdown';
import { simulatePolicies } from '../../../../src/cli/policy/simulation';
import type { Facts } from '../../../../src/policy/facts/facts';
import { runTool } from '../../../support/rigs/cli';
import { facts, factsWith, now, policyOf, policyText } from '../../../support/samples/policy';

const line = (about: Facts): string => JSON.stringify(exportedFacts(about));
const rules = [
  { name: 'web', effect: 'approve', when: 'connection.name == "web"', approvals: { expireAfter: '7d' } },
  { name: 'old', effect: 'delete', on: ['Disconnected'], when: 'true' },
  { name: 'gone', effect: 'reject', when: 'connection.name == "bad"' },
];
const files = {
  'next.yaml': policyText(rules),
  'now.yaml': policyText([{ name: 'all', effect: 'approve', when: 'true' }]),
  'four.jsonl': [
    line(factsWith({ name: 'web' })),
    line(factsWith({ name: 'bad' })),
    line(factsWith({ name: 'else' })),
    line(factsWith({ status: 'Disconnected' })),
    line(factsWith({ status: 'Rejected' })),
  ].join('\n'),
};
const candidate = ['simulate', '--candidate', 'next.yaml', '--from', 'four.jsonl'];

describe('simulate without a current policy', () => {
  const plan = [
    '5 connections, 3 would change',
    'There is no current policy. The candidate has mode enforce.',
    'Its limits: rejects 20 per hour, 5 per review; deletes 20 per hour, 5 per review; revocations 10 per hour, 3 per review',
    '',
    'effect     connections',
    '+ approve            1',
    '~ hold               1',
    '- reject             1',
    '- delete             1',
    '  none               1',
    '',
    'effect     rule                  connections',
    '+ approve  web, ends after 168h            1',
    '- delete   old                             1',
    '~ hold     no rule                         1',
    '- reject   gone                            1',
  ];

  test.each([[[]], [['--policy', 'none']], [['--policy', 'none', '--format', 'plan']]])(
    'with %j plans by effect, rule and target',
    async (args) => {
      const { exitCode, output, errors } = await runTool([...candidate, ...args], { files });
      expect([exitCode, errors]).toEqual([1, []]);
      expect(output.slice(0, plan.length)).toEqual(plan);
      expect(output.slice(plan.length + 1)).toEqual([
        expect.stringMatching(/^effect +target +connections$/),
        ...['+ approve', '- delete', '~ hold', '- reject'].map(
          (start) =>
            expect.stringMatching(
              new RegExp(`^${start.replace('+', '\\+')} +kv-one in rg-\\w+ of .* 1$`),
            ) as string,
        ),
      ]);
    },
  );

  test('that would write nothing exits with 0', async () => {
    const quiet = { ...files, 'next.yaml': policyText([{ effect: 'hold', when: 'true' }]) };
    expect(await runTool(candidate, { files: quiet })).toMatchObject({ exitCode: 0 });
  });

  test('is not the same as with one that does not load', async () => {
    const broken = { ...files, 'policies/a.yaml': 'version: 2\n' };
    const { exitCode, output, errors } = await runTool(candidate, { files: broken });
    expect([exitCode, output]).toEqual([1, []]);
    expect(errors.at(-1)).toBe('policies does not load: 1 problem');
  });
});

describe('simulate with a current policy', () => {
  const both = [...candidate, '--policy', 'now.yaml'];

  test('plans only what changes by rule and target, and shows both totals', async () => {
    const { output } = await runTool([...both, '--format', 'plan'], { files });
    expect(output.slice(0, 13)).toEqual([
      '5 connections, 4 would change',
      '',
      'effect     now  connections',
      '+ approve    3            1',
      '~ hold       0            1',
      '- reject     0            1',
      '- delete     0            1',
      '  none       2            1',
      '',
      'effect     rule                  connections',
      '+ approve  web, ends after 168h            1',
      '- delete   old                             1',
      '~ hold     no rule                         1',
    ]);
  });

  test('has the same numbers in JSON, beside the fields that it had', async () => {
    const { output } = await runTool([...both, '--json'], { files });
    expect(JSON.parse(output.join('\n'))).toMatchObject({
      seen: 5,
      changed: 4,
      byEffect: { others: 0 },
      modes: { present: 'enforce', candidate: 'enforce' },
      totals: [
        { sign: '+', effect: 'approve', now: 3, connections: 1 },
        { sign: '~', effect: 'hold', now: 0, connections: 1 },
        { sign: '-', effect: 'reject', now: 0, connections: 1 },
        { sign: '-', effect: 'delete', now: 0, connections: 1 },
        { sign: ' ', effect: 'none', now: 2, connections: 1 },
      ],
      plan: { byRule: { others: 0 }, byTarget: { others: 0 } },
    });
    const alone = await runTool([...candidate, '--json'], { files });
    expect(JSON.parse(alone.output.join('\n'))).toMatchObject({ modes: { candidate: 'enforce' } });
  });

  test('makes a table for a pull request', async () => {
    const { output } = await runTool([...both, '--format', 'markdown'], { files });
    expect(output.slice(0, 9)).toEqual([
      '### Policy plan',
      '',
      '5 connections, 4 would change',
      '',
      '| effect | now | connections |',
      '| --- | ---: | ---: |',
      '| `+ approve` | 3 | 1 |',
      '| `~ hold` | 0 | 1 |',
      '| `- reject` | 0 | 1 |',
    ]);
    expect(output).toContain('| `+ approve` | <code>web, ends after 168h</code> | 1 |');
    expect(output).toContain('<summary>First changes: 4</summary>');
  });

  test.each([
    [['--format', 'html'], '--format must be one of changes, plan, markdown'],
    [['--format', 'plan', '--json'], 'pass --format or --json, not both'],
  ])('%j is wrong usage', async (args, message) => {
    expect(await runTool([...both, ...args], { files })).toEqual({
      exitCode: 2,
      output: [],
      errors: [message],
    });
  });

  test('says how many connections have no counts, if a rule reads them', async () => {
    const uncounted = {
      ...files,
      'four.jsonl': line({ ...facts, consumer: undefined }),
      'next.yaml': policyText([{ effect: 'hold', when: 'consumer.approved > 3' }]),
    };
    const note = '1 connection without counts (consumer), so that rules that read them fail';
    expect((await runTool(both, { files: uncounted })).output).toContain(note);
    const silent = { ...uncounted, 'next.yaml': files['next.yaml'] };
    expect((await runTool(both, { files: silent })).output).not.toContain(note);
  });
});

/** A plan of one connection whose names are `text`. */
async function planFor(text: string): Promise<Awaited<ReturnType<typeof simulatePolicies>>> {
  const about = {
    ...factsWith({ id: text }),
    target: { ...facts.target, id: `/subscriptions/${text}/resourceGroups/${text}/providers/x/y/${text}` },
  };
  async function* connections() {
    yield { kind: 'facts' as const, facts: about };
  }
  const next = policyOf(policyText([{ name: 'r', effect: 'reject', when: 'true', reason: 'x' }]));
  return simulatePolicies({ present: undefined, candidate: next, connections: connections(), now });
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    '| a | b |',
    '</code><script>',
    '`${x}`',
    '@octocat #1 https://evil.example www.evil.example',
    '\n\n# heading',
    '##vso[task.setvariable]',
    '\u202eabc',
    '[x](y)',
    '&#60;img',
  ),
);

test('a name of any kind stays one cell of one row, and no markup, in Markdown', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (text) => {
      const result = await planFor(text);
      const lines = planMarkdown(planOf(result, false), {
        heading: [],
        examples: result.examples,
        notes: [text],
      });
      const codes = lines.flatMap((each) =>
        [...each.matchAll(/<code>(.*)<\/code>/g)].map(([, code = '']) => code),
      );
      expect(codes.length).toBeGreaterThan(3);
      for (const code of codes) {
        expect(code).toMatch(/^(?:[A-Za-z0-9 /.,-]|&#\d+;)*$/);
        expect(code).not.toMatch(/www\./i);
      }
      for (const each of lines.filter((row) => row.startsWith('|')))
        expect(each.split('|')).toHaveLength(each.includes('code>') ? 5 : each.split('|').length);
      for (const each of lines) expect(each).not.toMatch(/[\n\r]/);
    }),
  );
});

test('no row of a plan has more than 80 characters, whatever the names', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (text) => {
      const result = await planFor(text);
      for (const each of planLines(planOf(result, false))) expect(each.length).toBeLessThanOrEqual(80);
    }),
  );
});

test('a plan shows the rows with the most connections, and counts the others', async () => {
  const many = policyText(
    Array.from({ length: 30 }, (_, index) => ({
      name: `r${index}`,
      effect: 'approve',
      when: `connection.name == "c${index}"`,
    })),
  );
  const lines = Array.from({ length: 31 }, (_, index) => line(factsWith({ name: `c${index % 30}` })));
  const { output } = await runTool(candidate, {
    files: { 'next.yaml': many, 'four.jsonl': lines.join('\n') },
  });
  expect(output).toContain('+ approve  r0                2');
  expect(output).toContain('           others            5');
});
