import { createRequire } from 'node:module';
import { sep } from 'node:path';
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import { MutantRunStatus } from '@stryker-mutator/api/test-runner';
import { createMochaTestRunner } from '@stryker-mutator/mocha-runner';
import { nearestFirst } from './nearest.cjs';

const { cache } = createRequire(import.meta.url);

/**
 * Stryker's Mocha runner, with two additions: it loads the sources again for a mutant of what runs while they load, and it
 * runs the test that found a mutant once more without the mutant. A mutant may leave something behind in a module, which
 * then fails the test for every later mutant: such a kill is none, and the mutant is tried again in a new process. After a
 * mutant of what runs while the sources load, everything is loaded again.
 */
class WarmRunner {
  constructor(injector) {
    this.injector = injector;
  }

  async capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    this.runner = this.injector.injectFunction(createMochaTestRunner);
    await this.runner.init();
  }

  async dryRun(options) {
    const result = await this.runner.dryRun(options);
    globalThis.loadedBy ??= loadedByTests();
    return result;
  }

  async mutantRun(options) {
    if (options.reloadEnvironment) await this.reload();
    if (options.mutantActivation === 'static') globalThis.mutatedFile = options.sandboxFileName;
    else this.putNearestFirst(options.sandboxFileName);
    const result = await this.runTests(options);
    // As long as it is not known, everything is loaded.
    if (result.status !== MutantRunStatus.Error) globalThis.loadedBy ??= loadedByTests();
    if (options.mutantActivation === 'static') {
      return result.status === MutantRunStatus.Error ? this.withoutLoading(options, result) : result;
    }
    if (result.status === MutantRunStatus.Killed) await this.confirm(options, result.killedBy);
    return result;
  }

  /** Runs the tests of the filter. The runner would make a regular expression of their names, which takes longer than most. */
  runTests({ testFilter, ...options }) {
    const wanted = testFilter && new Set(testFilter);
    this.runner.originalGrep = { test: (name) => wanted?.has(name) ?? true };
    return this.runner.mutantRun(options);
  }

  putNearestFirst(mutatedFile) {
    const { suite } = this.runner.mocha;
    suite.suites = nearestFirst(suite.suites, ({ title }) => title, mutatedFile);
  }

  /** Returns the result for a mutant with which the tests do not even load: it is found, unless they do not without it. */
  async withoutLoading({ activeMutant, ...options }, { errorMessage }) {
    await this.reload();
    globalThis.mutatedFile = options.sandboxFileName;
    const unmutated = { ...activeMutant, id: 'none' };
    const again = await this.runTests({ ...options, activeMutant: unmutated, testFilter: ['only load'] });
    if (again.status !== MutantRunStatus.Survived)
      throw new Error(`Without a mutant, this fails as well: ${errorMessage}`);
    const files = [...(globalThis.loadedBy ?? loadedByTests()).values()].filter((loaded) =>
      loaded.has(options.sandboxFileName),
    );
    const failureMessage = `The tests do not load: ${errorMessage}`;
    return { status: MutantRunStatus.Killed, failureMessage, killedBy: [], nrOfTests: files.length };
  }

  async confirm({ activeMutant, ...options }, killedBy) {
    const unmutated = { ...activeMutant, id: 'none' };
    const again = await this.runTests({ ...options, activeMutant: unmutated, testFilter: [killedBy].flat() });
    if (again.status !== MutantRunStatus.Survived) {
      throw new Error(`Without a mutant, this fails as well: ${[killedBy].flat().join(', ')}`);
    }
  }

  async reload() {
    globalThis.mutatedFile = undefined;
    await this.runner.dispose();
    for (const file of ownModules()) delete cache[file];
    await this.init();
  }

  dispose() {
    return this.runner.dispose();
  }
}

function ownModules() {
  return Object.keys(cache).filter((file) => !file.includes(`${sep}node_modules${sep}`));
}

/** Returns, for each test file, the files that it loads, directly or not. */
function loadedByTests() {
  return new Map(
    ownModules()
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => [file, filesBelow(cache[file], new Set())]),
  );
}

function filesBelow(module, seen) {
  for (const child of module.children) {
    if (seen.has(child.filename) || child.filename.includes(`${sep}node_modules${sep}`)) continue;
    filesBelow(child, seen.add(child.filename));
  }
  return seen;
}

function createWarmRunner(injector) {
  return new WarmRunner(injector);
}
createWarmRunner.inject = tokens(commonTokens.injector);

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'warm-mocha', createWarmRunner)];
