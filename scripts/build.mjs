// Bundles what is deployed (dist/app, dist/console) and what only runs here (dist/dev).
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { appBundle, common, fallbackBundle } from './app-bundle.mjs';

await rm('dist', { recursive: true, force: true });
const bundles = [appBundle, fallbackBundle];
const built = await Promise.all(
  bundles.map((bundle) => build({ ...bundle, outdir: 'dist/app', metafile: true })),
);
const all = (part) => Object.assign({}, ...built.map(({ metafile }) => metafile[part]));
// What the bundles are made of, for `npm run package`.
await writeFile('dist/app.meta.json', JSON.stringify({ inputs: all('inputs'), outputs: all('outputs') }));

const tools = {
  start: 'dev/start/main.ts',
  azure: 'dev/azure/main.ts',
  host: 'dev/host/main.ts',
  chaos: 'dev/chaos/main.ts',
  'record-release': 'dev/chaos/beside/main.ts',
  'host-worker': 'dev/host/worker/main.ts',
  package: 'dev/package/main.ts',
  screenshots: 'dev/console/screenshots.ts',
};
const entryPoints = Object.fromEntries(Object.entries(tools).filter(([, file]) => existsSync(file)));
await build({ ...common, entryPoints, outdir: 'dist/dev', packages: 'external' });
// The tools load what connects to Azure only when they need it.
await build({
  ...common,
  entryPoints: { postern: 'src/cli/main.ts' },
  outdir: 'dist/dev',
  packages: 'external',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
});
const benches = {
  policy: 'bench/policy/main.ts',
  scale: 'bench/scale/main.ts',
  bench: 'bench/main.ts',
  'host-process': 'bench/system/host-process.ts',
  'cold-probe': 'bench/cold/probe.ts',
  'flow-floor': 'bench/flow/floor/main.ts',
};
await build({
  ...common,
  entryPoints: benches,
  outdir: 'dist/bench',
  packages: 'external',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
});
await import('./build-console.mjs');
await import('./build-report.mjs');
// Last, because it edits and replaces modules of the app.
await import('./build-explore.mjs');
