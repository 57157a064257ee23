import type { AuditRecord } from '../../audit/audit-record';
import { sanitize } from '../../base/text';
import { snapshotName, type ListSnapshot } from '../../policy/lists/list-snapshot';
import { differenceOf, type ListEvent, type ListState, usableUntil } from '../../policy/lists/list-state';
import { type ManagedList, sourceText } from '../../policy/lists/managed-list';
import { digest } from '../records';

/** What happened to a managed list. */
interface Happened {
  readonly list: ManagedList;
  /** The state before. */
  readonly before: ListState | undefined;
  readonly after: ListState;
  readonly event: ListEvent;
  readonly now: Date;
  readonly traceId: string | undefined;
}

/**
 * Builds the record of what happened to a managed list. Its id is made of the snapshot before and of
 * the event, so that a process that repeats it after a crash records it once.
 */
export function listRecord({ list, before, after, event, now, traceId }: Happened): AuditRecord {
  const { kind } = event;
  const next = kind === 'withheld' ? after.aside?.snapshot : kind === 'changed' ? after.snapshot : undefined;
  const basis = digest(JSON.stringify([after.source, before?.snapshot?.readAt ?? '', next?.digest ?? '']));
  return {
    version: 1,
    id: `${list.name}|${kind}|${basis}`,
    kind,
    at: now.toISOString(),
    target: '',
    reason: sanitize(reasonOf(list, after, event), longestReason),
    traceId,
  };
}

/** Builds the record of a person's agreement to a snapshot that was set aside. */
export function acceptedRecord(
  { name, before, snapshot }: { name: string; before: ListState; snapshot: ListSnapshot },
  by: string,
  now: Date,
): AuditRecord {
  const at = now.toISOString();
  const { came, went } = differenceOf(before.snapshot, snapshot);
  const reason = `${by} accepted ${described(name, snapshot, came, went)}`;
  return {
    version: 1,
    id: `${name}|accepted|${at}`,
    kind: 'accepted',
    at,
    target: '',
    reason: sanitize(reason, longestReason),
  };
}

function reasonOf(list: ManagedList, after: ListState, event: ListEvent): string {
  const until = usableUntil(after);
  const kept =
    until === undefined
      ? 'the list is absent, and rules that read it hold'
      : `the last complete reading counts until ${until}, then rules that read the list hold`;
  switch (event.kind) {
    case 'changed':
      return described(list.name, after.snapshot, event.came, event.went);
    case 'withheld':
      return `${described(list.name, after.aside?.snapshot, event.came, event.went)}. A person must accept that (postern lists --accept ${list.name}); ${kept}`;
    case 'stale':
      return `The list ${list.name} (${sourceText(list.source)}) could not be read completely: ${event.problem}; ${kept}`;
  }
}

function described(
  name: string,
  snapshot: ListSnapshot | undefined,
  came: readonly string[],
  went: readonly string[],
): string {
  const what =
    snapshot === undefined ? name : `${snapshotName(name, snapshot)} has ${snapshot.entries.length} entries`;
  return `${what}: ${came.length} came${named(came)}, ${went.length} went${named(went)}`;
}

/** The most entries that a record names each way: a list can change by thousands. */
const mostNamed = 100;

/** The length of a reason with all these names. Application Insights cuts properties at 8,192 characters. */
const longestReason = 8_000;

function named(entries: readonly string[]): string {
  if (entries.length === 0) return '';
  const more = entries.length > mostNamed ? ` and ${entries.length - mostNamed} more` : '';
  return ` (${entries.slice(0, mostNamed).join(', ')}${more})`;
}
