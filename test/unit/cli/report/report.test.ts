import type { AuditRecord } from '../../../../src/audit/audit-record';
import { PosternError } from '../../../../src/base/errors';
import { exportedFacts } from '../../../../src/cli/facts/facts-input';
import type { LedgerItem, LedgerReader } from '../../../../src/cli/report/report-host';
import { type PageData, unpackRows } from '../../../../src/report/page-data';
import { sampleFacts } from '../../../../dev/report/sample-estate';
import { hostileTexts } from '../../../support/page/hostile';
import { type CliRun, type CliWorld, runTool } from '../../../support/rigs/cli';

const policy = `version: 1
mode: enforce
rules:
  - name: own
    effect: approve
    when: has(endpoint.tenant) && endpoint.tenant == "own"
`;
/** An export of `count` connections, all approved by our own tenant's people unless the sample says otherwise. */
const lines = (count: number): string =>
  Array.from({ length: count }, (_, at) => JSON.stringify(exportedFacts(factsAt(at)))).join('\n');
const factsAt = (at: number) => {
  const facts = sampleFacts(at, 3);
  return { ...facts, connection: { ...facts.connection, status: 'Approved' } };
};
const connectionAt = (at: number): string => factsAt(at).connection.id;

interface ReportRun extends CliRun {
  readonly written: ReadonlyMap<string, string>;
}

/** Runs the tool over an export; returns what it printed and wrote. */
async function report(args: readonly string[], world: CliWorld = {}): Promise<ReportRun> {
  const written = world.written ?? new Map<string, string>();
  const files = { 'policies/p.yaml': policy, 'e.jsonl': `${lines(3)}\n`, ...world.files };
  return { ...(await runTool(['report', ...args], { ...world, files, written })), written };
}

interface ReadRow {
  readonly connection: string;
  readonly since?: string;
  readonly decision: { readonly source: string };
  readonly policy: { readonly asRequest: { readonly effect: string } };
}

interface ReadReport {
  readonly source: object;
  readonly rows: readonly ReadRow[];
}

const jsonOf = ({ written }: ReportRun): ReadReport =>
  JSON.parse(written.get('postern-report.json') ?? '') as ReadReport;

function insideOf(page: string | undefined): string {
  const [, json = ''] = /id="data">([^]*)<\/script>$/.exec(page ?? '') ?? [];
  return json;
}

const dataIn = (page: string | undefined): PageData => JSON.parse(insideOf(page)) as PageData;

function ledgerOf(items: readonly (AuditRecord | LedgerItem)[]): () => LedgerReader {
  return () => ({
    async *read() {
      for (const item of items) yield 'version' in item ? { kind: 'record', record: item } : item;
    },
  });
}

function approvalOf(at: number, changes: Partial<AuditRecord> = {}): AuditRecord[] {
  const { connection, endpoint, target } = factsAt(at);
  const decided: AuditRecord = {
    version: 1,
    id: `${at}|decided`,
    kind: 'decided',
    at: '2026-01-02T00:00:00Z',
    decisionId: `d${at}`,
    target: target.id,
    connection: connection.id,
    endpoint: endpoint?.id,
    status: 'Pending',
    firstSeen: '2026-01-01T00:00:00Z',
    effect: 'approve',
    rules: ['own'],
    reason: 'Ours',
    ...changes,
  };
  return [decided, { ...decided, id: `${at}|end`, kind: 'applied', at: '2026-01-03T00:00:00Z' }];
}

