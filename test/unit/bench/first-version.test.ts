import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildFirstVersion,
  firstVersion,
  otherVersions,
  whyMissing,
} from '../../../bench/system/first-version';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'postern-first-version-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();

test('a clone without the commit says so and how to get it, and builds nothing', async () => {
  git('init', '--quiet');
  const lines: string[] = [];
  await expect(buildFirstVersion(folder, (line) => lines.push(line))).resolves.toBeUndefined();
  expect(lines).toEqual([
    'Postern 0.1.0 is left out: there is no commit 35b1bcd here. In a shallow clone, run: git fetch --unshallow',
  ]);
});

test('so does a folder that is no repository', async () => {
  await expect(whyMissing(folder, firstVersion.commit)).resolves.toContain('no commit 35b1bcd');
});

test('a commit that is there is not missing, a file of that name is', async () => {
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message', 'one');
  const commit = git('rev-parse', 'HEAD');
  await expect(whyMissing(folder, commit)).resolves.toBeUndefined();
  await expect(whyMissing(folder, git('rev-parse', 'HEAD^{tree}'))).resolves.toBeDefined();
});

test('packages of another version, and missing ones, must be installed', () => {
  const pinned = { zod: '4.6.7', yaml: '2.9.1', re2js: '2.10.0' };
  expect(otherVersions(pinned, new Map(Object.entries(pinned)))).toEqual([]);
  expect(
    otherVersions(
      pinned,
      new Map([
        ['zod', '4.6.8'],
        ['yaml', '2.9.1'],
      ]),
    ),
  ).toEqual(['zod', 're2js']);
});
