import fc from 'fast-check';
import { exportedFacts, type FactsReading } from '../../../../src/cli/facts/facts-input';
import { simulatePolicies, simulationLimits } from '../../../../src/cli/policy/simulation';
import type { Facts } from '../../../../src/policy/facts/facts';
import { runTool } from '../../../support/rigs/cli';
import { facts, factsWith, now, policyOf, policyText } from '../../../support/samples/policy';

const holds = policyText([{ name: 'nobody', effect: 'hold', when: 'true' }]);
const approves = policyText([{ name: 'everybody', effect: 'approve', when: 'true' }]);
const line = (about: Facts): string => JSON.stringify(exportedFacts(about));
const files = { 'now.yaml': holds, 'next.yaml': approves, 'one.jsonl': `${line(facts)}\n\n` };
const simulate = ['simulate', '--policy', 'now.yaml', '--candidate'];

describe('simulate', () => {
  test('shows what would change, by change, rule and target', async () => {
    const run = await runTool([...simulate, 'next.yaml', '--from', 'one.jsonl'], { files });
    expect(run).toEqual({
      exitCode: 1,
      errors: [],
      output: [
        '1 connection: 1 would get another decision, 0 the same decision from other rules',
        '',
        'change          connections',
        'hold → approve            1',
        '',
        'by rule                              connections',
        'hold (nobody) → approve (everybody)            1',
        '',
        expect.stringMatching(/^by target +connections$/),
        expect.stringContaining(facts.target.id.toLowerCase()),
        '',
        'First 1 change:',
        `  ${facts.connection.id}`,
        '      current    hold: Rule nobody matched',
        '      candidate  approve: Rule everybody matched',
      ],
    });
  });

  test('exits with 0 when nothing would change', async () => {
    const run = await runTool([...simulate, 'now.yaml', '--from', 'one.jsonl'], { files });
    expect(run).toMatchObject({
      exitCode: 0,
      output: ['1 connection: 0 would get another decision, 0 the same decision from other rules'],
    });
  });

  test('a connection that would be held instead of left alone is no change', async () => {
    const approved = factsWith({ status: 'Approved' });
    const concerned = policyText([{ effect: 'reject', on: ['Approved'], when: 'false' }]);
    const world = { files: { ...files, 'on.yaml': concerned, 'two.jsonl': line(approved) } };
    expect(await runTool([...simulate, 'on.yaml', '--from', 'two.jsonl'], world)).toMatchObject({
      exitCode: 0,
    });
  });

  test('a change of mode is shown, and is a change', async () => {
    const audits = holds.replace('"enforce"', '"audit"');
    const run = await runTool([...simulate, 'audits.yaml', '--from', 'one.jsonl'], {
      files: { ...files, 'audits.yaml': audits },
    });
    expect(run.exitCode).toBe(1);
    expect(run.output[1]).toBe('The mode would also change: enforce → audit');
  });

  test('another expiry of an approval is a change, but the same expiry by another rule is not', async () => {
    const ending = (name: string, expireAfter: string): string =>
      policyText([{ name, effect: 'approve', when: 'true', approvals: { expireAfter } }]);
    const world = {
      files: {
        ...files,
        'now.yaml': approves,
        'week.yaml': ending('week', '7d'),
        'same.yaml': ending('same', '168h'),
        'day.yaml': ending('week', '1d'),
      },
    };
    const run = await runTool([...simulate, 'week.yaml', '--from', 'one.jsonl'], world);
    expect(run.exitCode).toBe(1);
    expect(run.output).toEqual(
      expect.arrayContaining([
        'approve → approve, expires after 168h            1',
        'approve (everybody) → approve, expires after 168h (week)            1',
        '      current    approve: Rule everybody matched',
        '      candidate  approve, expires after 168h: Rule week matched',
      ]),
    );
    const from = async (candidate: string) =>
      runTool(['simulate', '--policy', 'week.yaml', '--candidate', candidate, '--from', 'one.jsonl'], world);
    expect(await from('same.yaml')).toMatchObject({
      exitCode: 0,
      output: ['1 connection: 0 would get another decision, 1 the same decision from other rules'],
    });
    expect((await from('day.yaml')).output[3]).toBe(
      'approve, expires after 168h → approve, expires after 24h            1',
    );
  });

  test('a change of limits is shown, and is a change', async () => {
    const rules = [{ name: 'nobody', effect: 'hold', when: 'true' }];
    const world = { files: { ...files, 'few.yaml': policyText(rules, {}, { rejects: { perHour: 5 } }) } };
    const few = [...simulate, 'few.yaml', '--from', 'one.jsonl'];
    const run = await runTool(few, world);
    expect(run).toMatchObject({
      exitCode: 1,
      output: [
        '1 connection: 0 would get another decision, 0 the same decision from other rules',
        'The limits would also change:',
        '      current    rejects 20 per hour, 5 per review; deletes 20 per hour, 5 per review; revocations 10 per hour, 3 per review',
        '      candidate  rejects 5 per hour',
      ],
    });
    const machines = await runTool([...few, '--json'], world);
    expect(JSON.parse(machines.output.join('\n'))).toMatchObject({
      limits: { present: { rejects: { perHour: 20 } }, candidate: { rejects: { perHour: 5 } } },
    });
  });

  test.each([
    ['not JSON', '{', 'line 2: not JSON'],
    ['an unknown fact', '{"target":{"color":"red"}}', 'line 2: target: Unrecognized key: "color"'],
    [
      'a wrong type',
      '{"connection":{"status":1}}',
      'line 2: connection.status: must be text: put it in quotes',
    ],
    ['no id', '{"connection":{"status":"Pending"}}', 'line 2: MESSAGE_INVALID: `connection.id` is missing'],
  ])('a line that is %s is reported, and is a finding', async (_, wrong, reported) => {
    const world = { files: { ...files, 'two.jsonl': `${line(facts)}\n${wrong}` } };
    const run = await runTool([...simulate, 'now.yaml', '--from', 'two.jsonl'], world);
    expect(run.exitCode).toBe(1);
    expect(run.output.slice(1)).toEqual(['', '1 could not be read:', `  ${reported}`]);
  });

  test('what is exported is read back as it was, but for the time it was first seen', async () => {
    const seen = policyText([{ effect: 'hold', when: 'connection.firstSeen == now - duration("48h")' }]);
    const run = await runTool(
      [
        'simulate',
        '--policy',
        'seen.yaml',
        '--candidate',
        'next.yaml',
        '--from',
        'one.jsonl',
        '--age',
        '2d',
        '--json',
      ],
      { files: { ...files, 'seen.yaml': seen } },
    );
    expect(JSON.parse(run.output.join('\n'))).toMatchObject({
      seen: 1,
      changed: 1,
      byRule: { counts: [{ key: 'hold (rule-0) → approve (everybody)', count: 1 }], others: 0 },
    });
  });

  test('a policy that does not load is reported, and nothing is read', async () => {
    const run = await runTool([...simulate, 'bad.yaml', '--from', 'one.jsonl'], {
      files: { ...files, 'bad.yaml': 'version: 2\n' },
    });
    expect(run).toMatchObject({ exitCode: 1, output: [] });
    expect(run.errors.at(-1)).toBe('bad.yaml does not load: 1 problem');
  });

  test.each([
    [['--candidate', 'next.yaml']],
    [['--from', 'one.jsonl']],
    [['--from', 'x', '--candidate', 'y', '--age', 'old']],
  ])('%j is wrong usage', async (args) => {
    expect(await runTool(['simulate', ...args], { files })).toMatchObject({ exitCode: 2, output: [] });
  });
});