describe('postern report', () => {
  test('writes the page, CSV and JSON with the same rows, and says where', async () => {
    const { exitCode, output, errors, written } = await report(['--from', 'e.jsonl', '--out', 'out/r.html']);
    expect(exitCode).toBe(0);
    expect([...written.keys()]).toEqual(['out/r.html', 'out/r.csv', 'out/r.json']);
    expect(output[0]).toMatch(/^3 connections of \d targets?: 3 Approved$/);
    expect(output.at(-1)).toBe('written: out/r.html, out/r.csv, out/r.json');
    expect(errors).toEqual([
      'who decided is not fully known: the settings name no storage (AzureWebJobsStorage)',
    ]);
    const json = JSON.parse(written.get('out/r.json') ?? '') as ReadReport;
    const data = dataIn(written.get('out/r.html'));
    expect(JSON.parse(JSON.stringify(unpackRows(data)))).toEqual(json.rows);
    expect(written.get('out/r.csv')?.trimEnd().split('\r\n')).toHaveLength(4);
    const source = { connections: 'e.jsonl', ledger: 'absent', policy: { path: 'policies' } };
    expect(json.source).toMatchObject(source);
    expect(data.labels['Microsoft.KeyVault/vaults']).toBe('Key Vault');
  });

  test('--json prints the summary', async () => {
    const { output } = await report(['--from', 'e.jsonl', '--json', '--no-ledger']);
    expect(JSON.parse(output.join('\n'))).toMatchObject({
      source: { ledger: 'absent', ledgerProblem: 'it was not wanted' },
      summary: { connections: 3, byStatus: [{ key: 'Approved', count: 3 }] },
      unread: 0,
      files: { page: 'postern-report.html', csv: 'postern-report.csv', json: 'postern-report.json' },
    });
  });

  test('uses the policy that the settings name, unless another is named', async () => {
    const files = { 'live/p.yaml': policy.replace('approve', 'reject') };
    const from = ['--from', 'e.jsonl'];
    const effects = ({ rows }: ReadReport): string[] => rows.map((row) => row.policy.asRequest.effect);
    expect(effects(jsonOf(await report(from, { files, policyPath: 'live' })))).toContain('reject');
    const other = jsonOf(await report([...from, '--policy', 'policies'], { files, policyPath: 'live' }));
    expect(effects(other)).not.toContain('reject');
    expect(effects(other)).toContain('approve');
  });

  test('a policy that does not load is reported with its place, and nothing is written', async () => {
    const files = { 'policies/p.yaml': policy.replace('approve', 'aprove') };
    const { exitCode, errors, written } = await report(['--from', 'e.jsonl'], { files });
    expect(exitCode).toBe(1);
    expect(errors[0]).toContain('policies/p.yaml:5:13');
    expect(written.size).toBe(0);
  });

  test('replaces files only when it is told to, and says so before it reads anything', async () => {
    const written = new Map([['postern-report.csv', 'mine']]);
    const refused = await report(['--from', 'absent.jsonl'], { written });
    expect([refused.exitCode, refused.errors.join()]).toEqual([
      2,
      expect.stringContaining('postern-report.csv exists: choose another path, or replace it with --replace'),
    ]);
    expect([...written]).toEqual([['postern-report.csv', 'mine']]);
    expect((await report(['--from', 'e.jsonl', '--replace'], { written })).exitCode).toBe(0);
    expect(written.get('postern-report.csv')).not.toBe('mine');
  });

  test.each([
    [['--out', 'r.csv'], '--out must be the name of the page'],
    [['--out', '.html'], '--out must be the name of the page'],
    [['--from', 'e.jsonl', '--subscriptions', 'x'], 'leave it out with --from'],
    [['--age', '7 days', '--from', 'e.jsonl'], '--age must be a time'],
  ])('%j is wrong usage', async (args, problem) => {
    const { exitCode, errors, written } = await report(args);
    expect([exitCode, written.size]).toEqual([2, 0]);
    expect(errors.join('\n')).toContain(problem);
  });
});

describe('a file that is no export', () => {
  test.each([
    ['empty', '', 'e.jsonl has no connection', 'pass a whole file'],
    ['a text', 'Dear auditor,\nfind enclosed\n', 'e.jsonl, line 1: not JSON', 'pass a whole file'],
    ['cut within a line', lines(3).slice(0, -40), 'e.jsonl, line 3: not JSON', 'seems to be cut'],
    ['cut within its only line', lines(1).slice(0, -40), 'e.jsonl, line 1: not JSON', 'pass a whole file'],
    [
      'a list that is cut',
      `[\n${lines(2).replace('\n', ',\n')}`,
      'e.jsonl, line 1: not JSON',
      'correct these places',
    ],
    [
      'spoiled in the middle',
      lines(3).replace('\n', '\n{"half":\n'),
      'e.jsonl, line 2: not JSON',
      'correct these places',
    ],
    ['another JSON', '{"name":"postern"}', 'this is neither facts', 'pass a whole file'],
    [
      'a line without a status',
      lines(2).replace('"status":"Approved"', '"status":1'),
      'e.jsonl, line 1: connection.status',
      'correct these places',
    ],
    [
      'two exports in one',
      `${lines(2)}\n${lines(2)}`,
      'e.jsonl has one connection twice',
      'remove the older line',
    ],
  ])('%s: is refused with its place and the fix', async (_, text, place, fix) => {
    const { exitCode, errors, written } = await report(['--from', 'e.jsonl'], { files: { 'e.jsonl': text } });
    expect([exitCode, written.size]).toEqual([2, 0]);
    expect(errors.join('\n')).toContain(place);
    expect(errors.at(-1)).toContain(`  fix: `);
    expect(errors.at(-1)).toContain(fix);
  });

  test('the standard input is named as such', async () => {
    const { exitCode, errors } = await report(['--from', '-'], { files: { '-': lines(1).slice(0, -40) } });
    expect([exitCode, errors[0]]).toEqual([2, 'the standard input, line 1: not JSON']);
  });

  test('names the first places only', async () => {
    const text = Array.from({ length: 40 }, () => 'no').join('\n');
    const few = await report(['--from', 'e.jsonl'], { files: { 'e.jsonl': text } });
    expect(few.errors).toHaveLength(5);
    expect(few.errors.at(-2)).toBe('and 37 more places');
    const many = await report(['--from', 'e.jsonl'], { files: { 'e.jsonl': `${lines(1)}\n${text}` } });
    expect(many.errors).toHaveLength(12);
  });
});

