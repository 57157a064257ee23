// Bundles the app for `npm run chaos` into dist/chaos/NAME: `whole`, or with one mechanism removed (a run
// must then fail). Modules are replaced or edited while bundling; the app's code is not aware of it.
import { build } from 'esbuild';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { appBundle } from './app-bundle.mjs';
import { edits } from '../dev/chaos/broken/edits.mjs';

/** Modules that are replaced by those in dev/chaos/broken. */
const swaps = {
  'no-lease': 'src/azure/storage/storage',
  'no-write-ahead': 'src/azure/storage/storage',
  'trust-event': 'src/azure/arm/connections/routing-connection-store',
};

/** Intervals of minutes become seconds, because a run lasts only minutes. */
const haste = [
  {
    file: 'src/policy/file/limits-schema.ts',
    from: 'shortestApprovalSeconds: 10 * 60',
    to: 'shortestApprovalSeconds: 1',
  },
  {
    file: 'src/operations/write/write-spacing.ts',
    from: 'spacingSeconds = 10 * 60',
    to: 'spacingSeconds = 15',
  },
  {
    file: 'src/review/facts/tenants.ts',
    from: 'approvalMaxAgeSeconds = 60 * 60',
    to: 'approvalMaxAgeSeconds = 15',
  },
  { file: 'src/operations/retry.ts', from: 'firstRetrySeconds = 15 * 60', to: 'firstRetrySeconds = 15' },
  // Longer than the slowest operation of the local Azure (six minutes, which are nine seconds of a run), but
  // not scaled by its speed.
  {
    file: 'src/connections/target-type.ts',
    from: '    ...row,\n',
    to: '    ...row,\n    deadlineSeconds: (row.deadlineSeconds ?? 30 * 60) > 15 * 60 ? 90 : 60,\n',
  },
];

const [name = ''] = process.argv.slice(2);
const swapped = swaps[name];
const edited = [...haste, ...(edits[name] ?? [])];
if (name !== 'whole' && swapped === undefined && edits[name] === undefined)
  throw new Error(`Unknown build "${name}": ${['whole', ...Object.keys({ ...swaps, ...edits })].join(', ')}`);
const done = new Set();

const swap = {
  name: 'swap',
  setup(bundler) {
    if (swapped === undefined) return;
    const original = resolve(swapped);
    const replacement = resolve('dev/chaos/broken', `${name}.ts`);
    bundler.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, importer }) => {
      if (importer === replacement || join(resolveDir, path) !== original) return undefined;
      done.add(swapped);
      return { path: replacement };
    });
  },
};

const edit = {
  name: 'edit',
  setup(bundler) {
    bundler.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const wanted = edited.filter(({ file }) => resolve(file) === path);
      if (wanted.length === 0) return undefined;
      let contents = await readFile(path, 'utf8');
      for (const { file, from, to } of wanted) {
        if (!contents.includes(from)) throw new Error(`${file} has no "${from}" any more`);
        contents = contents.replaceAll(from, to);
        done.add(file + from);
      }
      return { contents, loader: 'ts' };
    });
  },
};

const outdir = join('dist/chaos', name);
await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
await build({ ...appBundle, outdir, plugins: [swap, edit] });
// A build without its edit would prove nothing.
if (swapped !== undefined && !done.has(swapped)) throw new Error(`Nothing imports ${swapped} any more`);
for (const { file, from } of edited)
  if (!done.has(file + from)) throw new Error(`Nothing imports ${file} any more`);
await copyFile('host.json', join(outdir, 'host.json'));
await writeFile(join(outdir, 'package.json'), JSON.stringify({ type: 'module', main: 'functions.mjs' }));
