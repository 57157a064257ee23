// Builds two apps for comparison with the deployed bundle into the given folder: the same app with its
// packages in node_modules, and an app with one empty function. Prints as JSON what the bundle and the
// unbundled app load on demand.
import { build } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { appBundle } from '../../scripts/app-bundle.mjs';

const [folder = ''] = process.argv.slice(2);
const main = JSON.stringify({ type: 'module', main: 'functions.mjs' });

const unbundled = join(folder, 'unbundled');
const { metafile } = await app(unbundled, { packages: 'external' });
const empty =
  "import { app } from '@azure/functions'; app.eventGrid('onResourceEvent', { handler: () => undefined });";
await app(join(folder, 'empty'), {
  entryPoints: undefined,
  stdin: { contents: empty, resolveDir: resolve('.'), sourcefile: 'functions.js' },
  outdir: undefined,
  outfile: join(folder, 'empty', 'functions.mjs'),
  splitting: false,
});
const bundle = JSON.parse(await readFile('dist/app.meta.json', 'utf8'));
process.stdout.write(JSON.stringify({ bundle: loadedOnDemand(bundle), unbundled: loadedOnDemand(metafile) }));

async function app(outdir, options) {
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  await writeFile(join(outdir, 'package.json'), main);
  return build({ ...appBundle, outdir, metafile: true, ...options });
}

/**
 * Returns what the project's own sources import on demand: the URL of an output file, or the name of a
 * package.
 */
function loadedOnDemand({ inputs, outputs }) {
  const outputOf = new Map(
    Object.entries(outputs).flatMap(([file, { entryPoint }]) => (entryPoint ? [[entryPoint, file]] : [])),
  );
  const ours = Object.entries(inputs).filter(([file]) => /^(src|functions)\//.test(file));
  const wanted = ours
    .flatMap(([, { imports }]) => imports)
    .filter(({ kind, path }) => kind === 'dynamic-import' && !path.startsWith('node:'))
    .map(({ path, external }) => (external ? path : outputOf.get(path)));
  return [...new Set(wanted)].map((file) => (outputs[file] ? new URL(resolve(file), 'file://').href : file));
}
