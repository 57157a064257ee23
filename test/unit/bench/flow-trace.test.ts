import { traceFrom } from '../../../bench/flow/record-trace';
import type { StorageRequest } from '../../../bench/system/recording-storage';
import { stepFromStorage, type Step } from '../../../bench/flow/step';
import { indexIn, messageFor, stepsFor } from '../../../bench/flow/substitute';
import { namesOf } from '../../../bench/flow/world';

function storage(some: Partial<StorageRequest> & Pick<StorageRequest, 'service' | 'path'>): StorageRequest {
  return {
    method: 'GET',
    headers: {},
    body: '',
    status: 200,
    answerBytes: 0,
    isIdle: false,
    startedMs: 0,
    ...some,
  };
}

const transaction = [
  '--batch_1',
  'content-type: multipart/mixed; boundary=changeset_2',
  '',
  '--changeset_2',
  'content-type: application/http',
  '',
  'POST http://127.0.0.1:1/devstoreaccount1/operations HTTP/1.1',
  '',
  '{"PartitionKey":"p","RowKey":"c|1","status":"Pending"}',
  '--changeset_2',
  '',
  "PUT http://127.0.0.1:1/devstoreaccount1/operations(PartitionKey='p',RowKey='c%7C2') HTTP/1.1",
  'If-Match: W/"datetime\'2026\'"',
  '',
  '{"PartitionKey":"p","RowKey":"c|2","generation":1}',
  '--changeset_2',
  '',
  "PUT http://127.0.0.1:1/devstoreaccount1/operations(PartitionKey='p',RowKey='t') HTTP/1.1",
  '',
  '{"PartitionKey":"p","RowKey":"t"}',
  '--changeset_2--',
  '--batch_1--',
].join('\r\n');

const spareText = Buffer.from('{"version":1,"spares":1}').toString('base64');

test.each<[string, StorageRequest, Step]>([
  [
    'a lease is acquired',
    storage({
      service: 'blob',
      method: 'PUT',
      path: '/leases/abc?comp=lease&timeout=30',
      headers: { 'x-ms-lease-action': 'acquire' },
    }),
    { kind: 'lease acquire', blob: 'abc' },
  ],
  [
    'a lease is released',
    storage({
      service: 'blob',
      method: 'PUT',
      path: '/leases/abc?comp=lease',
      headers: { 'x-ms-lease-action': 'release' },
    }),
    { kind: 'lease release', blob: 'abc' },
  ],
  [
    'a blob is made',
    storage({ service: 'blob', method: 'PUT', path: '/leases/abc?timeout=30' }),
    { kind: 'blob create', blob: 'abc' },
  ],
  [
    'a message is put',
    storage({
      service: 'queue',
      method: 'POST',
      path: '/operations/messages?visibilitytimeout=1',
      body: '<QueueMessage><MessageText>e30=</MessageText></QueueMessage>',
    }),
    { kind: 'message', queue: 'operations', text: 'e30=' },
  ],
  [
    'a hidden copy of a message is put',
    storage({
      service: 'queue',
      method: 'POST',
      path: '/operations/messages?visibilitytimeout=40',
      body: `<QueueMessage><MessageText>${spareText}</MessageText></QueueMessage>`,
    }),
    { kind: 'spare put', queue: 'operations', text: spareText },
  ],
  [
    'rows are looked for',
    storage({ service: 'table', path: "/operations()?$top=500&$filter=PartitionKey%20eq%20'p'" }),
    { kind: 'row query', table: 'operations', filter: "PartitionKey eq 'p'" },
  ],
  [
    'one row is read',
    storage({ service: 'table', path: "/operations(PartitionKey='%7Cp',RowKey='c%7C1')" }),
    { kind: 'row get', table: 'operations', keys: ['|p', 'c|1'] },
  ],
  [
    'a row is inserted',
    storage({
      service: 'table',
      method: 'POST',
      path: '/ledger',
      body: '{"PartitionKey":"p","RowKey":"r","kind":"decided"}',
    }),
    { kind: 'row insert', table: 'ledger', row: { partitionKey: 'p', rowKey: 'r', kind: 'decided' } },
  ],
  [
    'rows are written together',
    storage({ service: 'table', method: 'POST', path: '/$batch', body: transaction }),
    {
      kind: 'transaction',
      table: 'operations',
      actions: [
        ['create', { partitionKey: 'p', rowKey: 'c|1', status: 'Pending' }],
        ['update', { partitionKey: 'p', rowKey: 'c|2', generation: 1 }],
        ['upsert', { partitionKey: 'p', rowKey: 't' }],
      ],
    },
  ],
])('%s, and it is known how to do it again', (_, request, step) => {
  expect(stepFromStorage(request)).toEqual(step);
});

test('what nobody knows how to do again is refused, so that the floor never does less than the app', () => {
  expect(() => stepFromStorage(storage({ service: 'blob', path: '/leases/abc' }))).toThrow('blob GET');
  expect(() => stepFromStorage(storage({ service: 'table', path: '/strange()' }))).toThrow('strange');
});

