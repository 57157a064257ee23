import { createSimulatedAccount } from '../../../../../dev/explore/storage/account';
import type { CallOptions, StorageCall, StorageRequest } from '../../../../../dev/explore/storage/call';
import { createSimulatedClients, createSimulatedServices } from '../../../../../dev/explore/storage/clients';
import { createStorageInspection } from '../../../../../src/azure/storage/inspection';
import { systemClock } from '../../../../../src/base/clock';
import { BlobTimerStatusStore } from '../../../../../dev/host/timer/timer-status';

const noAnswer = Object.assign(new Error('no answer'), { name: 'RestError', code: 'ECONNREFUSED' });
const row = { partitionKey: 'p', rowKey: 'r' };

test('each call is told to the world with what it does, where, and the signal that aborts it', async () => {
  const { clients, requests, signals } = open();
  await clients.table('rows').use((table, options) => table.upsertEntity(row, 'Replace', options));
  await clients.queue('messages').use((queue, options) => queue.sendMessage('one', options));
  await clients
    .container('leases')
    .use((container, options) => container.getBlockBlobClient('blob').upload('', 0, options));
  const missing = (service: string, resource: string, operation: string, key?: string) => [
    { service, resource, operation, key },
    { service, resource, operation: 'create', key: undefined },
    { service, resource, operation, key },
  ];
  expect(requests).toEqual([
    ...missing('table', 'rows', 'upsert', 'p r'),
    ...missing('queue', 'messages', 'send'),
    ...missing('blob', 'leases', 'upload', 'blob'),
  ]);
  expect(signals.every((signal) => signal instanceof AbortSignal)).toBe(true);
});

test('a call that never reaches the account changes nothing', async () => {
  const { clients, account } = open({ call: () => Promise.reject(noAnswer) });
  account.queue('messages').create();
  await expect(clients.queue('messages').use((queue) => queue.sendMessage('one'))).rejects.toMatchObject({
    code: 'STORE_UNAVAILABLE',
  });
  expect(account.queue('messages').snapshot()).toEqual([]);
});

test('a call whose reply was lost, and that the SDK repeats, takes effect twice', async () => {
  const twice: StorageCall = async (_, effect) => {
    effect();
    return effect();
  };
  const { clients, account } = open({ call: twice });
  account.queue('messages').create();
  account.table('rows').create();
  await clients.queue('messages').use((queue) => queue.sendMessage('one'));
  expect(account.queue('messages').snapshot()).toHaveLength(2);
  await expect(clients.table('rows').use((table) => table.createEntity(row))).rejects.toMatchObject({
    statusCode: 409,
    details: { odataError: { code: 'EntityAlreadyExists' } },
  });
  const lease = await clients.container('leases').use(async (container) => {
    const blob = container.getBlockBlobClient('blob');
    await blob.upload('', 0);
    return blob.getBlobLeaseClient();
  });
  await lease.acquireLease(15);
  expect(account.container('leases').leaseHolder('blob')).toBe(lease.leaseId);
});

test('rows are listed page by page, each when it is asked for', async () => {
  const { clients, requests } = open();
  await clients.table('rows').use(async (table) => {
    await table.createTable();
    for (const rowKey of ['a', 'b', 'c']) await table.createEntity({ ...row, rowKey });
  });
  requests.splice(0);
  await clients.table('rows').use(async (table) => {
    const pages = table.listEntities().byPage({ maxPageSize: 2 });
    expect(requests).toHaveLength(0);
    const first = await pages.next();
    expect([first.value?.length, requests.length]).toEqual([2, 1]);
    expect(await pages.next()).toMatchObject({ value: [{ rowKey: 'c' }] });
    expect(await pages.next()).toEqual({ done: true, value: undefined });
    expect(requests).toHaveLength(2);
    const rowKeys: unknown[] = [];
    for await (const { rowKey } of table.listEntities()) rowKeys.push(rowKey);
    expect(rowKeys).toEqual(['a', 'b', 'c']);
  });
});

