import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundledPackages } from '../../../../dev/package/bundled-packages';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-bundled-'));
});

afterEach(() => rm(root, { recursive: true }));

async function write(path: string, manifest: Record<string, unknown>): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), JSON.stringify(manifest));
}

function bundleOf(...files: [path: string, bytes: number][]) {
  const inputs = Object.fromEntries(files.map(([path, bytesInOutput]) => [path, { bytesInOutput }]));
  return { outputs: { 'app.mjs': { bytes: 1, inputs, imports: [], exports: [] } } };
}

test('each package is named once, whatever the number of its files and copies, and our own files are none', async () => {
  await write('node_modules/@azure/core/package.json', {
    name: '@azure/core',
    version: '1.0.0',
    license: 'MIT',
  });
  await write('node_modules/b/package.json', { name: 'b', version: '2.0.0', license: 'ISC' });
  await write('node_modules/a/node_modules/b/package.json', { name: 'b', version: '2.0.0', license: 'ISC' });
  const bundle = bundleOf(
    ['src/app.ts', 5],
    ['node_modules/b/index.js', 5],
    ['node_modules/a/node_modules/b/index.js', 5],
    ['node_modules/@azure/core/one.js', 5],
    ['node_modules/@azure/core/dist/two.js', 5],
  );
  const found = await bundledPackages(bundle, root);
  expect(found.map(({ name, version, license }) => [name, version, license])).toEqual([
    ['@azure/core', '1.0.0', 'MIT'],
    ['b', '2.0.0', 'ISC'],
  ]);
});

test('two versions are two packages', async () => {
  await write('node_modules/b/package.json', { name: 'b', version: '2.0.0' });
  await write('node_modules/a/node_modules/b/package.json', { name: 'b', version: '1.0.0' });
  const bundle = bundleOf(['node_modules/b/i.js', 1], ['node_modules/a/node_modules/b/i.js', 1]);
  expect((await bundledPackages(bundle, root)).map(({ version }) => version)).toEqual(['1.0.0', '2.0.0']);
});

test('a package.json without a name, which only says how to read a folder, is passed by', async () => {
  await write('node_modules/b/package.json', { name: 'b', version: '2.0.0', license: 'MIT' });
  await write('node_modules/b/dist/esm/package.json', { type: 'module' });
  const [found] = await bundledPackages(bundleOf(['node_modules/b/dist/esm/index.js', 1]), root);
  expect(found).toEqual({
    name: 'b',
    version: '2.0.0',
    license: 'MIT',
    folder: join(root, 'node_modules/b'),
  });
});

test('what was read and left out of the bundle needs no license', async () => {
  await write('node_modules/b/package.json', { name: 'b', version: '2.0.0', license: 'MIT' });
  expect(await bundledPackages(bundleOf(['node_modules/b/index.js', 0]), root)).toEqual([]);
});
