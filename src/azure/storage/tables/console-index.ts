import type { TableClient } from '@azure/data-tables';
import * as z from '../../../base/schema/schema';
import { compareText } from '../../../base/compare';
import type { OpenState } from '../../../console/api';
import type { ConsoleIndex, IndexPage } from '../../../console/index/console-index';
import type { Change, OpenEntry, RecentEntry } from '../../../console/index/entries';
import { failureOf } from '../errors';
import type { OnDemand } from '../on-demand';
import type { Columns } from './columns';
import { literal, queryRows, removeRow, type Row } from './query';

/**
 * The partition of each state, so that a page is one range query however many entries are in other states. What
 * was answered still waits, so it is listed together with what is held.
 */
const partitionOf: Readonly<Record<OpenState, string>> = {
  held: 'open|held',
  answered: 'open|held',
  working: 'open|working',
  limited: 'open|limited',
  'given up': 'open|given up',
};
const openPartitions = [...new Set(Object.values(partitionOf))];
/** A reply has at most 1,000 rows: two of this size count to 1,001 and read hardly more. */
const countedAtOnce = 501;
const atOnce = 10;

/** The console's index in a table of its own: one partition for each list, and one for each day of ends. */
export class TableConsoleIndex implements ConsoleIndex {
  constructor(private readonly table: OnDemand<TableClient>) {}

  async change(changes: readonly Change[]): Promise<void> {
    await inGroups(changes, (change) => this.make(change));
  }

  async addEnds(ends: readonly RecentEntry[]): Promise<void> {
    await inGroups(ends, async (end) => {
      const partitionKey = recentPartition(end.at.slice(0, 10));
      await this.upsert(partitionKey, end.key, end);
    });
  }

  async open(
    states: readonly OpenState[],
    after: string | undefined,
    limit: number,
  ): Promise<IndexPage<OpenEntry>> {
    const pages = await Promise.all(
      openFilters(states).map((filter) => this.page(`${filter}${afterFilter(after)}`, limit, openEntryFrom)),
    );
    return merged(pages, limit);
  }

  async count(states: readonly OpenState[], most: number): Promise<number> {
    let count = 0;
    for (const filter of openFilters(states)) {
      for await (const row of queryRows(this.table, filter, Math.min(most - count, countedAtOnce), [
        'RowKey',
      ])) {
        if (row.rowKey !== undefined) count += 1;
        if (count === most) return count;
      }
    }
    return count;
  }

  async recent(day: string, after: string | undefined, limit: number): Promise<IndexPage<RecentEntry>> {
    const filter = `PartitionKey eq ${literal(recentPartition(day))}${afterFilter(after)}`;
    return this.page(filter, limit, recentEntryFrom);
  }

  async forgetDay(day: string, most: number): Promise<void> {
    const partitionKey = recentPartition(day);
    const keys: string[] = [];
    const filter = `PartitionKey eq ${literal(partitionKey)}`;
    for await (const { rowKey } of queryRows(this.table, filter, 500, ['RowKey'])) {
      if (keys.length === most) break;
      if (rowKey !== undefined) keys.push(rowKey);
    }
    await inGroups(keys, (rowKey) => removeRow(this.table, { partitionKey, rowKey }));
  }

  private async make(change: Change): Promise<void> {
    if (change.kind === 'remove') return this.remove(change.key, openPartitions);
    const { entry } = change;
    const own = partitionOf[entry.state];
    const others = openPartitions.filter((partition) => partition !== own);
    if (change.kind === 'touch' && (await this.renew(entry, [own, others]))) return;
    // First, so that of two writers at the same time at least one leaves an entry.
    await this.remove(entry.key, others);
    await this.upsert(own, entry.key, entry);
  }

  /** Renews the time of an entry wherever it is: it knows more than a repeated decision. Returns whether it is there. */
  private async renew(
    { key: rowKey, at }: OpenEntry,
    [own, others]: readonly [string, readonly string[]],
  ): Promise<boolean> {
    const renewIn = async (partitionKey: string): Promise<boolean> => {
      try {
        await this.table.use((client, options) =>
          client.updateEntity({ partitionKey, rowKey, at }, 'Merge', options),
        );
        return true;
      } catch (error) {
        if (failureOf(error).httpStatus !== 404) throw error;
        return false;
      }
    };
    if (await renewIn(own)) return true;
    return (await Promise.all(others.map(renewIn))).includes(true);
  }

  private async remove(rowKey: string, partitions: readonly string[]): Promise<void> {
    await Promise.all(partitions.map((partitionKey) => removeRow(this.table, { partitionKey, rowKey })));
  }

