// Bundles the app with one mechanism taken out, into dist/chaos/NAME: `npm run chaos -- --broken NAME` must fail with it.
// A module is swapped while bundling; the app's own code knows nothing of it.
import { build } from 'esbuild';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { appBundle } from './app-bundle.mjs';

const swaps = {
  'no-lease': 'src/azure/storage',
  'no-write-ahead': 'src/azure/storage',
  'trust-event': 'src/azure/routing-connection-store',
};

const [variant = ''] = process.argv.slice(2);
const swapped = swaps[variant];
if (swapped === undefined) throw new Error(`Unknown build "${variant}": ${Object.keys(swaps).join(', ')}`);
const original = resolve(swapped);
const replacement = resolve('dev/chaos/broken', `${variant}.ts`);
let uses = 0;

const swap = {
  name: 'swap',
  setup(bundler) {
    bundler.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, importer }) => {
      if (importer === replacement || join(resolveDir, path) !== original) return undefined;
      uses += 1;
      return { path: replacement };
    });
  },
};

const outdir = join('dist/chaos', variant);
await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
await build({ ...appBundle, outdir, plugins: [swap] });
// A build that is whole after all would prove nothing.
if (uses === 0) throw new Error(`Nothing imports ${swapped} any more`);
await copyFile('host.json', join(outdir, 'host.json'));
await writeFile(join(outdir, 'package.json'), JSON.stringify({ type: 'module', main: 'functions.mjs' }));
