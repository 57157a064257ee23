import type { AuditKind, AuditRecord } from '../../audit/audit-record';
import { lower } from '../../base/compare';
import { sha256Hex } from '../../base/digest';
import { sanitize } from '../../base/text';
import { idKey } from '../../connections/resource-id';
import { wantedStatus } from '../../operations/proof/step';
import type { OpenState, RecentKind } from '../api';

/**
 * One open connection in the index, as the last audit record about it states. For display only: nothing is
 * decided from it.
 */
export interface OpenEntry {
  /** Sorts entries by age, and is the same for every record about the connection in its present status. */
  readonly key: string;
  readonly state: OpenState;
  readonly connection: string;
  readonly target: string;
  readonly targetType: string;
  readonly endpoint?: string | undefined;
  readonly message?: string | undefined;
  readonly status: string;
  readonly firstSeen: string;
  readonly rules: readonly string[];
  readonly reason: string;
  readonly effect?: AuditRecord['effect'];
  readonly mode?: AuditRecord['mode'];
  readonly decisionId?: string | undefined;
  /** When the record was made. */
  readonly at: string;
}

/** One end in the index. */
export interface RecentEntry {
  /** Sorts the ends of a day, the newest first. */
  readonly key: string;
  readonly connection: string;
  readonly target: string;
  readonly targetType?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly kind: RecentKind;
  readonly effect?: AuditRecord['effect'];
  readonly rules: readonly string[];
  readonly reason: string;
  readonly by?: string | undefined;
  readonly at: string;
}

/**
 * What a record changes in the index. `put` replaces the entry; `touch` adds it only if it is lost, because
 * the record repeats an old decision; `remove` removes it.
 */
export type Change =
  | { readonly kind: 'put' | 'touch'; readonly entry: OpenEntry }
  | { readonly kind: 'remove'; readonly key: string };

const longest = { text: 256, id: 2_048, rules: 20 } as const;

/** Returns the key of a connection's entry: when it was first seen in its status, then a hash of its id. */
export function openKey(firstSeen: string, connection: string): string {
  return `${new Date(firstSeen).toISOString()}|${sha256Hex(idKey(connection), 32)}`;
}

/** Matches the keys that `openKey` makes. */
export const openKeyPattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\|[0-9a-f]{32}$/;

/** Returns the changes that records make, in their order; of those about one entry, the last one counts. */
export function changesFrom(records: readonly AuditRecord[]): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const change of records.flatMap((record) => changeFrom(record) ?? []))
    changes.set(change.kind === 'remove' ? change.key : change.entry.key, change);
  return [...changes.values()];
}

function changeFrom(record: AuditRecord): Change | undefined {
  const { connection, firstSeen, operation } = record;
  if (connection === undefined || firstSeen === undefined) return undefined;
  const key = openKey(firstSeen, connection);
  const put = (state: OpenState): Change => ({ kind: 'put', entry: entryFrom(record, { key, state }) });
  switch (record.kind) {
    case 'decided':
      return isHeld(record) ? put('held') : isSettled(record) ? { kind: 'remove', key } : put('working');
    case 'waited':
      return { kind: 'touch', entry: entryFrom(record, { key, state: isHeld(record) ? 'held' : 'working' }) };
    case 'limited':
      return put('limited');
    case 'failed':
    case 'expired':
    case 'unproven':
      return operation === undefined ? undefined : put('working');
    case 'abandoned':
      return operation === undefined ? undefined : put('given up');
    case 'answered':
      return put('answered');
    case 'lapsed':
    case 'withdrawn':
      // What an operator could not take back stays as it is: nobody holds it.
      return lower(record.status ?? '') === 'approved' ? { kind: 'remove', key } : put('held');
    case 'applied':
    case 'superseded':
      return { kind: 'remove', key };
    default:
      return undefined;
  }
}

/** Tells whether a person must decide: the policy holds a request, or only records what it would do. */
function isHeld({ effect, mode, status }: AuditRecord): boolean {
  if (status?.toLowerCase() !== 'pending') return false;
  return effect === undefined || effect === 'hold' || mode === 'audit';
}

/** Tells whether nothing is left to do: no request waits, and the status is as decided or is left as it is. */
function isSettled({ effect, mode, status = '' }: AuditRecord): boolean {
  if (effect === undefined || effect === 'hold' || mode === 'audit') return true;
  return lower(wantedStatus(effect) ?? '') === lower(status);
}

function entryFrom(record: AuditRecord, { key, state }: Pick<OpenEntry, 'key' | 'state'>): OpenEntry {
  return {
    key,
    state,
    connection: record.connection ?? '',
    target: record.target,
    targetType: record.targetType ?? '',
    endpoint: shortened(record.endpoint, longest.id),
    message: shortened(record.message, longest.text),
    status: sanitize(record.status ?? '', 100),
    firstSeen: record.firstSeen ?? record.at,
    rules: (record.rules ?? []).slice(0, longest.rules),
    reason: sanitize(record.operation?.error ?? record.reason ?? '', longest.text),
    effect: record.effect,
    mode: record.mode,
    decisionId: record.decisionId,
    at: record.at,
  };
}

const recentKinds: Readonly<Partial<Record<AuditKind, RecentKind>>> = {
  applied: 'applied',
  failed: 'failed',
  expired: 'expired',
  unproven: 'unproven',
  superseded: 'superseded',
  abandoned: 'abandoned',
  answered: 'answered',
  lapsed: 'lapsed',
  withdrawn: 'withdrawn',
};

/** Returns the ends among records. */
export function endsFrom(records: readonly AuditRecord[]): readonly RecentEntry[] {
  return records.flatMap((record): RecentEntry[] => {
    const kind = recentKinds[record.kind];
    const { connection, targetType, endpoint, rules = [], reason = '', effect, at } = record;
    if (kind === undefined || connection === undefined) return [];
    const key = `${newestFirst(at)}|${sha256Hex(record.id, 32)}`;
    return [
      {
        key,
        connection,
        target: record.target,
        targetType,
        endpoint: shortened(endpoint, longest.id),
        kind,
        effect,
        rules: rules.slice(0, longest.rules),
        reason: sanitize(reason, longest.text),
        by: shortened(record.by, longest.text),
        at,
      },
    ];
  });
}

/** Matches the keys of ends. */
export const recentKeyPattern = /^\d{13}\|[0-9a-f]{32}$/;

function newestFirst(at: string): string {
  return String(9_999_999_999_999 - Date.parse(at)).padStart(13, '0');
}

function shortened(text: string | undefined, length: number): string | undefined {
  return text === undefined ? undefined : sanitize(text, length);
}
