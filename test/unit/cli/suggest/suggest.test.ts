import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportedFacts } from '../../../../src/cli/facts/facts-input';
import { diskOutputFiles } from '../../../../src/cli/disk-output-files';
import type { Facts } from '../../../../src/policy/facts/facts';
import { runTool, type CliRun } from '../../../support/rigs/cli';
import { asked, many, own, ownTenant } from '../../../support/samples/estate';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'suggest-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const ours = many(0, 40, (n) => ({ subscription: own(n % 5), target: `kv-${n % 7}` }));
const rejected = many(100, 20, (n) => ({
  subscription: own(50 + n),
  groups: ['sandbox', ownTenant],
  status: 'Rejected',
}));
const lines = (all: readonly Facts[]): string =>
  all.map((facts) => JSON.stringify(exportedFacts(facts))).join('\n');

function suggest(all: readonly Facts[], ...args: readonly string[]): Promise<CliRun> {
  const files = { 'estate.jsonl': lines(all) };
  const paths = ['--out', join(folder, 'policy.yaml')];
  return runTool(['suggest', '--from', 'estate.jsonl', ...paths, ...args], {
    files,
    outputFiles: diskOutputFiles,
  });
}

async function written(): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(folder);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
}

test('writes a policy that validate and test accept without findings', async () => {
  const run = await suggest([...ours, ...rejected]);
  expect(run).toMatchObject({ exitCode: 0, errors: [] });
  expect(run.output[0]).toBe('60 connections: 40 approved, 20 rejected, 0 pending, 0 others');
  const files = await written();
  expect(Object.keys(files).sort()).toEqual(['policy.cases.yaml', 'policy.yaml']);
  expect(files['policy.yaml']).toContain('mode: audit');
  expect(await runTool(['validate', '--strict', 'policy.yaml'], { files })).toMatchObject({ exitCode: 0 });
  expect(await runTool(['test', '--threshold', '100', 'policy.yaml'], { files })).toMatchObject({
    exitCode: 0,
  });
  expect(files['policy.cases.yaml']).toContain('a stranger of another tenant copies every name');
  expect(files['policy.cases.yaml']).toContain('management groups whose ids only begin like ours');
});

test('the order of the lines makes no difference', async () => {
  await suggest([...ours, ...rejected]);
  const before = await written();
  await suggest([...rejected, ...ours].reverse(), '--replace');
  expect(await written()).toEqual(before);
});

test('replaces no file that exists, unless --replace says so', async () => {
  await writeFile(join(folder, 'policy.cases.yaml'), 'mine');
  expect(await suggest(ours)).toMatchObject({ exitCode: 2, errors: [expect.stringContaining('--replace')] });
  expect(await written()).toEqual({ 'policy.cases.yaml': 'mine' });
  await expect(
    diskOutputFiles.write(join(folder, 'policy.cases.yaml'), ['new'], { replace: false }),
  ).rejects.toThrow('exists');
  expect(await suggest(ours, '--replace')).toMatchObject({ exitCode: 0 });
  expect((await written())['policy.cases.yaml']).toContain('cases:');
});

test('an estate without approvals has a clear message, and no file', async () => {
  const run = await suggest(rejected);
  expect(run.exitCode).toBe(1);
  expect(run.output.join('\n')).toContain('nobody has approved any of these connections');
  expect(await written()).toEqual({});
});

test('a single example says that it is one', async () => {
  const run = await suggest([asked(1)]);
  expect(run.output.join('\n')).toMatch(/few examples/);
});

test('tags with quotes, control characters and conditions become no part of a rule, or are escaped', async () => {
  const odd = ['" || true || "', 'a\u0007b', 'x\u202ey', "it's", 'a\nb', 'трод', ' padded '];
  const tagged = many(0, 140, (n) => ({
    subscription: own(n % 5),
    target: `kv-${n % 35}`,
    tags: { env: odd[n % 7]!, 'od"d\n': 'x' },
    status: n % 7 < 4 ? 'Approved' : 'Rejected',
  }));
  expect((await suggest(tagged)).exitCode).toBeLessThan(2);
  const files = await written();
  if (Object.keys(files).length === 0) return;
  expect(await runTool(['validate', '--strict', 'policy.yaml'], { files })).toMatchObject({ exitCode: 0 });
  expect(await runTool(['test', 'policy.yaml'], { files })).toMatchObject({ exitCode: 0 });
});

test.each([
  [[], 'suggest needs --from'],
  [['--from', 'x', '--out', 'policy.txt'], '--out must be the path of a policy'],
  [['--from', 'x', '--cases', 'cases.yaml'], '--cases must be a path that ends in .cases.yaml'],
  [['--from', 'x', '--report', 'suggested.yaml'], 'different files'],
])('refuses %j', async (args, message) => {
  const run = await runTool(['suggest', ...args], { outputFiles: diskOutputFiles });
  expect(run.exitCode).toBe(2);
  expect(run.errors.join('\n')).toContain(message);
});

test('--json and --report give the same figures, and lines that cannot be read are reported', async () => {
  const report = join(folder, 'report.json');
  const files = { 'estate.jsonl': `${lines(ours)}\nnot json` };
  const run = await runTool(
    ['suggest', '--from', 'estate.jsonl', '--out', join(folder, 'policy.yaml'), '--json', '--report', report],
    { files, outputFiles: diskOutputFiles },
  );
  expect(run.exitCode).toBe(1);
  const shown = JSON.parse(run.output.join('\n'));
  expect(shown).toMatchObject({ explained: 40, connections: { approved: 40, unread: 1 } });
  expect(JSON.parse(await readFile(report, 'utf8'))).toEqual(shown);
});
