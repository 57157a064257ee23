// Builds the console's page into dist/console: index.html and assets with a hash in their names, each also compressed.
import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const folder = 'dist/console';

const { outputFiles, metafile } = await build({
  entryPoints: { page: 'console/main.tsx', style: 'console/style.css' },
  outdir: join(folder, 'assets'),
  entryNames: '[name]-[hash]',
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  // The oldest that know light-dark() and <dialog>.
  target: ['chrome123', 'firefox120', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  charset: 'utf8',
  write: false,
  metafile: true,
  logLevel: 'warning',
});
await rm(folder, { recursive: true, force: true });
await mkdir(join(folder, 'assets'), { recursive: true });
for (const { path, contents } of outputFiles) await save(join(folder, 'assets', basename(path)), contents);

const nameOf = (ending) =>
  `assets/${outputFiles.map(({ path }) => basename(path)).find((each) => each.endsWith(ending))}`;
const page = await readFile('console/page.html', 'utf8');
await save(
  join(folder, 'index.html'),
  Buffer.from(page.replace('STYLE', nameOf('.css')).replace('SCRIPT', nameOf('.js'))),
);
// What the page is made of, for `npm run package`.
await writeFile('dist/console.meta.json', JSON.stringify(metafile));

async function save(path, contents) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(contents, { params }),
    promisify(gzip)(contents, { level: 9 }),
  ]);
  await Promise.all([writeFile(path, contents), writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
}
