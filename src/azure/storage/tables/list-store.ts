import type { TableClient } from '@azure/data-tables';
import * as z from '../../../base/schema/schema';
import { PosternError } from '../../../base/errors';
import { isGuid } from '../../../base/guid';
import type { ListSnapshot } from '../../../policy/lists/list-snapshot';
import type { ListState } from '../../../policy/lists/list-state';
import { listBounds } from '../../../policy/lists/managed-list';
import type { ListStore, StoredList } from '../../../review/lists/list-store';
import type { OnDemand } from '../on-demand';
import { textColumns, textFrom } from './columns';
import { findRow, literal, queryRows, removeRow, type Row, saveVersioned } from './query';

/** The partition of managed lists, which no target has: theirs begin with `|`. */
const partitionKey = 'lists';

/**
 * The managed lists in the table of operations: a row for each, versions are ETags. A row holds two
 * snapshots of the largest list, so that one write changes both.
 */
export class TableListStore implements ListStore {
  constructor(private readonly table: OnDemand<TableClient>) {}

  async load(name: string): Promise<StoredList | undefined> {
    const row = await findRow(this.table, { partitionKey, rowKey: name });
    return row && storedFrom(row);
  }

  async all(): Promise<readonly StoredList[]> {
    const found: StoredList[] = [];
    const filter = `PartitionKey eq ${literal(partitionKey)}`;
    for await (const row of queryRows(this.table, filter, 1)) found.push(storedFrom(row));
    return found;
  }

  async save({ name, state, version }: StoredList): Promise<void> {
    if (state === undefined)
      throw new PosternError('STORE_UNREADABLE', `the list ${name} has no state to save`);
    const { snapshot, aside, ...rest } = state;
    const entity = {
      partitionKey,
      rowKey: name,
      version: 1,
      ...textColumns('state', JSON.stringify(rest)),
      ...snapshotColumns('snapshot', snapshot),
      ...snapshotColumns('aside', aside?.snapshot),
      ...(aside === undefined ? {} : { asideSince: aside.since }),
    };
    await saveVersioned(this.table, entity, { version, what: `the list ${name}` });
  }

  async remove(name: string): Promise<void> {
    await removeRow(this.table, { partitionKey, rowKey: name });
  }
}

function snapshotColumns(name: string, snapshot: ListSnapshot | undefined): Record<string, string | number> {
  if (snapshot === undefined) return {};
  const { entries, ...rest } = snapshot;
  return { ...textColumns(name, JSON.stringify(rest)), ...textColumns(`${name}Entries`, entries.join(',')) };
}

type Shape<T> = Record<keyof T, z.ZodMiniType>;

let schema: z.ZodMiniType<ListState> | undefined;

/** Builds the schema with its first use, because most policies have no such list. */
function stateSchema(): z.ZodMiniType<ListState> {
  const instant = z.iso.datetime({ offset: true });
  const count = z.int().check(z.minimum(0));
  const snapshot: z.ZodMiniType<ListSnapshot> = z.object({
    tenantId: z.string().check(z.refine(isGuid)),
    entries: z.array(z.string().check(z.refine(isGuid))).check(z.maxLength(listBounds.entries)),
    digest: z.string(),
    readAt: instant,
  } satisfies Shape<ListSnapshot>);
  schema ??= z.object({
    source: z.string(),
    maxAgeSeconds: count,
    snapshot: z.optional(snapshot),
    changed: z.optional(z.object({ at: instant, came: count, went: count })),
    aside: z.optional(z.object({ snapshot, since: instant })),
    stale: z.optional(z.object({ since: instant, problem: z.string() })),
  } satisfies Shape<ListState>);
  return schema;
}

/** A row that is no state, because somebody has changed it, is as good as a list that was never read. */
function storedFrom(row: Row): StoredList {
  const name = row.rowKey ?? '';
  const version = row.etag;
  try {
    const snapshot = snapshotIn(row, 'snapshot');
    const set = snapshotIn(row, 'aside');
    const aside = set === undefined ? undefined : { snapshot: set, since: row['asideSince'] };
    const rest = JSON.parse(textFrom(row, 'state') ?? '') as object;
    return { name, version, state: stateSchema().parse({ ...rest, snapshot, aside }) };
  } catch {
    return { name, version, state: undefined };
  }
}

function snapshotIn(row: Row, name: string): unknown {
  const text = textFrom(row, name);
  if (text === undefined) return undefined;
  const entries = textFrom(row, `${name}Entries`) ?? '';
  return { ...(JSON.parse(text) as object), entries: entries === '' ? [] : entries.split(',') };
}
