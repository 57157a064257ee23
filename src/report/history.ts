import type { AuditRecord } from '../audit/audit-record';
import { lower } from '../base/compare';
import { idKey } from '../connections/resource-id';
import type { Effect } from '../policy/decision';
import type { ReportDecision } from './row';

/** The part of a connection that tells whose history it has. */
export interface HistoryQuestion {
  readonly connection: string;
  /** ARM id of its endpoint; absent if Azure names none. */
  readonly endpoint: string | undefined;
  readonly status: string;
}

/** What the ledger says about a connection as it is now. */
export interface HistoryAnswer {
  readonly decision: ReportDecision;
  readonly since?: string | undefined;
  readonly endsAt?: string | undefined;
}

/** The fields of a record that a report needs. */
type Kept = Pick<
  AuditRecord,
  | 'at'
  | 'decisionId'
  | 'effect'
  | 'rules'
  | 'reason'
  | 'by'
  | 'status'
  | 'firstSeen'
  | 'policyDigest'
  | 'expiresAt'
>;

interface Entry {
  /** The last decision. */
  decided?: Kept;
  /** The last write that was proven. */
  applied?: Kept;
}

/**
 * What the ledger says about connections: of each connection and endpoint, the last decision and the last
 * proven write. A requester chooses the name of a connection, so a new connection may have the name of an
 * earlier one: records count only for the endpoint that they name.
 */
export class History {
  private readonly connections = new Map<string, Map<string, Entry>>();

  /** Adds a record, in any order of time. Records other than decisions and proven writes are ignored. */
  add(record: AuditRecord): void {
    const { kind, connection, endpoint } = record;
    if (connection === undefined || (kind !== 'decided' && kind !== 'applied')) return;
    const entry = this.entryOf(idKey(connection), idKey(endpoint ?? ''));
    entry[kind] = later(entry[kind], keep(record));
  }

  private entryOf(connection: string, endpoint: string): Entry {
    const endpoints = this.connections.get(connection) ?? new Map<string, Entry>();
    this.connections.set(connection, endpoints);
    const entry = endpoints.get(endpoint) ?? {};
    endpoints.set(endpoint, entry);
    return entry;
  }

  /** Returns who brought the connection to its status, and since when it has it. Source `none`: no record fits. */
  find({ connection, endpoint, status }: HistoryQuestion): HistoryAnswer {
    const endpoints = this.connections.get(idKey(connection));
    const entry = endpoint === undefined ? joined(endpoints) : endpoints?.get(idKey(endpoint));
    return entry === undefined ? unseen : answerOf(entry, lower(status));
  }
}

const unseen: HistoryAnswer = { decision: { source: 'none' } };

/** A connection that names no endpoint any more has the history of all that it named. */
function joined(endpoints: ReadonlyMap<string, Entry> | undefined): Entry | undefined {
  if (endpoints === undefined) return undefined;
  const all: Entry = {};
  for (const entry of endpoints.values()) {
    for (const kind of ['decided', 'applied'] as const) {
      const kept = entry[kind];
      if (kept !== undefined) all[kind] = later(all[kind], kept);
    }
  }
  return all;
}

/** The effect whose proof brings a connection to a status. */
const effectOf: Readonly<Record<string, Effect>> = { approved: 'approve', rejected: 'reject' };

function answerOf({ decided, applied }: Entry, status: string): HistoryAnswer {
  const isOfStatus = decided?.status !== undefined && lower(decided.status) === status;
  const since = isOfStatus ? decided.firstSeen : undefined;
  const wanted = Object.hasOwn(effectOf, status) ? effectOf[status] : undefined;
  if (wanted === undefined) {
    // A write that was proven later ended what that decision was about: the connection was made again since.
    const isOver = applied !== undefined && isLater(applied, decided);
    return isOfStatus && !isOver ? { decision: decisionFrom(decided), since } : unseen;
  }
  // A later decision on another status shows that the connection had left the status that the write brought.
  const isUndone = decided !== undefined && !isOfStatus && isLater(decided, applied);
  if (applied?.effect !== wanted || isUndone) return { decision: { source: 'elsewhere' }, since };
  const isSame = decided?.decisionId === applied.decisionId;
  const decision = decisionFrom({ ...applied, reason: isSame ? decided?.reason : undefined });
  return { decision, since: applied.at, endsAt: applied.expiresAt };
}

function decisionFrom({ effect, rules, reason, by, at, policyDigest }: Kept): ReportDecision {
  return { source: by === undefined ? 'rule' : 'person', effect, rules, reason, by, at, policyDigest };
}

function isLater(one: Kept, other: Kept | undefined): boolean {
  return other === undefined || Date.parse(one.at) > Date.parse(other.at);
}

function later(one: Kept | undefined, other: Kept): Kept {
  return one !== undefined && isLater(one, other) ? one : other;
}

function keep(record: AuditRecord): Kept {
  const { at, decisionId, effect, rules, reason, by, status, firstSeen, policyDigest, expiresAt } = record;
  return { at, decisionId, effect, rules, reason, by, status, firstSeen, policyDigest, expiresAt };
}
