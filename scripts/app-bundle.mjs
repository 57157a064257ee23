// How the deployed app is bundled, for the build and for builds that are broken on purpose.

// CommonJS packages inside an ES module bundle call require(); the platform has none there.
const banner = {
  js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
};

export const common = {
  bundle: true,
  platform: 'node',
  // The oldest that package.json allows; Azure runs 24.
  target: 'node20.19',
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

export const appBundle = {
  ...common,
  entryPoints: { functions: 'functions/index.ts' },
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'linked',
  minifySyntax: true,
};

/** What the entry point falls back on when the rest does not load: it shares no file with it. */
export const fallbackBundle = {
  ...appBundle,
  entryPoints: { 'failed-start': 'functions/failed-start.ts' },
  splitting: false,
};
