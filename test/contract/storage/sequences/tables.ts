import type { TableClient, TransactionAction } from '@azure/data-tables';
import fc from 'fast-check';
import { columnNumber, columnText, filters, partitionKeys, rowKeys } from './filters';
import { Labels, outcomeOf, type TestedAccount } from './outcome';

type Mode = 'Merge' | 'Replace';
/** Which version a write asks for: any, or the one that the process saw last. */
type Version = 'any' | 'seen';

interface RowWrite {
  readonly rowKey: string;
  readonly columns: Readonly<Record<string, unknown>>;
  readonly mode: Mode;
  readonly version: Version;
}

type Action = RowWrite & { readonly kind: TransactionAction[0] };

/** A step of one of several processes, each of which remembers the versions that it saw. */
export type TableStep = { readonly process: number } & (
  | { readonly step: 'create' }
  | { readonly step: 'get'; readonly partitionKey: string; readonly rowKey: string }
  | { readonly step: 'list'; readonly filter: string | undefined; readonly pageSize: number }
  | { readonly step: 'next page' }
  | { readonly step: 'write'; readonly partitionKey: string; readonly action: Action }
  | { readonly step: 'transaction'; readonly partitionKey: string; readonly actions: readonly Action[] }
);

const process = fc.nat(1);
// Most steps meet in one partition.
const partitionKey = fc.constantFrom('p', 'p', ...partitionKeys);
const rowKey = fc.constantFrom(...rowKeys);
const action = fc.record<Action>({
  kind: fc.constantFrom('create', 'update', 'update', 'update', 'upsert', 'upsert', 'delete'),
  rowKey,
  columns: fc.record(
    {
      text: fc.option(columnText, { nil: undefined }),
      number: columnNumber,
      flag: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
  mode: fc.constantFrom('Merge', 'Replace'),
  version: fc.constantFrom('seen', 'seen', 'seen', 'any'),
});

const tableStep: fc.Arbitrary<TableStep> = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: fc.record({ process, step: fc.constant('create' as const) }) },
  { weight: 3, arbitrary: fc.record({ process, step: fc.constant('get' as const), partitionKey, rowKey }) },
  {
    weight: 3,
    arbitrary: fc.record({
      process,
      step: fc.constant('list' as const),
      filter: fc.option(filters, { nil: undefined, freq: 4 }),
      pageSize: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ process, step: fc.constant('next page' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({ process, step: fc.constant('write' as const), partitionKey, action }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      process,
      step: fc.constant('transaction' as const),
      partitionKey,
      actions: fc.array(action, { minLength: 1, maxLength: 4 }),
    }),
  },
);

/** Sequences of calls to a table. Most of them create it and two rows first. */
export const tableSequences: fc.Arbitrary<readonly TableStep[]> = fc.noBias(
  fc
    .tuple(fc.nat(9), fc.array(tableStep, { minLength: 25, maxLength: 25, size: 'max' }))
    .map(([chance, steps]) => (chance === 0 ? steps : [...beginning, ...steps])),
);

const beginning: readonly TableStep[] = [
  { process: 0, step: 'create' },
  ...rowKeys.slice(0, 2).map((key): TableStep => {
    const written: Action = {
      kind: 'create',
      rowKey: key,
      columns: { number: 7 },
      mode: 'Merge',
      version: 'any',
    };
    return { process: 0, step: 'write', partitionKey: 'p', action: written };
  }),
];

/** Plays a sequence on a table that does not exist yet. Returns what each step came to. */
export async function playOnTable(
  account: TestedAccount,
  name: string,
  steps: readonly TableStep[],
): Promise<readonly unknown[]> {
  const client = await account.clients.table(name).use(async (opened) => opened);
  const player = new TablePlayer(client);
  const outcomes: unknown[] = [];
  for (const step of steps) {
    await account.tick();
    outcomes.push(await outcomeOf(() => player.perform(step)));
  }
  return outcomes;
}

interface Cursor {
  readonly filter: string | undefined;
  readonly pageSize: number;
  readonly continuationToken: string;
}

/** Returns the version that a reply tells; the reply to a deletion tells none. */
function versionIn(reply: object): string | undefined {
  return 'etag' in reply && typeof reply.etag === 'string' ? reply.etag : undefined;
}

/** A version that no row ever has. */
const noVersion = `W/"datetime'2001-01-01T00%3A00%3A00.0000000Z'"`;

class TablePlayer {
  private readonly labels = new Labels();
  /** By process and row. */
  private readonly seen = new Map<string, string>();
  private readonly cursors = new Map<number, Cursor>();

  constructor(private readonly client: TableClient) {}

  async perform(step: TableStep): Promise<unknown> {
    switch (step.step) {
      case 'create':
        return this.client.createTable();
      case 'get':
        return this.rowFrom(step.process, await this.client.getEntity(step.partitionKey, step.rowKey));
      case 'list':
        return this.page(step.process, step);
      case 'next page': {
        const cursor = this.cursors.get(step.process);
        return cursor === undefined ? 'no cursor' : this.page(step.process, cursor);
      }
      case 'write':
        return this.write(step.process, step.partitionKey, step.action);
      case 'transaction':
        return this.transaction(step.process, step.partitionKey, step.actions);
    }
  }

  private async page(process: number, query: Omit<Cursor, 'continuationToken'> & Partial<Cursor>) {
    const { filter, pageSize: maxPageSize, continuationToken } = query;
    const pages = this.client
      .listEntities({ ...(filter === undefined ? {} : { queryOptions: { filter } }) })
      .byPage({ maxPageSize, ...(continuationToken === undefined ? {} : { continuationToken }) });
    const page = await pages.next();
    if (page.done === true) return 'no page';
    const next = page.value.continuationToken;
    if (next === undefined) this.cursors.delete(process);
    else this.cursors.set(process, { filter, pageSize: maxPageSize, continuationToken: next });
    return { rows: page.value.map((row) => this.rowFrom(process, row)), isLast: next === undefined };
  }

  private async write(process: number, partition: string, { kind, ...write }: Action): Promise<string> {
    const entity = { ...write.columns, partitionKey: partition, rowKey: write.rowKey };
    const etag = this.versionOf(process, partition, write);
    const reply = await {
      create: () => this.client.createEntity(entity),
      update: () => this.client.updateEntity(entity, write.mode, { etag }),
      upsert: () => this.client.upsertEntity(entity, write.mode),
      delete: () => this.client.deleteEntity(partition, write.rowKey, { etag }),
    }[kind]();
    return this.written(process, entity, versionIn(reply));
  }

  private async transaction(process: number, partition: string, actions: readonly Action[]) {
    const reply = await this.client.submitTransaction(
      actions.map(({ kind, ...write }): TransactionAction => {
        const entity = { ...write.columns, partitionKey: partition, rowKey: write.rowKey };
        if (kind === 'create' || kind === 'delete') return [kind, entity];
        if (kind === 'upsert') return [kind, entity, write.mode];
        return [kind, entity, write.mode, { etag: this.versionOf(process, partition, write) }];
      }),
    );
    const versions = reply.subResponses.map(({ status, etag }, index) => {
      const written = { partitionKey: partition, rowKey: actions[index]?.rowKey ?? '' };
      return { status, version: this.written(process, written, etag) };
    });
    return { status: reply.status, versions };
  }

  private versionOf(
    process: number,
    partition: string,
    { rowKey: row, version }: Omit<Action, 'kind'>,
  ): string {
    return version === 'any' ? '*' : (this.seen.get(`${process} ${partition} ${row}`) ?? noVersion);
  }

  private written(
    process: number,
    row: { partitionKey: string; rowKey: string },
    etag: string | undefined,
  ): string {
    this.remember(process, row, etag);
    return this.labels.made(etag === undefined ? undefined : `${row.partitionKey} ${row.rowKey} ${etag}`);
  }

  private remember(
    process: number,
    row: { partitionKey: string; rowKey: string },
    etag: string | undefined,
  ): void {
    if (etag !== undefined) this.seen.set(`${process} ${row.partitionKey} ${row.rowKey}`, etag);
  }

  /**
   * Returns a row with its version named, and without what differs by account: the time stamp and the
   * account's URL.
   */
  private rowFrom(process: number, given: Readonly<Record<string, unknown>>) {
    const { etag, timestamp, 'odata.metadata': _, ...columns } = given;
    const row = { partitionKey: String(given['partitionKey']), rowKey: String(given['rowKey']) };
    this.remember(process, row, String(etag));
    const version = this.labels.known(`${row.partitionKey} ${row.rowKey} ${String(etag)}`);
    return { ...columns, version, hasTimestamp: typeof timestamp === 'string' };
  }
}
