/**
 * Mutation testing of what decides, what a review does with it, and what carries it out: `npm run mutation`, or of one file or
 * folder: `npm run mutation -- src/review/limits`. scripts/mutation/main.mjs judges the report.
 */
export default {
  plugins: [
    '@stryker-mutator/mocha-runner',
    './scripts/mutation/runner.mjs',
    './scripts/mutation/ignore-log-lines.mjs',
  ],
  ignorers: ['log-lines'],
  testRunner: 'warm-mocha',
  mochaOptions: { spec: ['scripts/mutation/suites.cjs'] },
  coverageAnalysis: 'perTest',
  mutate: ['src/{policy,operations,review}/**/*.ts'],
  incremental: true,
  incrementalFile: '.stryker-report/incremental.json',
  reporters: ['json', 'progress-append-only'],
  // Not below node_modules: nothing there is compiled.
  tempDirName: '.stryker',
  jsonReporter: { fileName: '.stryker-report/mutation.json' },
  ignorePatterns: ['.stryker*', 'dist'],
  concurrency: 1,
  // A busy machine is no endless loop.
  timeoutMS: 10_000,
  timeoutFactor: 3,
};
