import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diskOutputFiles } from '../../../src/cli/disk-output-files';
import { readReportPage } from '../../../src/cli/report/report-page';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file is written whole, over an old one, and leaves nothing else', async () => {
  const path = join(folder, 'r.csv');
  await writeFile(path, 'old '.repeat(1_000));
  const pieces = Array.from({ length: 3_000 }, (_, at) => `${at},${'ü'.repeat(200)}\r\n`);
  await diskOutputFiles.write(path, pieces, { replace: true });
  expect(await readFile(path, 'utf8')).toBe(pieces.join(''));
  expect(await readdir(folder)).toEqual(['r.csv']);
  expect([await diskOutputFiles.exists(path), await diskOutputFiles.exists(`${path}x`)]).toEqual([
    true,
    false,
  ]);
});

test('when the pieces break off, the old file stays', async () => {
  const path = join(folder, 'r.csv');
  await writeFile(path, 'old');
  function* broken(): Generator<string> {
    yield 'x'.repeat(1_000_000);
    throw new Error('no more');
  }
  await expect(diskOutputFiles.write(path, broken(), { replace: true })).rejects.toThrow(
    `cannot write ${path}: Error: no more`,
  );
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['r.csv']);
});

test('a file that must stay stays, even if it came after the tool has looked', async () => {
  const path = join(folder, 'r.csv');
  await writeFile(path, 'old');
  await expect(diskOutputFiles.write(path, ['new'], { replace: false })).rejects.toThrow('--replace');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readdir(folder)).toEqual(['r.csv']);
});

test('a folder that is not there, and a file that is a folder, are named with the fix', async () => {
  const away = diskOutputFiles.write(join(folder, 'no', 'r.csv'), [], { replace: true });
  await expect(away).rejects.toThrow('there is no such folder; create it');
  await expect(diskOutputFiles.write(folder, ['x'], { replace: true })).rejects.toThrow(
    'it is a folder; choose another path',
  );
});

test('a page that was not built says how to build it', async () => {
  await expect(readReportPage(join(folder, 'page.html'))).rejects.toThrow('Run npm run build');
});
