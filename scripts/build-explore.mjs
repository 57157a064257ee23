// Bundles `npm run explore` and `npm run estate` with the whole app in them, into dist/dev, or with one mechanism of the
// app removed into dist/explore/NAME (its worlds must then break a law), or with one file of the app replaced into
// dist/explore/mutant (`mutant FILE TEXT_FILE`). What the app reaches through its
// platform is simulated; a few modules are replaced.
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { edits } from '../dev/explore/broken/edits.mjs';
import { common } from './app-bundle.mjs';

const swaps = new Map([
  [resolve('functions/worker'), resolve('dev/explore/app/worker.ts')],
  [resolve('src/policy/compile-policy'), resolve('dev/explore/app/compile-policy.ts')],
  [resolve('src/worker/invocation'), resolve('dev/explore/app/invocation.ts')],
  [resolve('src/worker/source-maps'), resolve('dev/explore/app/source-maps.ts')],
  [resolve('dev/azure/access/roles'), resolve('dev/explore/app/access-roles.ts')],
  [resolve('src/worker/heap-growth'), resolve('dev/explore/app/heap-growth.ts')],
  [resolve('src/connections/resource-id'), resolve('dev/explore/app/resource-id.ts')],
  [resolve('src/console/sign-in/verify-token'), resolve('dev/explore/app/verify-token.ts')],
  [resolve('src/base/digest'), resolve('dev/explore/app/digest.ts')],
  [resolve('src/azure/storage/tables/connection-row'), resolve('dev/explore/app/connection-row.ts')],
]);

/** Modules of which one thing is replaced: what they would otherwise do for each call takes a tenth of a run. */
const rewritten = new Map([
  [
    resolve('src/base/timeout.ts'),
    (text) =>
      `import { SimulatedAbortController as AbortController } from ${JSON.stringify(resolve('dev/explore/app/abort-controller.ts'))};\n${text}`,
  ],
  [
    resolve('src/azure/arm/connections/sdk-call.ts'),
    (text) =>
      `import * as pipeline from '@azure/core-rest-pipeline';\n${replaced(text, "import('@azure/core-rest-pipeline')", 'pipeline')}`,
  ],
]);

function replaced(text, from, to) {
  if (!text.includes(from)) throw new Error(`There is no "${from}" any more`);
  return text.replaceAll(from, to);
}

/** What the build `trust-event` replaces. */
const trusting = resolve('src/azure/arm/connections/routing-connection-store');

const swap = {
  name: 'swap',
  setup(bundler) {
    bundler.onResolve({ filter: /^@azure\/functions$/ }, () => ({
      path: resolve('dev/explore/app/functions-sdk.ts'),
    }));
    bundler.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, importer }) => {
      const replacement = swaps.get(join(resolveDir, path));
      return replacement === undefined || importer === replacement ? undefined : { path: replacement };
    });
    bundler.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
      const rewrite = rewritten.get(path);
      return rewrite && { contents: rewrite(await readFile(path, 'utf8')), loader: 'ts' };
    });
  },
};

/** Edits modules of the app while bundling. The build fails if a text is not found. */
function editing(edits) {
  const done = new Set();
  return {
    name: 'edit',
    setup(bundler) {
      bundler.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
        const wanted = edits.filter(({ file }) => resolve(file) === path);
        if (wanted.length === 0) return undefined;
        let contents = await readFile(path, 'utf8');
        for (const { file, from, to } of wanted) {
          if (!contents.includes(from)) throw new Error(`${file} has no "${from}" any more`);
          contents = contents.replaceAll(from, to);
          done.add(file + from);
        }
        return { contents, loader: 'ts' };
      });
      bundler.onEnd(() => {
        for (const { file, from } of edits)
          if (!done.has(file + from)) throw new Error(`Nothing imports ${file} any more`);
      });
    },
  };
}

const bundle = {
  ...common,
  entryPoints: { explore: 'dev/explore/main.ts' },
  // Packages stay outside: the explorer runs in this folder only.
  packages: 'external',
  plugins: [swap],
};

/** Fails if the app imports a package later that dev/explore/app/packages.ts does not load at the start. */
function checkPackages({ outputs }) {
  const imports = Object.values(outputs).flatMap((output) => output.imports);
  const atStart = new Set(imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => path));
  const late = imports.find(({ kind, path }) => kind === 'dynamic-import' && !atStart.has(path));
  if (late !== undefined) throw new Error(`dev/explore/app/packages.ts does not load ${late.path}`);
}

/** Replaces the whole text of one module of the app. The build fails if nothing imports it. */
function replacing(file, textFile) {
  let isDone = false;
  return {
    name: 'replace',
    setup(bundler) {
      bundler.onLoad({ filter: /\/src\/.*\.ts$/ }, async ({ path }) => {
        if (path !== resolve(file)) return undefined;
        isDone = true;
        return { contents: await readFile(textFile, 'utf8'), loader: 'ts' };
      });
      bundler.onEnd(() => {
        if (!isDone) throw new Error(`The explorer's app does not contain ${file}`);
      });
    },
  };
}

const [name, ...mutant] = process.argv.slice(2);
if (name === undefined) {
  const entryPoints = { ...bundle.entryPoints, estate: 'dev/estate/main.ts' };
  const { metafile } = await build({ ...bundle, entryPoints, outdir: 'dist/dev', metafile: true });
  const [, explorer] = Object.entries(metafile.outputs).find(([path]) => path.endsWith('/explore.mjs'));
  checkPackages({ outputs: { explorer } });
} else if (name === 'mutant') {
  await build({
    ...bundle,
    plugins: [replacing(...mutant), ...bundle.plugins],
    outdir: 'dist/explore/mutant',
  });
} else if (name === 'trust-event' || edits[name] !== undefined) {
  const plugins = [...bundle.plugins, editing(edits[name] ?? [])];
  if (name === 'trust-event') swaps.set(trusting, resolve('dev/chaos/broken/trust-event.ts'));
  await build({ ...bundle, plugins, outdir: join('dist/explore', name) });
} else throw new Error(`Unknown build "${name}": ${['trust-event', ...Object.keys(edits)].join(', ')}`);
