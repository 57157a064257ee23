import type { TableClient, TableEntityResult, TransactionAction } from '@azure/data-tables';
import { PosternError } from '../../../base/errors';
import { failureOf } from '../errors';
import type { OnDemand } from '../on-demand';
import type { Columns } from './columns';

export type Row = TableEntityResult<Record<string, unknown>>;

/**
 * Yields the rows that match an OData filter; at most one page is held at a time. `select` names the
 * columns to read; absent: all.
 */
export async function* queryRows(
  table: OnDemand<TableClient>,
  filter: string | undefined,
  pageSize = 500,
  select?: string[],
): AsyncIterable<Row> {
  let continuationToken: string | undefined;
  do {
    const page = await table.use((client, options) =>
      readPage(client, { filter, pageSize, continuationToken, select, ...options }),
    );
    yield* page.rows;
    continuationToken = page.continuationToken;
  } while (continuationToken !== undefined);
}

/** The place of a row in its table. */
export interface RowPlace {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** Reads one row; `undefined` when there is none. */
export function findRow(
  table: OnDemand<TableClient>,
  { partitionKey, rowKey }: RowPlace,
): Promise<Row | undefined> {
  return undefinedIfMissing(
    table.use((client, options): Promise<Row> => client.getEntity(partitionKey, rowKey, options)),
  );
}

/** Removes one row, if it is there and, with `etag`, unchanged. */
export async function removeRow(
  table: OnDemand<TableClient>,
  { partitionKey, rowKey }: RowPlace,
  etag?: string,
): Promise<void> {
  const condition = etag === undefined ? {} : { etag };
  await undefinedIfMissing(
    table.use((client, options) => client.deleteEntity(partitionKey, rowKey, { ...options, ...condition })),
  );
}

/** The HTTP statuses of a conflict: the row exists already, was changed, or is gone. */
const conflicts: ReadonlySet<number> = new Set([409, 412, 404]);

/**
 * Saves one row and resolves to its new version, if the service names it. Without `version` it must be new, and with it unchanged since.
 * `what`: the row, for people.
 * @throws PosternError STORE_CONFLICT
 */
export async function saveVersioned(
  table: OnDemand<TableClient>,
  entity: RowPlace & Columns,
  { version, what }: { readonly version: string | undefined; readonly what: string },
): Promise<string | undefined> {
  try {
    const { etag } = await table.use((client, options): Promise<{ readonly etag?: string | undefined }> =>
      version === undefined
        ? client.createEntity(entity, options)
        : client.updateEntity(entity, 'Replace', { ...options, etag: version }),
    );
    return etag;
  } catch (cause) {
    if (!conflicts.has(failureOf(cause).httpStatus ?? 0)) throw cause;
    throw new PosternError('STORE_CONFLICT', `${what} was changed by another process`, { cause });
  }
}

async function undefinedIfMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (failureOf(error).httpStatus === 404) return undefined;
    throw error;
  }
}

interface PageRequest {
  readonly filter: string | undefined;
  readonly pageSize: number;
  readonly continuationToken: string | undefined;
  readonly select: string[] | undefined;
  readonly abortSignal: AbortSignal;
}

async function readPage(client: TableClient, request: PageRequest) {
  const { filter, pageSize, continuationToken, select, abortSignal } = request;
  const queryOptions = {
    ...(filter === undefined ? {} : { filter }),
    ...(select === undefined ? {} : { select }),
  };
  const pages = client
    .listEntities({ abortSignal, queryOptions })
    .byPage({ maxPageSize: pageSize, ...(continuationToken === undefined ? {} : { continuationToken }) });
  const page = await pages.next();
  if (page.done === true) return { rows: [], continuationToken: undefined };
  return { rows: page.value, continuationToken: page.value.continuationToken };
}

/** Quotes a text as an OData literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const maxActions = 100;
/**
 * The maximum number of characters in a transaction: its body holds 4 MiB, with its frame and up to three
 * bytes a character.
 */
const maxCharacters = 1_200_000;

/**
 * Splits actions, in order, into transactions within the limits of the table service: 100 actions and 4 MiB
 * each.
 */
export function splitIntoTransactions(actions: readonly TransactionAction[]): TransactionAction[][] {
  const transactions: TransactionAction[][] = [];
  let characters = 0;
  for (const action of actions) {
    const size = JSON.stringify(action[1]).length;
    const last = transactions.at(-1);
    if (last === undefined || last.length === maxActions || characters + size > maxCharacters) {
      transactions.push([action]);
      characters = size;
    } else {
      last.push(action);
      characters += size;
    }
  }
  return transactions;
}
