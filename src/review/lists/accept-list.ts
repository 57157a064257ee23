import type { AuditLog } from '../../audit/audit-log';
import type { Clock } from '../../base/clock';
import { type ListSnapshot, snapshotName } from '../../policy/lists/list-snapshot';
import { accepted } from '../../policy/lists/list-state';
import type { ListStore } from './list-store';
import { acceptedRecord } from './records';

/** The ports of `acceptList`. */
export interface AcceptPorts {
  readonly listStore: ListStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/**
 * Takes the snapshot of a list that was set aside, on behalf of a person. Recorded in the ledger
 * before it takes effect.
 * @param wanted the list's name, or the name of the snapshot: `landingZones@3f2a9c1b`
 * @param by who accepts it, for the record
 * @returns the snapshot; `undefined` if none is set aside, or another one than `wanted` names.
 * @throws PosternError LEDGER_UNAVAILABLE, STORE_UNAVAILABLE, STORE_CONFLICT if it changes meanwhile
 */
export async function acceptList(
  { listStore, audit, clock }: AcceptPorts,
  wanted: string,
  by: string,
): Promise<ListSnapshot | undefined> {
  const [name = ''] = wanted.split('@');
  const stored = await listStore.load(name);
  const now = clock.now();
  const before = stored?.state;
  const snapshot = before?.aside?.snapshot;
  const state = before && accepted(before, now);
  if (stored === undefined || before === undefined || snapshot === undefined || state === undefined)
    return undefined;
  if (wanted !== name && wanted !== snapshotName(name, snapshot)) return undefined;
  await audit.record([acceptedRecord({ name, before, snapshot }, by, now)]);
  await listStore.save({ name, state, version: stored.version });
  return snapshot;
}
