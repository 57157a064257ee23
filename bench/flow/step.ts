import type { StorageRequest } from '../system/recording-storage';

/** One call of the app for a connection, in the form that repeats it. */
export type Step =
  | { readonly kind: 'arm'; readonly method: string; readonly path: string }
  | {
      readonly kind: 'lease acquire' | 'lease renew' | 'lease release' | 'blob create';
      readonly blob: string;
    }
  | { readonly kind: 'row query'; readonly table: TableName; readonly filter: string }
  | { readonly kind: 'row get'; readonly table: TableName; readonly keys: readonly [string, string] }
  | { readonly kind: 'row insert' | 'row put'; readonly table: TableName; readonly row: Row }
  | { readonly kind: 'transaction'; readonly table: TableName; readonly actions: readonly Action[] }
  | MessageStep;

/**
 * A message that the host receives, or a hidden one that it does not, because the app removes it in time. `id`: the recorded
 * message.
 */
export type MessageStep =
  | {
      readonly kind: 'message' | 'hidden put';
      readonly queue: QueueName;
      readonly text: string;
      readonly id: string;
    }
  | { readonly kind: 'hidden again' | 'hidden remove'; readonly queue: QueueName; readonly id: string };

export type QueueName = 'reviews' | 'operations';

export type TableName = 'operations' | 'ledger';

export interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly [column: string]: unknown;
}

export type Action = readonly ['create' | 'update' | 'upsert', Row];

/**
 * The app's calls for one connection, in order, without the host's calls for the queues. The first phase begins with the
 * event, each other one when the host receives a message.
 */
export type Trace = readonly Phase[];

export interface Phase {
  /** The queue whose message begins the phase; `undefined`: the event. */
  readonly trigger: QueueName | undefined;
  readonly steps: readonly Step[];
}

/** The number of the recorded connection. Others put their names in place of its names. */
export const recordedIndex = 1;

/**
 * Converts a request to a call. `isReceived`: whether the host receives the message that a request puts.
 * @throws Error for a kind of request that the app did not make when this was written.
 */
export function stepFromStorage(request: StorageRequest, isReceived = true): Step {
  const { service, method, path, headers, body, messageId = '' } = request;
  const url = new URL(path, 'http://storage');
  const names = url.pathname.split('/').slice(1).map(decodeURIComponent);
  const asked = `${service} ${method}`;
  switch (asked) {
    case 'blob PUT':
      return { kind: blobKind(url, headers), blob: names[1] ?? '' };
    case 'queue POST':
      return {
        kind: isReceived ? 'message' : 'hidden put',
        queue: queueName(names[0]),
        text: messageIn(body),
        id: messageId,
      };
    case 'queue PUT':
      return { kind: 'hidden again', queue: queueName(names[0]), id: names[2] ?? '' };
    case 'queue DELETE':
      return { kind: 'hidden remove', queue: queueName(names[0]), id: names[2] ?? '' };
    case 'table GET':
      return tableRead(names[0] ?? '', url);
    case 'table PUT':
      return { kind: 'row put', table: tableName(names[0]?.replace(/\(.*/s, '')), row: rowFrom(body) };
    case 'table POST':
      return names[0] === '$batch'
        ? transactionFrom(body)
        : { kind: 'row insert', table: tableName(names[0]), row: rowFrom(body) };
    default:
      throw new Error(`The bench cannot repeat ${asked} ${path}`);
  }
}

function blobKind(
  url: URL,
  headers: StorageRequest['headers'],
): 'lease acquire' | 'lease renew' | 'lease release' | 'blob create' {
  if (url.searchParams.get('comp') !== 'lease') return 'blob create';
  const action = headers['x-ms-lease-action'];
  if (action === 'acquire' || action === 'renew' || action === 'release') return `lease ${action}`;
  throw new Error(`The bench cannot repeat the lease action ${action ?? ''}`);
}

function queueName(text: string | undefined): QueueName {
  if (text === 'reviews' || text === 'operations') return text;
  throw new Error(`The app has no queue "${text}" in this bench`);
}

/** Reads the text of `<QueueMessage><MessageText>…`, which is base64 without escapes. */
function messageIn(body: string): string {
  return /<MessageText>([^<]*)<\/MessageText>/.exec(body)?.[1] ?? '';
}

function tableRead(name: string, url: URL): Step {
  const table = tableName(name.replace(/\(.*/s, ''));
  const keys = /\(PartitionKey='(.*)',RowKey='(.*)'\)$/s.exec(name);
  return keys === null
    ? { kind: 'row query', table, filter: url.searchParams.get('$filter') ?? '' }
    : { kind: 'row get', table, keys: [keys[1] ?? '', keys[2] ?? ''] };
}

/**
 * Reads a transaction. Each part of the body is a separate request: a line that names it, headers, and a row
 * as one line of JSON.
 */
function transactionFrom(body: string): Step {
  const parts = body.split(/^--changeset.*$/m).filter((part) => part.includes(' HTTP/1.1'));
  const actions = parts.map((part): Action => {
    const json = part.split('\n').find((line) => line.startsWith('{')) ?? '{}';
    if (/^POST /m.test(part)) return ['create', rowFrom(json)];
    return [/^If-Match:/im.test(part) ? 'update' : 'upsert', rowFrom(json)];
  });
  const table = tableName(/^(?:POST|PUT) \S*\/(\w+)(?:\(| HTTP)/m.exec(body)?.[1]);
  return { kind: 'transaction', table, actions };
}

function rowFrom(json: string): Row {
  const { PartitionKey: partitionKey, RowKey: rowKey, ...rest } = JSON.parse(json) as Record<string, string>;
  return { partitionKey: partitionKey ?? '', rowKey: rowKey ?? '', ...rest };
}

function tableName(text: string | undefined): TableName {
  if (text === 'operations' || text === 'ledger') return text;
  throw new Error(`The app has no table "${text}"`);
}
