import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { wait } from '../../../src/cli/wait/wait';
import { outcomeFrom, outcomeTypes } from '../../../src/outcomes/outcome-event';
import { problemsOf } from '../../support/samples/policy';
import { sampleRecord } from '../../../dev/lib/samples';

const docs = join(__dirname, '../../../docs');
const read = (path: string): string => readFileSync(join(docs, path), 'utf8');
const example = (name: string): string => read(`examples/auto-approval/${name}`);

describe('docs/outcome-events.md', () => {
  const page = read('outcome-events.md');
  const section = (heading: string): string => page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';

  test('names every type, and no other', () => {
    const told = [...section('Types').matchAll(/^\| `([\w.]+)`/gm)].map(([, type]) => type);
    expect(told).toEqual(outcomeTypes);
  });

  test('names every field that an event can have', () => {
    const full = outcomeFrom(
      sampleRecord({
        kind: 'failed',
        by: 'Ada',
        answers: 'd0',
        firstSeen: '2026-01-05T12:00:00.000Z',
        expiresAt: '2026-01-06T12:00:00.000Z',
        operation: {
          attempt: 1,
          startedAt: '2026-01-05T12:00:00.000Z',
          endedAt: '2026-01-05T12:00:00.000Z',
          polls: 1,
          lastHttpStatus: 403,
          error: 'no',
        },
      }),
    )!;
    const { data, ...envelope } = full;
    const { operation, ...fields } = data;
    const held = outcomeFrom(sampleRecord({ effect: 'hold' }), 'https://postern.example/console/')!;
    const onHold = Object.keys(held.data).filter((name) => !(name in data));
    expect(onHold).toEqual(['console']);
    const wanted = [
      ...onHold.map((name) => `data.${name}`),
      ...Object.keys(envelope),
      'datacontenttype',
      ...Object.keys(fields).map((name) => `data.${name}`),
      ...Object.keys(operation as object).map((name) => `data.operation.${name}`),
    ];
    const cells = section('Fields')
      .split('\n')
      .map((line) => line.split('|')[1] ?? '');
    const told = cells.flatMap((cell) => {
      const names = [...cell.matchAll(/`([\w.]+)`/g)].map(([, name = '']) => name);
      // `data.operation.startedAt`, `.endedAt`: the second one of a pair is short.
      return names.map((name) => (name.startsWith('.') ? `data.operation${name}` : name));
    });
    expect(told.toSorted()).toEqual(wanted.toSorted());
  });

  test('its samples are events as they are made today', () => {
    const samples = [...section('Samples').matchAll(/```json\n([\s\S]*?)```/g)].map(
      ([, text = '']) => JSON.parse(text) as Record<string, unknown> & { data: Record<string, unknown> },
    );
    expect(samples.map(({ type }) => type)).toEqual([
      'Postern.Connection.Decided',
      'Postern.Operation.Applied',
    ]);
    for (const { specversion, datacontenttype, ...sample } of samples) {
      const { id, time: at, data } = sample;
      expect([specversion, datacontenttype]).toEqual(['1.0', 'application/json']);
      const record = { ...data, id, at } as unknown as Parameters<typeof outcomeFrom>[0];
      expect(outcomeFrom(record)).toEqual(sample);
    }
  });
});

test('the card for Teams is whole, and its only button opens the console', () => {
  const [, card = ''] = /<!-- sample: card -->\n```json\n([\s\S]*?)```/.exec(read('outcome-events.md')) ?? [];
  const { actions } = JSON.parse(card) as { actions: readonly unknown[] };
  expect(actions).toEqual([
    {
      type: 'Action.OpenUrl',
      title: 'Open in the console',
      url: "@{triggerBody()?['data']?['console']}",
    },
  ]);
  // What a card shows without escaping must be an id or an instant: neither can contain a quotation mark.
  const fields = [...card.matchAll(/triggerBody\(\)(?:\?\['data'\])?\?\['(\w+)'\]/g)].map(
    ([, field]) => field,
  );
  expect(new Set(fields)).toEqual(new Set(['source', 'subject', 'firstSeen', 'console']));
});

describe('docs/auto-approval.md', () => {
  const page = read('auto-approval.md');

  test('tells the exit codes that the tool’s help tells', () => {
    const told = [...page.matchAll(/^\| (\d) \|/gm)].map(([, code]) => code);
    const helped = [...(wait.help.split('Exit code: ')[1] ?? '').matchAll(/\b(\d) [a-z]/g)].map(
      ([, code]) => code,
    );
    expect(told).toEqual(['0', '2', '3', '4', '5', '6']);
    expect(helped).toEqual(told);
  });

  test('shows the rule that its policy has, and the policy loads', () => {
    const policy = example('policy.yaml');
    const rules = policy.slice(policy.indexOf('lists:'));
    expect(page).toContain(rules.trim());
    expect(problemsOf(policy)).toEqual([]);
  });

  test('its Bicep asks for a manual connection', () => {
    const source = example('main.bicep');
    expect(source).toContain("'Microsoft.Network/privateEndpoints@2025-05-01'");
    expect(source).toMatch(/^ {4}manualPrivateLinkServiceConnections: \[$/m);
    expect(source).not.toMatch(/^ +privateLinkServiceConnections:/m);
  });

  test('its Terraform asks for a manual connection, and every variable that it reads is declared', () => {
    const source = example('main.tf');
    expect(source).toMatch(/is_manual_connection += true/);
    const declared = new Set([...source.matchAll(/^variable "(\w+)"/gm)].map(([, name]) => name));
    const read_ = new Set([...source.matchAll(/\bvar\.(\w+)/g)].map(([, name]) => name));
    expect([...read_].toSorted()).toEqual([...declared].toSorted());
    expect(source.match(/[{[(]/g)?.length).toBe(source.match(/[}\])]/g)?.length);
  });

  test.each(['github.yml', 'azure-pipelines.yml'])('%s is whole YAML and runs the tool', (name) => {
    const text = example(name);
    const pipeline = parse(text, { strict: true }) as { jobs: unknown };
    expect(pipeline.jobs).toBeDefined();
    expect(JSON.stringify(pipeline)).toContain('postern.mjs');
    expect(text).toMatch(/postern\.mjs"? wait .*--timeout 30m/);
    expect(text).toContain('properties.outputs.endpointId.value');
  });

  test('the workflow’s actions are pinned to commits', () => {
    const uses = [...example('github.yml').matchAll(/uses: (\S+)/g)].map(([, action]) => action);
    expect(uses.length).toBeGreaterThan(2);
    expect(uses.filter((action) => !/@[0-9a-f]{40}$/.test(action ?? ''))).toEqual([]);
  });
});
