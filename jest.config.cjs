/**
 * Four projects, each a folder of test/: `npx jest --selectProjects unit` runs one. Tests talk to loopback only; swc strips
 * the types, `npm run typecheck` checks them.
 */
const common = {
  roots: ['<rootDir>/test'],
  testEnvironment: require.resolve('./test/support/environment.cjs'),
  transform: {
    '\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // These ship ES modules only; jest loads CommonJS.
  transformIgnorePatterns: ['/node_modules/(?!(@marcbachmann/cel-js|re2js|jose|oidc-provider)/)'],
};
const project = (name, options = {}) => ({
  ...common,
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  ...options,
});

module.exports = {
  projects: [
    // Runs within one process, over fakes.
    project('unit'),
    // Compares adapters, fakes, scripts and the local Azure with real storage, processes, query engines and recordings.
    project('contract'),
    // Runs what the README's commands build, and builds it first. The crash suite takes minutes: `npm run test:crash`.
    project('e2e', {
      globalSetup: '<rootDir>/test/support/global-setup.cjs',
      testPathIgnorePatterns: ['/node_modules/', 'test/e2e/crash'],
    }),
    // A few thousand cases of each; `npm run fuzz` runs more.
    project('fuzz'),
  ],
  // By default jest leaves one core idle; the end-to-end tests mostly wait.
  maxWorkers: '100%',
  // Concurrent tests of one file start processes of their own.
  maxConcurrency: 2,
  // For what hangs: the longest that is not given a time of its own took 68 s on two busy cores.
  testTimeout: 180_000,
};
