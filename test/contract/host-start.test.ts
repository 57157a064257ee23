import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { buildWorker, startSample } from '../support/host-under-test';
import type { BuiltWorker } from '../support/host-under-test';

let worker: BuiltWorker;

beforeAll(async () => {
  worker = await buildWorker();
});

afterAll(() => worker.remove());

describe('an app that cannot work makes a loud failure', () => {
  test.each([
    ['fails before its first registration', 'before', 'no policy here'],
    ['fails after a registration', 'after', 'half registered'],
    ['registers nothing', 'none-registered', 'registered no function'],
    ['ends its process while loading', 'exit', 'exit code 3'],
    ['fails in an appStart hook', 'appStart', 'appStart refused'],
    ['wants streaming', 'streaming', 'enableHttpStream'],
    ['registers a function twice', 'duplicate', 'registered twice'],
    ['gives a function a bad name', 'name', 'not a valid function name'],
    ['has a schedule that never comes', 'schedule', 'never comes'],
    ['has a route that is not understood', 'route', 'regex'],
  ])('when it %s', async (_, trouble, message) => {
    await expect(troubled(trouble)).rejects.toThrow(message);
  });

  test('when it has bindings that the host does not know, and all of them are named', async () => {
    const failure: unknown = await troubled('bindings').catch((error: unknown) => error);
    expect(String(failure)).toContain('function "onBlob": this host has no trigger of type "blobtrigger"');
    expect(String(failure)).toContain('function "onMissing": %NOT_SET% is not an app setting');
  });

  test('and it says so where a real host would be silently empty', async () => {
    await expect(troubled('before')).rejects.toThrow('with zero functions');
  });
});

test('a port that is taken is a clear error', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  const { port } = blocker.address() as AddressInfo;
  try {
    const start = startSample('commonjs', { workerPath: worker.workerPath, port });
    await expect(start).rejects.toThrow(`port ${port} is taken`);
  } finally {
    blocker.close();
  }
});

test('a CommonJS app whose main is a glob works, and cannot register anything after its start', async () => {
  const { host } = await startSample('commonjs', { workerPath: worker.workerPath });
  try {
    expect(host.functions).toEqual(['hello', 'registerLate']);
    expect(await (await fetch(`${host.url}/registerLate`)).text()).toContain('only be registered during');
    expect(await (await fetch(`${host.url}/some/path`)).text()).toBe('hello some/path');
  } finally {
    await host.close();
  }
});

test('a worker that keeps ending is replaced a few times, then the host ends', async () => {
  const { host, logs } = await startSample('troubled', {
    workerPath: worker.workerPath,
    settings: { TROUBLE: 'crash-loop', AzureWebJobsStorage: '' },
    maxRestarts: 2,
  });
  expect(await host.ended).toContain('after 2 restarts');
  expect(logs.lines.some(({ message }) => message.includes('Unhandled rejection'))).toBe(true);
  await expect(fetch(`${host.url}/api/fine`)).rejects.toThrow('fetch failed');
});

async function troubled(trouble: string): Promise<void> {
  const settings = { TROUBLE: trouble, AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
  const { host } = await startSample('troubled', { workerPath: worker.workerPath, settings });
  await host.close();
}
