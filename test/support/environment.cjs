/**
 * Node's test environment, without what jest leaves behind in each worker. Every file runs in an `AsyncLocalStorage` of
 * jest's own, and before Node 24 each storage that was ever used costs time at every promise until it is disabled: after
 * eighty files a test that awaits much takes four times as long.
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
