import type { Flag } from './flags';
import { flags } from './flags';
import type { Report, ReportDecision, ReportRow, ReportSource, ReportVerdict, Unread } from './row';

/**
 * A report as the page reads it. Every text is in `strings` once, an ARM id in two parts, so that 100,000
 * connections take a few megabytes.
 */
export interface PageData {
  readonly version: 1;
  readonly source: ReportSource;
  /** Product names of types of target, by type. */
  readonly labels: Readonly<Record<string, string>>;
  readonly strings: readonly string[];
  readonly rows: readonly PackedRow[];
  /** Number of rows that the page lacks, because it would be too long for browsers. */
  readonly omitted: number;
  readonly unread: readonly Unread[];
}

/** The most rows of a page: more would be higher than what Firefox can scroll. */
export const mostPageRows = 250_000;

/** A row: places in `strings`, lists of them, and bits. `-1`: absent. */
export type PackedRow = readonly (number | readonly number[])[];

/** Packs a report for the page. Pure. */
export function packReport(
  { source, rows, unread }: Report,
  labels: Readonly<Record<string, string>>,
): PageData {
  const texts = new Texts();
  const packed = rows.slice(0, mostPageRows).map((row) => packRow(row, texts));
  const omitted = rows.length - packed.length;
  return { version: 1, source, labels, strings: texts.all, rows: packed, omitted, unread };
}

/** Collects texts, each once. */
class Texts {
  readonly all: string[] = [];
  private readonly places = new Map<string, number>();

  /** Returns the place of a text; -1 for an absent one. */
  place(text: string | undefined): number {
    if (text === undefined) return -1;
    const known = this.places.get(text);
    if (known !== undefined) return known;
    this.places.set(text, this.all.length);
    return this.all.push(text) - 1;
  }

  /** Returns the places of an id's two parts: with its last slash, and behind it. */
  id(id: string | undefined): readonly [number, number] {
    if (id === undefined) return [-1, -1];
    const cut = id.lastIndexOf('/') + 1;
    return [this.place(id.slice(0, cut)), this.place(id.slice(cut))];
  }

  /** Returns the places of a list; the number -1 for an absent one. */
  list(list: readonly string[] | undefined): number | readonly number[] {
    return list === undefined ? -1 : list.map((text) => this.place(text));
  }
}

function packRow(row: ReportRow, texts: Texts): PackedRow {
  const { endpoint, requester, decision, policy } = row;
  return [
    ...texts.id(row.connection),
    ...texts.id(row.target),
    texts.place(row.type),
    texts.place(row.subscription),
    texts.place(row.status),
    texts.list(row.groupIds),
    texts.place(row.message),
    ...texts.id(endpoint?.id),
    texts.place(endpoint?.subscription),
    texts.place(endpoint?.tenantId),
    texts.place(endpoint?.tenant),
    ...texts.id(requester?.id),
    texts.place(requester?.type),
    texts.place(requester?.subscription),
    texts.place(requester?.subscriptionName),
    texts.list(requester?.managementGroups),
    texts.place(row.requesterProof),
    texts.place(row.since),
    ...packDecision(decision, texts),
    texts.place(row.endsAt),
    ...packVerdict(policy?.now, texts),
    ...packVerdict(policy?.asRequest, texts),
    bitsOf(row.flags),
  ];
}

function packDecision(decision: ReportDecision, texts: Texts): PackedRow {
  return [
    texts.place(decision.source),
    texts.place(decision.effect),
    texts.list(decision.rules),
    texts.place(decision.by),
    texts.place(decision.at),
    texts.place(decision.reason),
    texts.place(decision.policyDigest),
  ];
}

function packVerdict(verdict: ReportVerdict | undefined, texts: Texts): PackedRow {
  return [texts.place(verdict?.effect), texts.list(verdict?.rules), texts.place(verdict?.reason)];
}

function bitsOf(set: readonly Flag[]): number {
  return flags.reduce((bits, flag, at) => (set.includes(flag) ? bits | (1 << at) : bits), 0);
}

/** Returns the rows that `packReport` has packed. Pure. @throws Error if `data` is of another version. */
export function unpackRows(data: Pick<PageData, 'version' | 'strings' | 'rows'>): readonly ReportRow[] {
  if (data.version !== 1) throw new Error('This page cannot read the report in it.');
  return data.rows.map((row) => unpackRow(new Reader(row, data.strings)));
}

/** Reads the fields of a packed row, one after the other. */
class Reader {
  private at = 0;

  constructor(
    private readonly row: PackedRow,
    private readonly strings: readonly string[],
  ) {}

  number(): number {
    const value = this.row[this.at++];
    return typeof value === 'number' ? value : -1;
  }

  text(): string | undefined {
    return this.strings[this.number()];
  }

  id(): string | undefined {
    const [before, name] = [this.text(), this.text()];
    return before === undefined || name === undefined ? undefined : before + name;
  }

  list(): readonly string[] | undefined {
    const value = this.row[this.at++];
    return typeof value === 'object' ? value.map((place) => this.strings[place] ?? '') : undefined;
  }
}

function unpackRow(reader: Reader): ReportRow {
  return {
    connection: reader.id() ?? '',
    target: reader.id() ?? '',
    type: reader.text() ?? '',
    subscription: reader.text() ?? '',
    status: reader.text() ?? '',
    groupIds: reader.list() ?? [],
    message: reader.text() ?? '',
    endpoint: unpackEndpoint(reader),
    requester: unpackRequester(reader),
    requesterProof: reader.text(),
    since: reader.text(),
    decision: unpackDecision(reader),
    endsAt: reader.text(),
    policy: unpackPolicy(reader),
    flags: flagsIn(reader.number()),
  };
}

function unpackEndpoint(reader: Reader): ReportRow['endpoint'] {
  const [id, subscription, tenantId] = [reader.id(), reader.text() ?? '', reader.text()];
  const tenant = reader.text() as NonNullable<ReportRow['endpoint']>['tenant'];
  return id === undefined ? undefined : { id, subscription, tenantId, tenant };
}

function unpackRequester(reader: Reader): ReportRow['requester'] {
  const id = reader.id();
  const [type, subscription] = [reader.text() ?? '', reader.text() ?? ''];
  const [subscriptionName, managementGroups] = [reader.text(), reader.list()];
  return id === undefined ? undefined : { id, type, subscription, subscriptionName, managementGroups };
}

function unpackDecision(reader: Reader): ReportDecision {
  return {
    source: (reader.text() ?? 'unknown') as ReportDecision['source'],
    effect: reader.text() as ReportDecision['effect'],
    rules: reader.list(),
    by: reader.text(),
    at: reader.text(),
    reason: reader.text(),
    policyDigest: reader.text(),
  };
}

function unpackPolicy(reader: Reader): ReportRow['policy'] {
  const [now, asRequest] = [unpackVerdict(reader), unpackVerdict(reader)];
  return now && { now, asRequest };
}

function unpackVerdict(reader: Reader): ReportVerdict | undefined {
  const effect = reader.text() as ReportVerdict['effect'] | undefined;
  const [rules, reason] = [reader.list() ?? [], reader.text() ?? ''];
  return effect && { effect, rules, reason };
}

/** Rows with the same flags share a list. */
const known = new Map<number, readonly Flag[]>();

function flagsIn(bits: number): readonly Flag[] {
  const found = known.get(bits) ?? flags.filter((_, at) => (bits & (1 << at)) !== 0);
  known.set(bits, found);
  return found;
}
