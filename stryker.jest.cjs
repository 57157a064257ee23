/** The unit tests alone: they need nothing that is built, no port and no other process. */
module.exports = {
  ...require('./jest.config.cjs'),
  globalSetup: undefined,
  // A mutant that thousands of cases do not find is not found by more of them.
  setupFiles: ['<rootDir>/test/support/fewer-cases.cjs'],
  testMatch: ['<rootDir>/test/unit/{policy,review,operations}/**/*.test.ts'],
};
