import Module from 'node:module';
import { pathToFileURL } from 'node:url';
import type { AppRegistry } from './core';
import type { CoreApi } from './core-types';
import { entryFiles } from './entry-files';

/**
 * Loads the app and brings it to where it can be invoked: entry files, appStart hooks, capabilities, lock.
 * Resolves to the capabilities that the app asks for. Rejects loudly wherever a real app would end up broken,
 * also where the real host would start *without any functions and without an error*.
 */
export async function loadApp(
  app: AppRegistry,
  options: { appDirectory: string; hostVersion: string },
): Promise<Record<string, string>> {
  serveCore(app.coreApi(options.hostVersion));
  try {
    for (const file of await entryFiles(options.appDirectory)) await import(pathToFileURL(file).href);
  } catch (error) {
    throw new Error(loadFailure(app, error), { cause: error });
  }
  if (app.functions.size === 0 || app.model === undefined) {
    throw new Error('The app registered no function. A real host starts such an app without a word.');
  }
  for (const hook of app.hooks('appStart')) {
    await hook({
      hookData: app.appLevelHookData,
      appHookData: app.appHookData,
      functionAppDirectory: options.appDirectory,
    });
  }
  const capabilities = (await app.model.getCapabilities?.({})) ?? {};
  app.lock();
  return capabilities;
}

/** Answers the library's `require('@azure/functions-core')`, the way the real worker does it. */
function serveCore(core: CoreApi): void {
  const original = Module.prototype.require;
  function require(this: unknown, id: string): unknown {
    return id === '@azure/functions-core' ? core : original.call(this, id);
  }
  Object.assign(Module.prototype, { require: Object.assign(require, original) });
}

function loadFailure(app: AppRegistry, error: unknown): string {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (app.functions.size > 0) return `The app's entry point failed: ${detail}`;
  return (
    `The app's entry point failed before it registered a function: ${detail}\n` +
    'A real host hides this failure: it starts normally, with zero functions.'
  );
}
