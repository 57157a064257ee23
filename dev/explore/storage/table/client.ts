import type { TableClient, TransactionAction } from '@azure/data-tables';
import {
  type CallOptions,
  pages,
  type StorageCall,
  type StorageOperation,
  type StorageRequest,
} from '../call';
import type { Entity, StoredRow } from './entity';
import type { SimulatedTable, TableAction, TableQuery, UpdateMode } from './table';

interface ListOptions extends CallOptions {
  readonly queryOptions?: { readonly filter?: string };
}

interface PageSettings {
  readonly maxPageSize?: number;
  readonly continuationToken?: string;
}

type VersionOptions = CallOptions & { readonly etag?: string };
type Page = StoredRow[] & { continuationToken: string | undefined };

/** The part of `TableClient` that the app uses, on a simulated table. */
export class SimulatedTableClient {
  constructor(
    readonly tableName: string,
    private readonly table: SimulatedTable,
    private readonly call: StorageCall,
  ) {}

  /** Resolves whether or not the table existed. */
  async createTable(options?: CallOptions): Promise<void> {
    await this.call(this.request('create'), () => this.table.create(), options);
  }

  getEntity(partitionKey: string, rowKey: string, options?: CallOptions): Promise<StoredRow> {
    const key = `${partitionKey} ${rowKey}`;
    return this.call(this.request('get', key), () => ({ ...this.table.get(partitionKey, rowKey) }), options);
  }

  createEntity(entity: Entity, options?: CallOptions): Promise<{ etag: string | undefined }> {
    return this.write('insert', { kind: 'insert', entity }, options);
  }

  updateEntity(
    entity: Entity,
    mode: UpdateMode = 'Merge',
    { etag = '*', ...options }: VersionOptions = {},
  ): Promise<{ etag: string | undefined }> {
    return this.write('update', { kind: 'update', entity, mode, etag }, options);
  }

  upsertEntity(
    entity: Entity,
    mode: UpdateMode = 'Merge',
    options?: CallOptions,
  ): Promise<{ etag: string | undefined }> {
    return this.write('upsert', { kind: 'upsert', entity, mode }, options);
  }

  deleteEntity(
    partitionKey: string,
    rowKey: string,
    { etag = '*', ...options }: VersionOptions = {},
  ): Promise<{ etag: string | undefined }> {
    return this.write('delete', { kind: 'delete', entity: { partitionKey, rowKey }, etag }, options);
  }

  async submitTransaction(actions: TransactionAction[], options?: CallOptions) {
    const partitionKey = actions[0]?.[1].partitionKey;
    // The SDK fails on these before it sends anything.
    if (partitionKey === undefined) throw new TypeError('the transaction has no action');
    if (actions.some(([, entity]) => entity.partitionKey !== partitionKey)) {
      throw new Error('All operations in a transaction must target the same partitionKey');
    }
    const writes = actions.map(writeFrom);
    const etags = await this.call(
      this.request('transaction', partitionKey),
      () => this.table.transaction(writes),
      options,
    );
    return {
      status: 202,
      subResponses: etags.map((etag) => ({ status: 204, ...(etag === undefined ? {} : { etag }) })),
    };
  }

  /** Lists rows lazily: each page is one call, made when it is asked for. */
  listEntities({ queryOptions, ...options }: ListOptions = {}) {
    const filter = queryOptions?.filter;
    const byPage = ({ maxPageSize: top, continuationToken }: PageSettings = {}) =>
      pages((continuation) => this.readPage({ filter, top, continuation }, options), continuationToken);
    async function* rows(): AsyncGenerator<StoredRow, void, undefined> {
      for await (const page of byPage()) yield* page;
    }
    return Object.assign(rows(), { byPage });
  }

  private readPage(query: TableQuery, options: CallOptions): Promise<Page> {
    const read = (): Page => {
      const { rows, continuation } = this.table.query(query);
      return Object.assign(
        rows.map((row) => ({ ...row })),
        { continuationToken: continuation },
      );
    };
    return this.call(this.request('list'), read, options);
  }

  private write(
    operation: StorageOperation,
    action: TableAction,
    options: CallOptions | undefined,
  ): Promise<{ etag: string | undefined }> {
    const { partitionKey, rowKey } = action.entity;
    const effect = (): { etag: string | undefined } => ({ etag: this.table.write(action) });
    return this.call(this.request(operation, `${partitionKey} ${rowKey}`), effect, options);
  }

  private request(operation: StorageOperation, key?: string): StorageRequest {
    return { service: 'table', resource: this.tableName, operation, key };
  }
}

/** Converts an action of a transaction. The SDK deletes whatever the version: it has no place for an ETag. */
function writeFrom([kind, given, mode = 'Merge', options]: TransactionAction): TableAction {
  const entity = given as Entity;
  switch (kind) {
    case 'create':
      return { kind: 'insert', entity };
    case 'delete':
      return { kind: 'delete', entity, etag: '*' };
    case 'update':
      return { kind: 'update', entity, mode, etag: options?.etag ?? '*' };
    case 'upsert':
      return { kind: 'upsert', entity, mode };
  }
}

/** Returns the client as the SDK's type, of which it has only the part that the app uses. */
export function asTableClient(client: SimulatedTableClient): TableClient {
  return client as unknown as TableClient;
}
