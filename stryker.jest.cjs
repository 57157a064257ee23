const { projects, ...options } = require('./jest.config.cjs');

/** The unit tests of what is mutated. They need nothing that is built, no port and no other process. */
module.exports = {
  ...options,
  ...projects.find(({ displayName }) => displayName === 'unit'),
  // A mutant that thousands of cases do not find is not found by more of them.
  setupFiles: ['<rootDir>/test/support/fewer-cases.cjs'],
  testMatch: ['<rootDir>/test/unit/{policy,review,operations}/**/*.test.ts'],
};
