import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BundledPackage } from '../../../../dev/package/bundled-packages';
import { licensesOf } from '../../../../dev/package/licenses';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-licenses-'));
});

afterEach(() => rm(root, { recursive: true }));

async function packageWith(
  name: string,
  license: string | undefined,
  files: Record<string, string>,
  version = '1.0.0',
): Promise<BundledPackage> {
  const folder = join(root, name.replace('/', '-'));
  await mkdir(folder);
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  return { name, version, license, folder };
}

test('every package stands there with version, license and text, notices after the license', async () => {
  const text = await licensesOf([
    await packageWith('one', 'MIT', { 'license.md': 'May be used.\n', 'README.md': 'Read me' }),
    await packageWith('two', 'Apache-2.0', { NOTICE: 'By two', LICENSE: 'The Apache License' }),
  ]);
  expect(text).toContain('one 1.0.0 (MIT)\n\nMay be used.\n');
  expect(text).toContain('two 1.0.0 (Apache-2.0)\n\nThe Apache License\n\nBy two\n');
  expect(text).not.toContain('Read me');
});

test('an unexpected license, no license and no text are told at once', async () => {
  const packages = [
    await packageWith('strict', 'AGPL-3.0-only', { LICENSE: 'Share everything' }),
    await packageWith('mute', undefined, { LICENSE: 'Who knows' }),
    await packageWith('bare', 'MIT', { 'index.js': '' }),
  ];
  const told = await licensesOf(packages).catch((error: unknown) => String(error));
  expect(told).toContain('strict 1.0.0: AGPL-3.0-only license is not among those accepted');
  expect(told).toContain('mute 1.0.0: no license is not among those accepted');
  expect(told).toContain('bare 1.0.0: no license text');
});

test('a package that is known to ship no text gets the text of its license with its author; its next version does not', async () => {
  const known = await packageWith('tr46', 'MIT', {}, '0.0.3');
  const text = await licensesOf([known]);
  expect(text).toContain('Copyright (c) Sebastian Mayr');
  expect(text).toContain('Permission is hereby granted');
  await expect(licensesOf([{ ...known, version: '0.0.4' }])).rejects.toThrow('tr46 0.0.4: no license text');
});
