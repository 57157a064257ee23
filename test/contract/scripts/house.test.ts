import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNode } from '../../support/repo/project';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-house-'));
  for (const each of ['src/base', 'bench', 'test/data', 'docs'])
    mkdirSync(join(folder, each), { recursive: true });
  write('README.md', 'Ask, and be told.\n');
  write(
    'src/base/add.ts',
    [
      '/** Adds up. */',
      'export function add(a: number, b: number, c: any, d: number): number {',
      '  // Nobody told it to.',
      '  return a + b + d;',
      '}',
      'export const tellNobody = (): string => `nothing to look at`;',
      '',
    ].join('\n'),
  );
  write('test/data/ignored.ts', 'export const x: any = 1;');
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

test('the script measures a checkout', async () => {
  const { code, stdout } = await runNode(['scripts/house.mjs', '--json', folder]);
  expect(code).toBe(0);
  const { folders, words } = JSON.parse(stdout);
  expect(folders.src).toEqual({
    files: { count: 1, lines: { median: 6, p90: 6, max: 6 } },
    smallFiles: 1,
    functions: { count: 1, lines: { median: 4, p90: 4, max: 4 } },
    manyParameters: 1,
    commentsPer100: 33.3,
    folders: { count: 1, files: { median: 1, p90: 1, max: 1 } },
    circles: { count: 0, largest: 0 },
    anys: 1,
    exported: { count: 2, verb: 1, undocumented: 1 },
  });
  expect(folders.test.files.count).toBe(0);
  expect(words.tell).toEqual({ identifiers: 1, comments: 1, messages: 0, docs: 1 });
  expect(words.look).toEqual({ identifiers: 0, comments: 0, messages: 1, docs: 0 });
});

test('the script prints what it measures as tables', async () => {
  const { code, stdout } = await runNode(['scripts/house.mjs', folder]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/│ src +│ 1 +│ '6 \/ 6 \/ 6'/);
  expect(stdout).toMatch(/│ src +│ 2 +│ '1 \(50 %\)' +│ '1 \(100 %\)'/);
  expect(stdout).toMatch(/│ tell +│ 1 +│ 1 +│ 0 +│ 1 +│/);
});

test('with --check it fails if and only if a law is broken', async () => {
  expect(await runNode(['scripts/house.mjs', '--check', folder])).toMatchObject({ code: 0, stderr: '' });
  write('bench/run.ts', "import '../test/rig';");
  write('test/rig.ts', '');
  expect(await runNode(['scripts/house.mjs', '--check', folder])).toEqual({
    code: 1,
    stdout: '',
    stderr: 'bench/run.ts imports test/rig.ts; bench must not depend on test.\n',
  });
});
