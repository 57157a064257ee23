import type { HistoryEntry } from '../recorder';
import { isLie } from '../plan/disturbances';
import { groupById, sameId, takenWrites, type Evidence, type LedgerEntry, type Violation } from './evidence';

/**
 * Checks that each decision has one decided record, that each stay in a status has one decision, and that
 * each decision is recorded before its write.
 */
export function checkDecisions(evidence: Evidence): readonly Violation[] {
  const decided = evidence.ledger.filter(({ record }) => record.kind === 'decided');
  return [
    ...twiceById(decided),
    ...twiceInOneStay(
      decided,
      groupById(evidence.history, ({ connectionId }) => connectionId),
      liesOf(evidence),
    ),
    ...writtenFirst(
      evidence,
      groupById(decided, ({ record }) => record.connection),
    ),
  ];
}

function twiceById(decided: readonly LedgerEntry[]): readonly Violation[] {
  return [...groupById(decided, ({ record }) => record.decisionId ?? record.id)]
    .filter(([, records]) => records.length > 1)
    .map(([id, records]) => ({ rule: 'decided-twice', what: `${id} has ${records.length} decided records` }));
}

/** Returns the lies about each target. After a lie, the same connection may be decided again. */
function liesOf({ requests }: Evidence): ReadonlyMap<string, readonly unknown[]> {
  return groupById(
    requests.filter(({ faults }) => faults.some(isLie)),
    ({ target }) => target,
  );
}

/**
 * Finds stays with several decisions. The policy reads nothing that changes while a connection stays the
 * same.
 */
function twiceInOneStay(
  decided: readonly LedgerEntry[],
  histories: ReadonlyMap<string, readonly HistoryEntry[]>,
  lies: ReadonlyMap<string, readonly unknown[]>,
): readonly Violation[] {
  // Who asks behind an endpoint of a service of Microsoft is proven, or not, while a connection stays the same.
  const final = decided.filter(
    ({ record }) =>
      record.requesterProof?.startsWith('not proven') !== true &&
      // People answer a decision with another one.
      record.answers === undefined,
  );
  const questions = groupById(final, ({ record }) => `${record.connection} as ${record.status}`);
  return [...questions].flatMap(([question, answers]) => {
    const [connection = '', status = ''] = question.split(' as ');
    const stays = (histories.get(connection) ?? []).filter((entry) => sameId(entry.status, status)).length;
    const lieCount = lies.get(connection.replace(/\/privateendpointconnections\/.*/, ''))?.length ?? 0;
    if (answers.length <= Math.max(1, stays) + lieCount) return [];
    return [{ rule: 'decided-twice', what: `${question}: ${answers.length} decisions, ${stays} stays` }];
  });
}

/** Finds writes that were sent before the ledger had their decision. */
function writtenFirst(
  evidence: Evidence,
  byConnection: ReadonlyMap<string, readonly LedgerEntry[]>,
): readonly Violation[] {
  return takenWrites(evidence).flatMap((write) => {
    const stored = (byConnection.get(write.connection.toLowerCase()) ?? [])
      .filter(({ record }) => record.effect === write.tookEffect)
      .map(({ storedMs }) => storedMs);
    if (stored.some((storedMs) => storedMs <= write.startedRealMs)) return [];
    const when = stored.length === 0 ? 'never' : `${Math.min(...stored) - write.startedRealMs} ms later`;
    const what = `${write.tookEffect} ${write.connection} (request ${write.sequence}); decided ${when}`;
    return [{ rule: 'write-before-decision', what }];
  });
}
