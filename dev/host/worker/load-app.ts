import Module from 'node:module';
import { pathToFileURL } from 'node:url';
import type { AppRegistry } from './core';
import type { CoreApi } from './core-types';
import { entryFiles } from './entry-files';

/**
 * Loads the app: entry files, appStart hooks, capabilities, lock. Resolves to the capabilities that the app
 * requests. Rejects where the real worker fails. If an entry point fails before it has registered a function,
 * the app starts without functions, and only the log says so.
 */
export async function loadApp(
  app: AppRegistry,
  options: { readonly appDirectory: string; readonly hostVersion: string },
): Promise<Record<string, string>> {
  serveCore(app.coreApi(options.hostVersion));
  try {
    for (const file of await entryFiles(options.appDirectory)) await import(pathToFileURL(file).href);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (app.functions.size > 0) throw new Error(`The app's entry point failed: ${detail}`, { cause: error });
    app.log('error', 'system', `Worker was unable to load the entry point: ${detail}`);
  }
  for (const hook of app.hooks('appStart')) {
    await hook({
      hookData: app.appLevelHookData,
      appHookData: app.appHookData,
      functionAppDirectory: options.appDirectory,
    });
  }
  const capabilities = (await app.model?.getCapabilities?.({})) ?? {};
  app.lock();
  return capabilities;
}

/** Serves the library's `require('@azure/functions-core')` as the real worker does. */
function serveCore(core: CoreApi): void {
  const original = Module.prototype.require;
  function require(this: unknown, id: string): unknown {
    return id === '@azure/functions-core' ? core : original.call(this, id);
  }
  Object.assign(Module.prototype, { require: Object.assign(require, original) });
}
