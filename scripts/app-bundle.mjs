// How the deployed app is bundled, for the build and for builds that are broken on purpose.
import { dirname, resolve } from 'node:path';

// CommonJS packages inside an ES module bundle call require(); the platform has none there.
const makesRequire = "import { createRequire as __createRequire } from 'node:module';";
const banner = { js: `${makesRequire}\nconst require = __createRequire(import.meta.url);` };
/** Makes it at the first call, which takes a third of a millisecond, and most chunks never call it. */
const lateBanner = {
  js: `${makesRequire}\nlet __made;const require = (id) => (__made ??= __createRequire(import.meta.url))(id);`,
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

/**
 * Makes one chunk of what the first invocation shares with what is loaded later. Without this, esbuild makes one of every
 * combination of modules that share something, and each chunk costs a cold start a millisecond. So whatever a module of
 * src imports on demand imports the composition as well, which has run by then.
 */
const oneSharedChunk = {
  name: 'one-shared-chunk',
  setup(bundler) {
    const composition = resolve('src/composition.ts');
    bundler.onResolve({ filter: /^\.{1,2}\// }, async ({ kind, path, importer, ...where }) => {
      // Nothing has run yet for what src/app.ts imports.
      if (kind !== 'dynamic-import' || !importer.includes('/src/') || importer.endsWith('/src/app.ts'))
        return;
      if (path.endsWith('.json')) return;
      const found = await bundler.resolve(path, { kind: 'import-statement', importer, ...where });
      return found.errors.length > 0 ? found : { path: found.path, namespace: 'on-demand' };
    });
    bundler.onLoad({ filter: /.*/, namespace: 'on-demand' }, ({ path }) => ({
      contents: [composition, path]
        .map((file, index) => `${index === 0 ? 'import' : 'export * from'} ${JSON.stringify(file)};`)
        .join('\n'),
      resolveDir: dirname(path),
    }));
  },
};

export const appBundle = {
  ...common,
  banner: lateBanner,
  entryPoints: { functions: 'functions/index.ts' },
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  legalComments: 'linked',
  // Less to read and to compile at a cold start. Names stay: stack traces show them.
  minifySyntax: true,
  minifyWhitespace: true,
  plugins: [oneSharedChunk],
};

/** What the entry point falls back on when the rest does not load: it shares no file with it. */
export const fallbackBundle = {
  ...appBundle,
  entryPoints: { 'failed-start': 'functions/failed-start.ts' },
  splitting: false,
};