function message(method: string, queue: string, startedMs: number): StorageRequest {
  const path = `/${queue}/messages${method === 'DELETE' ? '/1' : ''}?timeout=30`;
  const body = '<QueueMessage><MessageText>e30=</MessageText></QueueMessage>';
  return storage({ service: 'queue', method, path, body, startedMs });
}

test('a trace has the calls of both halves in their order, ARM’s among them, and none of the host’s', () => {
  const seen = [
    message('POST', 'reviews', 1),
    message('GET', 'reviews', 10),
    storage({ service: 'table', path: "/operations()?$filter=x%20eq%20'1'", startedMs: 11 }),
    message('POST', 'operations', 13),
    message('DELETE', 'reviews', 14),
    message('GET', 'operations', 20),
    storage({ service: 'table', path: "/operations(PartitionKey='p',RowKey='r')", startedMs: 21 }),
    message('DELETE', 'operations', 23),
  ];
  const arm = [12, 22].map((startedMs) => ({
    step: { kind: 'arm', method: 'GET', path: `/${startedMs}` } as const,
    startedMs,
  }));
  const { request, review, poll } = traceFrom(seen, arm);
  expect(request).toBe('e30=');
  expect(review.map(({ kind }) => kind)).toEqual(['row query', 'arm', 'message']);
  expect(poll.map(({ kind }) => kind)).toEqual(['row get', 'arm']);
});

test('the trace has the hidden copy of a message and its deletion, which does not end the half', () => {
  const spare = (queue: string, startedMs: number): StorageRequest => ({
    ...message('POST', queue, startedMs),
    body: `<QueueMessage><MessageText>${spareText}</MessageText></QueueMessage>`,
    messageId: `spare-${queue}`,
  });
  const deletion = (queue: string, startedMs: number): StorageRequest => ({
    ...message('DELETE', queue, startedMs),
    path: `/${queue}/messages/spare-${queue}?popreceipt=r`,
  });
  const { review, poll } = traceFrom(
    [
      { ...message('POST', 'reviews', 1), messageId: '1' },
      message('GET', 'reviews', 10),
      spare('reviews', 11),
      storage({ service: 'table', path: "/operations()?$filter=x%20eq%20'1'", startedMs: 12 }),
      deletion('reviews', 13),
      message('DELETE', 'reviews', 14),
      message('GET', 'operations', 20),
      spare('operations', 21),
      storage({ service: 'table', path: "/operations(PartitionKey='p',RowKey='r')", startedMs: 22 }),
      deletion('operations', 23),
      message('DELETE', 'operations', 24),
    ],
    [],
  );
  expect(review.map(({ kind }) => kind)).toEqual(['spare put', 'row query', 'spare delete']);
  expect(poll.map(({ kind }) => kind)).toEqual(['spare put', 'row get', 'spare delete']);
  expect(review[2]).toEqual({ kind: 'spare delete', queue: 'reviews', text: spareText });
});

test('half a trace is refused', () => {
  expect(() => traceFrom([message('POST', 'reviews', 1)], [])).toThrow('Half of the trace is missing');
  expect(() => traceFrom([], [])).toThrow('No review was requested');
});

const [one, far] = [namesOf(1), namesOf(777)];

test('another connection’s names stand where those of the recorded one stood, in messages, too', () => {
  const plain = JSON.stringify({ id: `/subscriptions/${one.subscription}/x/vaults/${one.vault}` });
  const text = Buffer.from(plain).toString('base64');
  const steps = stepsFor(
    [
      { kind: 'arm', method: 'GET', path: `/subscriptions/${one.subscription}/vaults/${one.vault}` },
      { kind: 'message', queue: 'operations', text },
      { kind: 'lease acquire', blob: 'hash' },
      {
        kind: 'row insert',
        table: 'ledger',
        row: { partitionKey: `|${one.vault}`, rowKey: 'r', polls: 0, text: `"${one.vault}"` },
      },
    ],
    1,
    777,
  );
  expect(steps[0]).toMatchObject({ path: `/subscriptions/${far.subscription}/vaults/${far.vault}` });
  const changed = steps[1]?.kind === 'message' ? steps[1].text : '';
  expect(Buffer.from(changed, 'base64').toString()).toContain(`${far.subscription}/x/vaults/${far.vault}`);
  expect(indexIn(changed)).toBe(777);
  expect(steps[2]).toEqual({ kind: 'lease acquire', blob: 'hash-777' });
  expect(steps[3]).toMatchObject({
    row: { partitionKey: `|${far.vault}`, polls: 0, text: `"${far.vault}"` },
  });
  expect(messageFor(text, 1, 777)).toBe(changed);
});

test('names are of one length, and no two connections share them', () => {
  expect(far.vault).toHaveLength(one.vault.length);
  expect(far.subscription).toHaveLength(one.subscription.length);
  expect(new Set([0, 1, 19, 20, 777].map((index) => namesOf(index).vault)).size).toBe(5);
});

test('a message that names no connection is refused', () => {
  expect(() => indexIn('e30=')).toThrow('names no connection');
});
