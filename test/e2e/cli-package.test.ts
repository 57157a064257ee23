import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../support/repo/project';

const run = promisify(execFile);
const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  version: string;
};
let folder: string;

/** Packs the tools, and installs them into an empty folder without a network. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-cli-'));
  const { stdout } = await run(process.execPath, ['scripts/package-cli.mjs'], { cwd: projectRoot });
  const file = join(projectRoot, stdout.trim());
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', file], { cwd: folder });
  await mkdir(join(folder, 'policies'));
  for (const name of ['default.yaml', 'default.cases.yaml'])
    await copyFile(join(projectRoot, 'policies', name), join(folder, 'policies', name));
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

async function postern(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  try {
    const { stdout, stderr } = await run('npx', ['--no-install', 'postern', ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'] },
    });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, stdout, stderr };
  }
}

test('the package is one folder without dependencies, and nothing of the app', () => {
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual([
    'postern-cli',
  ]);
  const manifest = JSON.parse(
    readFileSync(join(folder, 'node_modules/postern-cli/package.json'), 'utf8'),
  ) as object;
  expect(manifest).toMatchObject({ version, bin: { postern: 'bin/postern.mjs' } });
  expect(manifest).not.toHaveProperty('dependencies');
  const { inputs } = readMeta();
  expect(Object.keys(inputs).filter((path) => /^functions\/|@azure\/functions/.test(path))).toEqual([]);
});

interface Meta {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly entryPoint?: string;
        readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
        readonly imports: readonly { readonly path: string; readonly kind: string }[];
      }
    >
  >;
}

function readMeta(): Meta {
  return JSON.parse(readFileSync(join(projectRoot, 'dist/postern-cli.meta.json'), 'utf8')) as Meta;
}

test('what validate loads at its start has no package of Azure', () => {
  const { outputs } = readMeta();
  const entry = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === 'src/cli/main.ts')!;
  const loaded = new Set([entry]);
  for (const path of loaded)
    for (const each of outputs[path]?.imports ?? [])
      if (each.kind === 'import-statement' && each.path in outputs) loaded.add(each.path);
  const inputs = [...loaded].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
  expect(inputs.some((path) => path.includes('cel-js'))).toBe(true);
  expect(inputs.filter((path) => /node_modules\/(@azure|@opentelemetry|@typespec)\//.test(path))).toEqual([]);
});

test('the tools work there, with files and with what they load later', async () => {
  expect(await postern('--version')).toEqual({ code: 0, stdout: `postern ${version}\n`, stderr: '' });
  expect(await postern('validate', 'policies')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('loads: ') as string,
  });
  expect(await postern('test', 'policies', '--format', 'junit')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('<testsuites') as string,
  });
  expect(JSON.parse((await postern('types', '--json')).stdout)).not.toHaveLength(0);
  const doctor = await postern('doctor', '--only', 'settings');
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toContain('Settings');
}, 60_000);

test('the page of reports and the schemas are inside', () => {
  const inside = join(folder, 'node_modules/postern-cli');
  for (const name of [
    'report/page.html',
    'schemas/policy.schema.json',
    'schemas/cases.schema.json',
    'LICENSE',
  ])
    expect([name, existsSync(join(inside, name))]).toEqual([name, true]);
});

test('every package in the bundle has its license inside, and none is there that is not', () => {
  const { outputs } = readMeta();
  const bundled = Object.values(outputs)
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  const licenses = readFileSync(join(folder, 'node_modules/postern-cli/THIRD-PARTY-LICENSES'), 'utf8');
  const titles = [...licenses.matchAll(/^-{80}\n(\S+) \d\S* \([\w.-]+\)$/gm)].map(([, name]) => name);
  expect(new Set(titles)).toEqual(new Set(bundled));
  expect(titles).toEqual(expect.arrayContaining(['@azure/identity', '@marcbachmann/cel-js', 'zod']));
});

test('validate works without the code that connects to Azure: whatever loads it would fail', async () => {
  const bin = join(folder, 'node_modules/postern-cli/bin');
  const ofAzure = Object.entries(readMeta().outputs)
    .filter(([, { inputs }]) => Object.keys(inputs).some((path) => path.startsWith('node_modules/@azure/')))
    .map(([path]) => join(bin, path.slice('dist/postern-cli/bin/'.length)));
  expect(ofAzure.length).toBeGreaterThan(0);
  const kept = ofAzure.map((path) => [path, readFileSync(path)] as const);
  try {
    for (const path of ofAzure) writeFileSync(path, 'throw new Error("the code of Azure is loaded");');
    expect(await postern('validate', 'policies')).toMatchObject({ code: 0, stderr: '' });
    expect(await postern('explain', '--help')).toMatchObject({ code: 0, stderr: '' });
    // The adversary is real: a tool that connects does fail.
    expect((await postern('export')).stderr).toContain('the code of Azure is loaded');
  } finally {
    for (const [path, bytes] of kept) writeFileSync(path, bytes);
  }
}, 60_000);
