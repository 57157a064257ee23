import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, brotliDecompressSync } from 'node:zlib';
import { projectRoot } from '../../support/repo/project';

const folder = join(projectRoot, 'dist/console');
const files = (): string[] => [
  'index.html',
  ...readdirSync(join(folder, 'assets'))
    .filter((name) => /\.(js|css)$/.test(name))
    .map((name) => `assets/${name}`),
];
const read = (path: string): Buffer => readFileSync(join(folder, path));

test('the whole page is at most 25 KB to transfer', () => {
  const bytes = files().reduce((sum, path) => sum + read(`${path}.gz`).length, 0);
  expect(bytes).toBeLessThanOrEqual(25_000);
});

test('it is one page, one script and one style sheet, each compressed twice, and nothing else', () => {
  const all = files();
  expect(all).toEqual([
    'index.html',
    expect.stringMatching(/^assets\/page-[A-Z0-9]{8}\.js$/),
    expect.stringMatching(/^assets\/style-[A-Z0-9]{8}\.css$/),
  ]);
  for (const path of all) {
    expect(gunzipSync(read(`${path}.gz`)).equals(read(path))).toBe(true);
    expect(brotliDecompressSync(read(`${path}.br`)).equals(read(path))).toBe(true);
  }
  expect(readdirSync(folder, { recursive: true })).toHaveLength(1 + 3 * all.length);
});

test('the page names what it loads relatively, and has no script or style of its own', () => {
  const page = read('index.html').toString();
  for (const path of files().slice(1)) expect(page).toContain(`"${path}"`);
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|https?:(?!\/\/www\.w3\.org)/);
  expect(page.match(/<script[^>]*>/g)).toEqual([expect.stringContaining('src="assets/')]);
});
