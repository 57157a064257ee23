import { createServer, type AddressInfo } from 'node:net';
import { startAzurite } from '../../../dev/lib/azurite';
import { buildWorker, startSample, type BuiltWorker } from '../../support/rigs/host-under-test';

let worker: BuiltWorker;

beforeAll(async () => {
  worker = await buildWorker();
});

afterAll(() => worker.remove());

describe('an app that cannot work makes a loud failure', () => {
  test.each([
    ['fails after a registration', 'after', 'half registered'],
    ['ends its process while loading', 'exit', 'exit code 3'],
    ['fails in an appStart hook', 'appStart', 'appStart refused'],
    ['wants streaming', 'streaming', 'enableHttpStream'],
    ['registers a function twice', 'duplicate', 'registered twice'],
    ['gives a function a bad name', 'name', 'not a valid function name'],
    ['has a route that is not understood', 'route', 'regex'],
  ])('when it %s', async (_, failure, message) => {
    await expect(startAndClose(failure)).rejects.toThrow(message);
  });

  test('when it has bindings that the host does not support, and all of them are named', async () => {
    const failure: unknown = await startAndClose('bindings').catch((error: unknown) => error);
    expect(String(failure)).toContain(
      'function "onBlob": this host does not support a trigger of type "blobtrigger"',
    );
    expect(String(failure)).toContain('function "onMissing": %NOT_SET% is not an app setting');
  });
});

describe('an app that the host serves in silence', () => {
  test.each([
    ['fails before its first registration', 'before'],
    ['registers nothing', 'none-registered'],
  ])('is one that %s: there are no functions, and all seems well', async (_, failure) => {
    const { host, logs } = await start(failure);
    try {
      expect(host.functions).toEqual([]);
      expect((await fetch(host.url)).status).toBe(200);
      const status = await fetch(`${host.url}/admin/host/status?code=${host.masterKey}`);
      expect(await status.json()).toMatchObject({ state: 'Running' });
      expect(logs.lines.map(({ message }) => message).join('\n')).toContain('0 functions loaded');
    } finally {
      await host.close();
    }
  });

  test('has a timer with a bad schedule: only that one does not run', async () => {
    const azurite = await startAzurite();
    const { host, logs } = await start('schedule', azurite.connectionString);
    try {
      expect((await fetch(`${host.url}/api/fine`)).status).toBe(204);
      const inError = logs.lines.filter(
        ({ level, function: name }) => level === 'error' && name === 'onTime',
      );
      expect(inError.map(({ message }) => message)[0]).toContain('is in error');
    } finally {
      await host.close();
      await azurite.close();
    }
  });
});

test('a port that is in use is a clear error', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  const { port } = blocker.address() as AddressInfo;
  try {
    const start = startSample('commonjs', { workerPath: worker.workerPath, port });
    await expect(start).rejects.toThrow(`port ${port} is in use`);
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

async function startAndClose(failure: string): Promise<void> {
  const { host } = await start(failure);
  await host.close();
}

function start(failure: string, storage = 'UseDevelopmentStorage=true'): ReturnType<typeof startSample> {
  const settings = { FAILURE: failure, AzureWebJobsStorage: storage };
  return startSample('failing', { workerPath: worker.workerPath, settings });
}
