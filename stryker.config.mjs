/**
 * Mutation testing of what decides and of what a review does with it, by hand: `npm run mutation`. All of it takes hours;
 * `npm run mutation -- --mutate src/review/meet.ts` takes one file.
 */
export default {
  testRunner: 'jest',
  jest: { projectType: 'custom', configFile: 'stryker.jest.cjs', enableFindRelatedTests: true },
  coverageAnalysis: 'perTest',
  mutate: ['src/policy/**/*.ts', 'src/review/**/*.ts'],
  // What is computed once when its file loads would need every test again.
  ignoreStatic: true,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  // Not below node_modules: jest looks for no tests there.
  tempDirName: '.stryker',
  jsonReporter: { fileName: '.stryker-report/mutation.json' },
  concurrency: 2,
  timeoutMS: 20_000,
};