test('a row that was read can be changed without changing the table', async () => {
  const { clients, account } = open();
  const table = clients.table('rows');
  await table.use((client) => client.upsertEntity({ ...row, text: 'x' }));
  const read = await table.use((client) => client.getEntity('p', 'r'));
  read['text'] = 'y';
  expect(account.table('rows').get('p', 'r')['text']).toBe('x');
});

test('a transaction over two partitions, or of nothing, is not sent', async () => {
  const { clients, requests } = open();
  await clients.table('rows').use(async (table) => {
    const other = { ...row, partitionKey: 'q' };
    await expect(
      table.submitTransaction([
        ['create', row],
        ['create', other],
      ]),
    ).rejects.toThrow('same partitionKey');
    await expect(table.submitTransaction([])).rejects.toThrow(TypeError);
  });
  expect(requests).toEqual([]);
});

test('blobs are listed page by page, by name and by their beginning', async () => {
  const { clients } = open();
  await clients.container('files').use(async (container) => {
    await container.createIfNotExists();
    for (const name of ['b/2', 'b/1', 'a']) await container.getBlockBlobClient(name).upload('abc', 3);
    const sizes: unknown[] = [];
    for await (const page of container.listBlobsFlat({ prefix: 'b/' }).byPage({ maxPageSize: 1 })) {
      sizes.push(page.segment.blobItems.map(({ name, properties }) => [name, properties.contentLength]));
    }
    expect(sizes).toEqual([[['b/1', 3]], [['b/2', 3]]]);
  });
});

test('the inspection of storage works on simulated storage', async () => {
  const { clients, account } = open();
  const inspection = createStorageInspection(clients);
  const parts = [
    { service: 'table', name: 'rows' },
    { service: 'queue', name: 'messages' },
    { service: 'blob', name: 'leases' },
  ] as const;
  const inspected = () => Promise.all(parts.map((part) => inspection.inspect(part)));
  expect(await inspected()).toEqual([{ kind: 'missing' }, { kind: 'missing' }, { kind: 'missing' }]);
  account.table('rows').create();
  account.queue('messages').create();
  account.queue('messages').send('one');
  account.container('leases').create();
  expect(await inspected()).toEqual([
    { kind: 'present' },
    { kind: 'present', messages: 1, oldestAt: '2026-01-05T12:00:00.000Z' },
    { kind: 'present' },
  ]);
});

test('a host keeps the status of its timers in simulated storage', async () => {
  const { account, call } = open();
  const { blobs } = createSimulatedServices(account, call);
  const store = new BlobTimerStatusStore({ service: blobs as never, hostId: 'host' });
  const status = {
    Last: '2026-01-05T12:00:00Z',
    Next: '2026-01-05T13:00:00Z',
    LastUpdated: '2026-01-05T12:00:01Z',
  };
  expect(await store.read('sweep')).toBeUndefined();
  await store.write('sweep', status);
  expect(await store.read('sweep')).toEqual(status);
  expect(account.names()).toEqual({ tables: [], queues: [], containers: ['azure-webjobs-hosts'] });
});

function open(options: { readonly call?: StorageCall } = {}) {
  const requests: StorageRequest[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const atOnce: StorageCall = async (_, effect) => effect();
  const given = options.call ?? atOnce;
  const call: StorageCall = <T>(
    request: StorageRequest,
    effect: () => T,
    { abortSignal }: CallOptions = {},
  ) => {
    requests.push(request);
    signals.push(abortSignal);
    return given(request, effect);
  };
  const now = () => Date.parse('2026-01-05T12:00:00.000Z');
  const account = createSimulatedAccount({ now, random: () => 0.5 });
  const clients = createSimulatedClients({ account, call, clock: systemClock });
  return { account, clients, call, requests, signals };
}
