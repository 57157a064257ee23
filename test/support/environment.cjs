/**
 * Node's test environment; it also disables the `AsyncLocalStorage` that jest creates for each test file. Before Node 24,
 * every storage that was ever used slows down every promise in the worker: after eighty files, tests that await much took
 * four times as long.
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
