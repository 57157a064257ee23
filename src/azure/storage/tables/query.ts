import type { TableClient, TableEntityResult } from '@azure/data-tables';
import type { OnDemand } from '../on-demand';

export type Row = TableEntityResult<Record<string, unknown>>;

/** The rows that match an OData filter, page by page: never more than one page is held. */
export async function* queryRows(
  table: OnDemand<TableClient>,
  filter: string | undefined,
  pageSize = 500,
): AsyncIterable<Row> {
  let continuationToken: string | undefined;
  do {
    const page = await table.use((client, options) =>
      readPage(client, { filter, pageSize, continuationToken, ...options }),
    );
    yield* page.rows;
    continuationToken = page.continuationToken;
  } while (continuationToken !== undefined);
}

interface PageRequest {
  readonly filter: string | undefined;
  readonly pageSize: number;
  readonly continuationToken: string | undefined;
  readonly abortSignal: AbortSignal;
}

async function readPage(client: TableClient, request: PageRequest) {
  const { filter, pageSize, continuationToken, abortSignal } = request;
  const pages = client
    .listEntities({
      abortSignal,
      ...(filter === undefined ? {} : { queryOptions: { filter } }),
    })
    .byPage({ maxPageSize: pageSize, ...(continuationToken === undefined ? {} : { continuationToken }) });
  const page = await pages.next();
  if (page.done === true) return { rows: [], continuationToken: undefined };
  return { rows: page.value, continuationToken: page.value.continuationToken };
}

/** A text as an OData literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