describe('a simulation', () => {
  test('of 100,000 connections keeps counts and a few examples', async () => {
    let made = 0;
    async function* lines(): AsyncGenerator<string> {
      for (; made < 100_000; made += 1) {
        const id = facts.target.id.replace('kv-one', `kv-${made % 5_000}`);
        yield line({
          ...facts,
          connection: { ...facts.connection, id: `${id}/privateEndpointConnections/c-${made}` },
          target: { ...facts.target, id },
        });
      }
    }
    const run = await runTool([...simulate, 'next.yaml', '--from', 'many.jsonl', '--json'], {
      files,
      lines: { 'many.jsonl': lines },
    });
    const result = JSON.parse(run.output.join('\n')) as {
      seen: number;
      changed: number;
      examples: unknown[];
      byTarget: { counts: { count: number }[]; others: number };
    };
    expect([made, result.seen, result.changed]).toEqual([100_000, 100_000, 100_000]);
    expect(result.examples).toHaveLength(simulationLimits.examples);
    expect(result.byTarget.counts).toHaveLength(simulationLimits.targets);
    const kept = result.byTarget.counts.reduce((sum, { count }) => sum + count, 0);
    expect(kept + result.byTarget.others).toBe(100_000);
  });

  test('keeps no more than its bounds of unreadable connections and of rules', async () => {
    const rules = Array.from({ length: 300 }, (_, index) => ({
      name: `r${index}`,
      when: `connection.name == "c-${index}"`,
    }));
    async function* connections(): AsyncGenerator<FactsReading> {
      for (let index = 0; index < 300; index += 1) {
        yield { kind: 'facts', facts: factsWith({ name: `c-${index}` }) };
        yield { kind: 'readFailed', id: `${index}`, problem: 'gone' };
      }
    }
    const [present, candidate] = [policyOf(holds), policyOf(policyText(rules))];
    const result = await simulatePolicies({ present, candidate, connections: connections(), now });
    expect(result.unread).toHaveLength(simulationLimits.readFailed);
    expect(result.unreadCount).toBe(300);
    expect(result.byRule.size).toBe(simulationLimits.rules);
    expect(result.byRule.others).toBe(100);
  });

  test('of a policy against itself never shows a change', async () => {
    const rule = fc.record({
      effect: fc.constantFrom('approve', 'reject', 'delete', 'hold'),
      when: fc.constantFrom(
        'true',
        'endpoint.name == "pe-web"',
        'target.tags.env == "prod"',
        'target.tags.none == ""',
      ),
    });
    const about = fc.record({
      status: fc.constantFrom('Pending', 'Approved', 'Rejected', 'Odd'),
      message: fc.string(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(rule, { maxLength: 4 }),
        fc.array(about, { maxLength: 5 }),
        async (rules, all) => {
          async function* connections(): AsyncGenerator<FactsReading> {
            for (const changes of all) yield { kind: 'facts', facts: factsWith(changes) };
          }
          const policy = policyOf(policyText(rules));
          const result = await simulatePolicies({
            present: policy,
            candidate: policy,
            connections: connections(),
            now,
          });
          expect(result).toMatchObject({ seen: all.length, changed: 0, otherRules: 0, examples: [] });
        },
      ),
    );
  });
});
