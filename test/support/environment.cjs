/**
 * Node's test environment, which also disables the `AsyncLocalStorage` that jest creates for each test file.
 * Before Node 24, every storage that was ever used and not disabled costs time at each promise: after eighty
 * files, a test with many awaits takes four times as long.
 */
const { AsyncLocalStorage } = require('node:async_hooks');
const { TestEnvironment } = require('jest-environment-node');

const used = new Set();
const { run } = AsyncLocalStorage.prototype;
AsyncLocalStorage.prototype.run = function (...args) {
  used.add(this);
  return run.apply(this, args);
};

module.exports = class extends TestEnvironment {
  async teardown() {
    for (const storage of used) storage.disable();
    used.clear();
    await super.teardown();
  }
};