  private async upsert(partitionKey: string, rowKey: string, entry: OpenEntry | RecentEntry): Promise<void> {
    const row = { partitionKey, rowKey, version: 1, ...columnsOf(entry) };
    await this.table.use((client, options) => client.upsertEntity(row, 'Replace', options));
  }

  private async page<T extends { readonly key: string }>(
    filter: string,
    limit: number,
    parse: (row: Row) => T | undefined,
  ): Promise<IndexPage<T>> {
    const items: T[] = [];
    for await (const row of queryRows(this.table, filter, limit + 1)) {
      const item = parse(row);
      if (item === undefined) continue;
      if (items.length === limit) return { items, next: items.at(-1)?.key };
      items.push(item);
    }
    return { items, next: undefined };
  }
}

async function inGroups<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += atOnce)
    await Promise.all(items.slice(start, start + atOnce).map(work));
}

function recentPartition(day: string): string {
  return `recent|${day}`;
}

/** Returns a filter for each partition that has some of the states. */
function openFilters(states: readonly OpenState[]): readonly string[] {
  return openPartitions.flatMap((partition) => {
    const wanted = states.filter((state) => partitionOf[state] === partition);
    const all = Object.values(partitionOf).filter((each) => each === partition);
    if (wanted.length === 0) return [];
    const inPartition = `PartitionKey eq ${literal(partition)}`;
    if (wanted.length === all.length) return [inPartition];
    return [`${inPartition} and (${wanted.map((state) => `state eq ${literal(state)}`).join(' or ')})`];
  });
}

/** Joins the pages of several lists; of one entry in two of them, the newer one counts. */
function merged(pages: readonly IndexPage<OpenEntry>[], limit: number): IndexPage<OpenEntry> {
  const [first, ...others] = pages;
  if (first !== undefined && others.length === 0) return first;
  const entries = new Map<string, OpenEntry>();
  for (const entry of pages.flatMap(({ items }) => items)) {
    const known = entries.get(entry.key);
    if (known === undefined || known.at < entry.at) entries.set(entry.key, entry);
  }
  const sorted = [...entries.values()].sort((one, other) => compareText(one.key, other.key));
  const items = sorted.slice(0, limit);
  const hasMore = sorted.length > limit || pages.some(({ next }) => next !== undefined);
  return { items, next: hasMore ? items.at(-1)?.key : undefined };
}

function afterFilter(after: string | undefined): string {
  return after === undefined ? '' : ` and RowKey gt ${literal(after)}`;
}

function columnsOf({ rules, ...texts }: OpenEntry | RecentEntry): Columns {
  const present = Object.entries(texts).filter(([name, value]) => name !== 'key' && value !== undefined);
  return { ...(Object.fromEntries(present) as Columns), rules: JSON.stringify(rules) };
}

const effect = z.optional(z.enum(['approve', 'reject', 'delete', 'hold']));
const rules = z.pipe(
  z.pipe(
    z.string(),
    z.transform((json: string) => JSON.parse(json) as unknown),
  ),
  z.array(z.string()),
);

const openSchema = z.object({
  state: z.enum(['held', 'answered', 'working', 'limited', 'given up']),
  connection: z.string(),
  target: z.string(),
  targetType: z.string(),
  endpoint: z.optional(z.string()),
  message: z.optional(z.string()),
  status: z.string(),
  firstSeen: z.iso.datetime(),
  rules,
  reason: z.string(),
  effect,
  mode: z.optional(z.enum(['enforce', 'audit'])),
  decisionId: z.optional(z.string()),
  at: z.iso.datetime(),
});

const recentSchema = z.object({
  connection: z.string(),
  target: z.string(),
  targetType: z.optional(z.string()),
  endpoint: z.optional(z.string()),
  kind: z.enum([
    'applied',
    'failed',
    'expired',
    'unproven',
    'superseded',
    'abandoned',
    'answered',
    'lapsed',
    'withdrawn',
  ]),
  effect,
  rules,
  reason: z.string(),
  by: z.optional(z.string()),
  at: z.iso.datetime(),
});

/** Reads a row; `undefined` for one that somebody has spoiled: it is only a copy. */
function openEntryFrom(row: Row): OpenEntry | undefined {
  const parsed = safely(() => openSchema.safeParse(row).data);
  return parsed && row.rowKey !== undefined ? { ...parsed, key: row.rowKey } : undefined;
}

function recentEntryFrom(row: Row): RecentEntry | undefined {
  const parsed = safely(() => recentSchema.safeParse(row).data);
  return parsed && row.rowKey !== undefined ? { ...parsed, key: row.rowKey } : undefined;
}

/** A transform that throws, on JSON that is none, is not an issue to zod. */
function safely<T>(parse: () => T | undefined): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