describe('the ledger', () => {
  const sourcesOf = (read: ReadReport): (string | undefined)[] => {
    const found = new Map(read.rows.map(({ connection, decision }) => [connection, decision.source]));
    return [0, 1, 2].map((at) => found.get(connectionAt(at)));
  };

  test('says who decided; a connection without a record was never reviewed', async () => {
    const ledger = ledgerOf([...approvalOf(0), ...approvalOf(1, { by: 'Anna (0a)' })]);
    const run = await report(['--from', 'e.jsonl'], { ledger });
    expect([run.exitCode, run.errors, sourcesOf(jsonOf(run))]).toEqual([0, [], ['rule', 'person', 'none']]);
  });

  test('that is not complete proves no absence', async () => {
    const ledger = ledgerOf([...approvalOf(0), { kind: 'unreadable', problem: 'row x: not a record\u202e' }]);
    const run = await report(['--from', 'e.jsonl'], { ledger });
    expect([run.exitCode, sourcesOf(jsonOf(run))]).toEqual([1, ['rule', 'unknown', 'unknown']]);
    expect(jsonOf(run).source).toMatchObject({ ledger: 'partial' });
    expect(run.errors[0]).toContain('1 of its rows could not be read: row x: not a record\\u{202e}');
  });

  test('that breaks off says nothing about anybody', async () => {
    const ledger = (): LedgerReader => ({
      async *read() {
        for (const record of approvalOf(0)) yield { kind: 'record', record };
        throw new PosternError('STORE_UNAVAILABLE', 'storage is closed to you');
      },
    });
    const run = await report(['--from', 'e.jsonl'], { ledger });
    expect([run.exitCode, sourcesOf(jsonOf(run))]).toEqual([1, ['unknown', 'unknown', 'unknown']]);
    expect(run.errors[0]).toContain('storage is closed to you');
  });

  test('says since when a connection has its status, unless the file does', async () => {
    const stated = lines(3)
      .split('\n')
      .map((line, at) =>
        at === 1 ? line.replace('"status"', '"firstSeen":"2025-05-05T00:00:00Z","status"') : line,
      )
      .join('\n');
    const ledger = ledgerOf([...approvalOf(0), ...approvalOf(1)]);
    const { rows } = jsonOf(await report(['--from', 'e.jsonl'], { ledger, files: { 'e.jsonl': stated } }));
    const since = new Map(rows.map((row) => [row.connection, row.since]));
    expect([0, 1, 2].map((at) => since.get(connectionAt(at)))).toEqual([
      '2026-01-03T00:00:00Z',
      '2025-05-05T00:00:00.000Z',
      undefined,
    ]);
  });
});

test('a connection as az prints it, without further facts, has a row that claims nothing', async () => {
  const id = connectionAt(0);
  const state = { privateLinkServiceConnectionState: { status: 'Approved' } };
  const bare = JSON.stringify([{ id, properties: state }], undefined, 2);
  const run = await report(['--from', 'e.jsonl'], { files: { 'e.jsonl': bare } });
  expect(run.exitCode).toBe(0);
  expect(jsonOf(run).rows).toEqual([
    {
      connection: id,
      target: expect.any(String),
      type: expect.any(String),
      subscription: expect.any(String),
      status: 'Approved',
      groupIds: [],
      message: '',
      decision: { source: 'unknown' },
      policy: { now: expect.objectContaining({ effect: 'none' }) },
      flags: ['orphan'],
    },
  ]);
});

test('hostile texts in every field are inert in all files', async () => {
  const connections = hostileTexts.map((text, at) => {
    const facts = exportedFacts(sampleFacts(at, hostileTexts.length));
    return JSON.stringify({
      ...facts,
      connection: { ...facts.connection, message: text, groupIds: [text], status: text === '' ? 'x' : text },
      requester: {
        ...facts.requester,
        name: text,
        subscriptionName: text,
        managementGroups: [text],
        id: text,
      },
      target: { ...facts.target, tags: { [text]: text } },
    });
  });
  const run = await report(['--from', 'e.jsonl'], { files: { 'e.jsonl': connections.join('\n') } });
  expect(run.exitCode).toBe(0);
  const page = run.written.get('postern-report.html');
  expect(insideOf(page)).not.toMatch(/[<>&\u2028\u2029]/);
  expect(unpackRows(dataIn(page))).toHaveLength(hostileTexts.length);
  for (const text of run.written.values())
    expect(text.replace(/^\ufeff/, '').replaceAll(/[\r\n]/g, '')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  expect(jsonOf(run).rows).toHaveLength(hostileTexts.length);
});
