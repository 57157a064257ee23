/**
 * Loads the unit tests of the mutated rooms into Mocha, with the globals that they know from jest. Mocha keeps them loaded
 * from one mutant to the next; jest would load every module of every suite again, which takes seconds.
 */
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { transformSync } = require('@swc/core');
const { expect } = require('expect');
const { bind } = require('jest-each');
const { ModuleMocker } = require('jest-mock');
const { projects } = require('../../jest.config.cjs');
const { nearestFirst } = require('./nearest.cjs');

const root = join(__dirname, '../..');
// Left out is what is slow: generated cases by the hundred, a day of events, and the crash tests that repeat whole scenarios.
const isSlow = (name) => name.endsWith('.properties.test.ts') || name.endsWith('collapse.test.ts');
const testFiles = [
  'test/unit/crash/bad-end.test.ts',
  'test/unit/cli/policy/policy-guide.test.ts',
  ...['operations', 'review', 'policy'].flatMap((room) => testsIn(`test/unit/${room}`)),
];

// The compiled text outlives the modules, which are loaded again for a mutant of what runs while they load.
const compiled = (globalThis.compiledTypeScript ??= new Map());
const [[, swcOptions]] = Object.values(projects[0].transform);
require.extensions['.ts'] = (module, filename) => {
  const code =
    compiled.get(filename) ?? transformSync(readFileSync(filename, 'utf8'), { ...swcOptions, filename }).code;
  compiled.set(filename, code);
  module._compile(code, filename);
};

// A mutant that twenty-five generated cases do not find is hardly found by more of them. They are the same cases each time: the
// first run tells which test covers which mutant.
const fastCheck = require('fast-check');
const assertQuickly = (property, { numRuns = 25, ...parameters } = {}) =>
  fastCheck.assert(property, { ...parameters, numRuns: Math.min(numRuns, 25), seed: 1 });
require.cache[require.resolve('fast-check')].exports = {
  ...fastCheck,
  __esModule: true,
  default: { ...fastCheck.default, assert: assertQuickly },
};

// Stacks of any depth take seconds where many errors are made. jest sets this limit, Mocha none.
Error.stackTraceLimit = 100;

const mocha = { describe, it, before, after };
let file;
/** Like jest's; the test remembers the file that it came from. */
function test(title, run) {
  const added = mocha.it(title, run);
  added.file = file;
}
function suite(title, define) {
  mocha.describe(title, define);
}
const mocker = new ModuleMocker(globalThis);
Object.assign(globalThis, {
  expect,
  jest: { fn: mocker.fn.bind(mocker), spyOn: mocker.spyOn.bind(mocker) },
  test: Object.assign(test, { each: bind(test, false) }),
  describe: Object.assign(suite, { each: bind(suite, false) }),
  beforeAll: mocha.before,
  afterAll: mocha.after,
});

for (const name of wantedFiles()) {
  file = join(root, name);
  // Hooks at the top of a file are for that file alone, and a title may occur in several files.
  suite(name, () => require(file));
}

function testsIn(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((name) => name.endsWith('.test.ts') && !isSlow(name))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/**
 * Returns the test files to load. For a mutant of what runs while a file loads, `mutatedFile` names that file, and only tests
 * that load it can find the mutant.
 */
function wantedFiles() {
  const { loadedBy = new Map(), mutatedFile } = globalThis;
  if (mutatedFile === undefined) return testFiles;
  const concerned = testFiles.filter((name) => loadedBy.get(join(root, name))?.has(mutatedFile) ?? true);
  return nearestFirst(concerned, (name) => name, mutatedFile);
}
