import type { StorageRequest } from './recording-storage';

/** One call that the app made for a connection, as the client that made it would be asked for it again. */
export type Step =
  | { readonly kind: 'arm'; readonly method: string; readonly path: string }
  | { readonly kind: 'lease acquire' | 'lease release' | 'blob create'; readonly blob: string }
  | { readonly kind: 'row query'; readonly table: TableName; readonly filter: string }
  | { readonly kind: 'row get'; readonly table: TableName; readonly keys: readonly [string, string] }
  | { readonly kind: 'row insert'; readonly table: TableName; readonly row: Row }
  | { readonly kind: 'transaction'; readonly table: TableName; readonly actions: readonly Action[] }
  | { readonly kind: 'message'; readonly queue: 'reviews' | 'operations'; readonly text: string };

export type TableName = 'operations' | 'ledger';

export interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly [column: string]: unknown;
}

export type Action = readonly ['create' | 'update' | 'upsert', Row];

/** What the app did for one connection, in order. What the host did for the queues is not in it. */
export interface Trace {
  /** From its queue message to the end of the review, and to the end of the poll. */
  readonly review: readonly Step[];
  readonly poll: readonly Step[];
  /** The message that asked for the review. */
  readonly request: string;
}

/** The connection that is recorded; others put their names in the place of its. */
export const recordedIndex = 1;

/** @throws Error for a request of a kind that the app did not make when this was written. */
export function stepFromStorage({ service, method, path, headers, body }: StorageRequest): Step {
  const url = new URL(path, 'http://storage');
  const names = url.pathname.split('/').slice(1).map(decodeURIComponent);
  const asked = `${service} ${method}`;
  switch (asked) {
    case 'blob PUT':
      return { kind: blobKind(url, headers), blob: names[1] ?? '' };
    case 'queue POST':
      return {
        kind: 'message',
        queue: names[0] === 'reviews' ? 'reviews' : 'operations',
        text: messageIn(body),
      };
    case 'table GET':
      return tableRead(names[0] ?? '', url);
    case 'table POST':
      return names[0] === '$batch'
        ? transactionFrom(body)
        : { kind: 'row insert', table: tableName(names[0]), row: rowFrom(body) };
    default:
      throw new Error(`Nobody knows how to make ${asked} ${path} again`);
  }
}

function blobKind(
  url: URL,
  headers: StorageRequest['headers'],
): 'lease acquire' | 'lease release' | 'blob create' {
  if (url.searchParams.get('comp') !== 'lease') return 'blob create';
  return headers['x-ms-lease-action'] === 'release' ? 'lease release' : 'lease acquire';
}

/** `<QueueMessage><MessageText>…` holds base64, which needs no escapes. */
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

/** Each part of the body is a request of its own: a line that names it, headers, and a row as one line of JSON. */
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
