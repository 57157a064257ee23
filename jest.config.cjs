/** Tests talk to loopback only; swc strips the types, `npm run typecheck` checks them. */
module.exports = {
  testEnvironment: 'node',
  globalSetup: '<rootDir>/test/support/global-setup.cjs',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // Takes minutes: `npm run test:crash`.
  testPathIgnorePatterns: ['/node_modules/', 'test/e2e/crash'],
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
  transformIgnorePatterns: ['/node_modules/(?!(@marcbachmann/cel-js|re2js)/)'],
  // By default jest leaves one core idle; the end-to-end tests mostly wait.
  maxWorkers: '100%',
  // For what hangs: the longest that is not given a time of its own took 68 s on two busy cores.
  testTimeout: 180_000,
};
