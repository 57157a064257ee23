import { traceFrom } from '../../../bench/flow/record-trace';
import type { StorageRequest } from '../../../bench/system/recording-storage';
import { stepFromStorage, type Step, type Trace } from '../../../bench/flow/step';
import { indexIn, stepsFor } from '../../../bench/flow/substitute';
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
      messageId: '7',
    }),
    { kind: 'message', queue: 'operations', text: 'e30=', id: '7' },
  ],
  [
    'a message is hidden for longer',
    storage({
      service: 'queue',
      method: 'PUT',
      path: '/reviews/messages/7?popreceipt=r&visibilitytimeout=40',
    }),
    { kind: 'hidden again', queue: 'reviews', id: '7' },
  ],
  [
    'a hidden message is removed',
    storage({ service: 'queue', method: 'DELETE', path: '/reviews/messages/7?popreceipt=r' }),
    { kind: 'hidden remove', queue: 'reviews', id: '7' },
  ],
  [
    'a lease is renewed',
    storage({
      service: 'blob',
      method: 'PUT',
      path: '/leases/abc?comp=lease',
      headers: { 'x-ms-lease-action': 'renew' },
    }),
    { kind: 'lease renew', blob: 'abc' },
  ],
  [
    'a row is replaced',
    storage({
      service: 'table',
      method: 'PUT',
      path: "/operations(PartitionKey='d',RowKey='r')?timeout=30",
      body: '{"PartitionKey":"d","RowKey":"r","weights":"[]"}',
    }),
    { kind: 'row put', table: 'operations', row: { partitionKey: 'd', rowKey: 'r', weights: '[]' } },
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
  const breaks = { service: 'blob', method: 'PUT', path: '/leases/abc?comp=lease' } as const;
  expect(() => stepFromStorage(storage({ ...breaks, headers: { 'x-ms-lease-action': 'break' } }))).toThrow(
    'break',
  );
  const outcomes = storage({ service: 'queue', method: 'POST', path: '/outcomes/messages' });
  expect(() => stepFromStorage(outcomes)).toThrow('outcomes');
});

function put(queue: string, messageId: string, startedMs: number): StorageRequest {
  const body = '<QueueMessage><MessageText>e30=</MessageText></QueueMessage>';
  const path = `/${queue}/messages?timeout=30`;
  return storage({ service: 'queue', method: 'POST', path, body, messageId, startedMs });
}

function receive(queue: string, ids: readonly string[], startedMs: number): StorageRequest {
  return storage({ service: 'queue', path: `/${queue}/messages?numofmessages=16`, received: ids, startedMs });
}

function of(method: string, queue: string, id: string, startedMs: number, status = 204): StorageRequest {
  const path = `/${queue}/messages/${id}?popreceipt=r`;
  return storage({ service: 'queue', method, path, status, startedMs });
}

const query = (startedMs: number): StorageRequest =>
  storage({ service: 'table', path: "/operations()?$filter=x%20eq%20'1'", startedMs });
const read = (startedMs: number): StorageRequest =>
  storage({ service: 'table', path: "/operations(PartitionKey='p',RowKey='r')", startedMs });
const arm = (method: string, startedMs: number) => ({
  step: { kind: 'arm', method, path: `/${startedMs}` } as const,
  startedMs,
});
const write = arm('PUT', 12);

const kindsOf = (trace: Trace): readonly (readonly (string | undefined)[])[] =>
  trace.map(({ trigger, steps }) => [trigger, ...steps.map(({ kind }) => kind)]);

test('a trace has the calls of all phases in their order, ARM’s among them, and none of the host’s', () => {
  const seen = [
    put('reviews', 'a', 1),
    receive('reviews', ['a'], 10),
    query(11),
    put('operations', 'b', 13),
    of('DELETE', 'reviews', 'a', 14),
    receive('operations', ['b'], 20),
    of('PUT', 'operations', 'b', 20.5),
    read(21),
    of('DELETE', 'operations', 'b', 23),
  ];
  expect(kindsOf(traceFrom(seen, [arm('GET', 22), write]))).toEqual([
    [undefined, 'message'],
    ['reviews', 'row query', 'arm', 'message'],
    ['operations', 'row get', 'arm'],
  ]);
});

test('hidden messages that the app removes before anybody receives them begin no phase', () => {
  const seen = [
    put('reviews', 'a', 1),
    receive('reviews', ['a'], 10),
    put('reviews', 'spare', 11),
    query(11.5),
    of('PUT', 'reviews', 'spare', 13),
    of('DELETE', 'reviews', 'spare', 14),
    of('DELETE', 'reviews', 'a', 15),
  ];
  const trace = traceFrom(seen, [write]);
  expect(kindsOf(trace)).toEqual([
    [undefined, 'message'],
    ['reviews', 'hidden put', 'row query', 'arm', 'hidden again', 'hidden remove'],
  ]);
  expect(trace[1]?.steps[4]).toEqual({ kind: 'hidden remove', queue: 'reviews', id: 'spare' });
});

test('a review that the event makes itself is the first phase; a message that stays hidden begins none', () => {
  const seen = [put('reviews', 'promise', 1), query(2), put('operations', 'alarm', 13)];
  const ends = [of('DELETE', 'operations', 'alarm', 20), of('DELETE', 'reviews', 'promise', 21)];
  expect(kindsOf(traceFrom([...seen, put('reviews', 'later', 19), ...ends], [write]))).toEqual([
    [
      undefined,
      'hidden put',
      'row query',
      'arm',
      'hidden put',
      'hidden put',
      'hidden remove',
      'hidden remove',
    ],
  ]);
});

test('what the app tried with a message that the host has received is no call of the host', () => {
  const seen = [put('reviews', 'a', 1), receive('reviews', ['a'], 10), of('DELETE', 'reviews', 'a', 13, 404)];
  expect(kindsOf(traceFrom(seen, [write]))[1]).toEqual(['reviews', 'arm', 'hidden remove']);
});

test('a trace that is not whole is refused', () => {
  expect(() => traceFrom([], [])).toThrow('no write');
  expect(() => traceFrom([receive('reviews', ['a'], 1)], [write])).toThrow('not in the trace');
  const two = [put('reviews', 'a', 1), put('reviews', 'b', 2), receive('reviews', ['a', 'b'], 3)];
  expect(() => traceFrom(two, [write])).toThrow('several connections');
});

const [one, far] = [namesOf(1), namesOf(777)];

test('another connection’s names stand where those of the recorded one stood, in messages, too', () => {
  const plain = JSON.stringify({ id: `/subscriptions/${one.subscription}/x/vaults/${one.vault}` });
  const text = Buffer.from(plain).toString('base64');
  const steps = stepsFor(
    [
      { kind: 'arm', method: 'GET', path: `/subscriptions/${one.subscription}/vaults/${one.vault}` },
      { kind: 'message', queue: 'operations', text, id: '1' },
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
});

test('names are of one length, and no two connections share them', () => {
  expect(far.vault).toHaveLength(one.vault.length);
  expect(far.subscription).toHaveLength(one.subscription.length);
  expect(new Set([0, 1, 19, 20, 777].map((index) => namesOf(index).vault)).size).toBe(5);
});

test('a message that names no connection is refused', () => {
  expect(() => indexIn('e30=')).toThrow('names no connection');
});
