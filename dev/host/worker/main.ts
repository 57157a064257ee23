import { writeSync } from 'node:fs';
import { AppRegistry } from './core';
import { invoke } from './invoke';
import { loadApp } from './load-app';
import type { FromWorker, ToWorker, WorkerLog } from './protocol';

/**
 * The worker process. It loads one app and runs its functions for the host; triggers are not its concern.
 * Like the real worker, it ends with exit code 1 on any uncaught exception or unhandled rejection. Whatever
 * it has not sent to the host by then is lost: the last log lines, and even a result.
 */
const app = new AppRegistry((log) => {
  const message: WorkerLog = {
    kind: 'log',
    level: log.level,
    category: log.category,
    message: log.message,
    ...(log.origin && { functionName: log.origin.functionName, invocationId: log.origin.invocationId }),
  };
  send(message);
});

process.on('uncaughtException', (error) => die('Uncaught exception', error));
process.on('unhandledRejection', (reason) => die('Unhandled rejection', reason));
// Without a host there is no work.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the host decides when its worker ends.
process.on('SIGINT', () => undefined);
process.on('message', (message) => void receive(message as ToWorker));

async function receive(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case 'start':
      return start(message);
    case 'invoke':
      return answer(message);
    case 'stop':
      return stop();
  }
}

async function start(message: Extract<ToWorker, { readonly kind: 'start' }>): Promise<void> {
  try {
    const capabilities = await loadApp(app, message);
    const functions = [...app.functions.values()].map(({ metadata }) => metadata);
    // Only plain data can be sent, and bindings may contain anything.
    send({
      kind: 'started',
      functions: JSON.parse(JSON.stringify(functions)) as typeof functions,
      capabilities,
    });
  } catch (error) {
    send({ kind: 'startFailed', message: error instanceof Error ? error.message : String(error) });
  }
}

async function answer(message: Extract<ToWorker, { readonly kind: 'invoke' }>): Promise<void> {
  const { invocationId } = message.request;
  try {
    const response = await invoke(app, message.functionName, message.request);
    send({ kind: 'succeeded', invocationId, response });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? (error.stack ?? text) : text;
    send({ kind: 'failed', invocationId, message: text, stack });
  }
}

async function stop(): Promise<void> {
  try {
    for (const hook of app.hooks('appTerminate')) {
      await hook({ hookData: app.appLevelHookData, appHookData: app.appHookData });
    }
  } catch (error) {
    app.log('error', 'system', `An appTerminate hook failed: ${String(error)}`);
  }
  flushThenExit(0);
}

function die(what: string, error: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  writeSync(process.stderr.fd, `${what}; the worker ends: ${detail}\n`);
  process.exit(1);
}

function flushThenExit(code: number): void {
  flush();
  if (process.send === undefined) process.exit(code);
  const nothing: WorkerLog = { kind: 'log', level: 'none', category: 'system', message: '' };
  process.send(nothing, undefined, undefined, () => process.exit(code));
}

const unsent: FromWorker[] = [];

/** Sends messages in order, once the present work has yielded. */
function send(message: FromWorker): void {
  unsent.push(message);
  if (unsent.length === 1) setImmediate(flush);
}

function flush(): void {
  for (const message of unsent.splice(0)) if (process.connected) process.send?.(message);
}
