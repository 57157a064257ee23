// Bundles what is deployed (dist/app) and what only runs here (dist/dev).
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';

// CommonJS packages inside an ES module bundle call require(); the platform has none there.
const banner = {
  js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
};
const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // ES modules where a package has them: named exports survive, and what is not used is left out.
  mainFields: ['module', 'main'],
  sourcemap: 'linked',
  banner,
  outExtension: { '.js': '.mjs' },
  // The Functions worker provides this one at run time.
  external: ['@azure/functions-core'],
  logLevel: 'warning',
};

await rm('dist', { recursive: true, force: true });
await build({
  ...common,
  entryPoints: { functions: 'functions/index.ts' },
  outdir: 'dist/app',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'linked',
  minifySyntax: true,
});

const tools = {
  start: 'dev/start/main.ts',
  azure: 'dev/azure/main.ts',
  host: 'dev/host/main.ts',
  'host-worker': 'dev/host/worker.ts',
  postern: 'src/cli/main.ts',
};
const entryPoints = Object.fromEntries(Object.entries(tools).filter(([, file]) => existsSync(file)));
await build({ ...common, entryPoints, outdir: 'dist/dev', packages: 'external' });
await build({
  ...common,
  entryPoints: { policy: 'bench/policy/main.ts' },
  outdir: 'dist/bench',
  packages: 'external',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
});
