import type { StorageRequest } from '../system/recording-storage';

/** One call of the app for a connection, in the form that repeats it. */
export type Step =
  | { readonly kind: 'arm'; readonly method: string; readonly path: string }
  | { readonly kind: 'lease acquire' | 'lease release' | 'blob create'; readonly blob: string }
  | { readonly kind: 'row query'; readonly table: TableName; readonly filter: string }
  | { readonly kind: 'row get'; readonly table: TableName; readonly keys: readonly [string, string] }
  | { readonly kind: 'row insert'; readonly table: TableName; readonly row: Row }
  | { readonly kind: 'transaction'; readonly table: TableName; readonly actions: readonly Action[] }
  | {
      readonly kind: 'message' | 'spare put' | 'spare delete';
      readonly queue: QueueName;
      readonly text: string;
    };

export type QueueName = 'reviews' | 'operations';

export type TableName = 'operations' | 'ledger';

export interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly [column: string]: unknown;
}

export type Action = readonly ['create' | 'update' | 'upsert', Row];

/** The app's calls for one connection, in order, without the host's calls for the queues. */
export interface Trace {
  /** The calls from the queue message to the end of the review, and to the end of the poll. */
  readonly review: readonly Step[];
  readonly poll: readonly Step[];
  /** The message that requested the review. */
  readonly request: string;
}

/** The number of the recorded connection. Others put their names in place of its names. */
export const recordedIndex = 1;

/**
 * Converts a request to a call.
 * @throws Error for a kind of request that the app did not make when this was written.
 */
export function stepFromStorage({ service, method, path, headers, body }: StorageRequest): Step {
  const url = new URL(path, 'http://storage');
  const names = url.pathname.split('/').slice(1).map(decodeURIComponent);
  const asked = `${service} ${method}`;
  switch (asked) {
    case 'blob PUT':
      return { kind: blobKind(url, headers), blob: names[1] ?? '' };
    case 'queue POST':
      return messageFrom(names[0] === 'reviews' ? 'reviews' : 'operations', messageIn(body));
    case 'table GET':
      return tableRead(names[0] ?? '', url);
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
): 'lease acquire' | 'lease release' | 'blob create' {
  if (url.searchParams.get('comp') !== 'lease') return 'blob create';
  return headers['x-ms-lease-action'] === 'release' ? 'lease release' : 'lease acquire';
}

/** Tells the hidden copy of a message in work from a message that asks for work. */
function messageFrom(queue: QueueName, text: string): Step {
  const isSpare = Buffer.from(text, 'base64').toString('utf8').includes('"spares":');
  return { kind: isSpare ? 'spare put' : 'message', queue, text };
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
