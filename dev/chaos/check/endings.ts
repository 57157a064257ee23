import { groupById, sameId, takenWrites, type Evidence, type LedgerEntry, type Violation } from './evidence';

/** Every decision that asks for a write has an end, nothing is left open, and no end claims what was not done. */
export function checkEndings(evidence: Evidence): readonly Violation[] {
  const ends = evidence.ledger.filter(({ record }) => record.id.endsWith('|end'));
  return [
    ...evidence.open.map(({ connectionId, state }): Violation => ({
      rule: 'operation-not-ended',
      what: `${connectionId} is ${state}`,
    })),
    ...withoutEnd(evidence, ends),
    ...claimed(evidence, ends),
  ];
}

function withoutEnd(evidence: Evidence, ends: readonly LedgerEntry[]): readonly Violation[] {
  const ended = new Set(ends.map(({ record }) => record.decisionId));
  return evidence.ledger
    .filter(
      ({ record }) => record.kind === 'decided' && record.effect !== 'hold' && record.mode === 'enforce',
    )
    .filter(({ record }) => !ended.has(record.decisionId))
    .filter((entry) => !neverBegan(evidence, entry))
    .map(({ record }) => ({
      rule: 'operation-not-ended',
      what: `${record.connection}: the decision ${record.decisionId} to ${record.effect} has no end; ${storyOf(evidence, record.connection)}`,
    }));
}

/** A process that dies right after the record has not begun an operation yet. */
const beginsWithinMs = 5_000;

/**
 * Its process died, somebody else answered before the next review came, and Postern did nothing: the record of the decision is
 * all there is.
 */
function neverBegan(evidence: Evidence, { record, storedMs }: LedgerEntry): boolean {
  const isOf = (id: string | undefined): boolean => sameId(id, record.connection);
  const wasKilled = evidence.killsMs.some(
    (atMs) => atMs >= storedMs - 50 && atMs <= storedMs + beginsWithinMs,
  );
  const answered = evidence.history.find(
    ({ connectionId, atMs, by }) =>
      isOf(connectionId) && atMs >= storedMs && by !== undefined && by !== evidence.postern,
  );
  const wrote = takenWrites(evidence).some(
    ({ connection, startedRealMs }) => isOf(connection) && startedRealMs >= storedMs,
  );
  const isAlone = !evidence.ledger.some(
    (other) => other.record.decisionId === record.decisionId && other.record.id !== record.id,
  );
  return wasKilled && answered !== undefined && !wrote && isAlone;
}

/** What Azure and the ledger know of a connection, in the order of time. */
function storyOf({ history, ledger }: Evidence, connection: string | undefined): string {
  const told = [
    ...history
      .filter(({ connectionId }) => sameId(connectionId, connection))
      .map(({ atMs, status, by }) => ({ atMs, what: `${status} by ${by ?? 'Azure'}` })),
    ...ledger
      .filter(({ record }) => sameId(record.connection, connection))
      .map(({ storedMs, record: { kind, effect } }) => ({ atMs: storedMs, what: `${kind} ${effect ?? ''}` })),
  ];
  return told
    .sort((one, other) => one.atMs - other.atMs)
    .map(({ atMs, what }) => `${new Date(atMs).toISOString().slice(11, 23)} ${what.trim()}`)
    .join(', ');
}

/** A connection that is gone is what a delete wanted, whoever did it; an approval must be Postern's own. */
function claimed(evidence: Evidence, ends: readonly LedgerEntry[]): readonly Violation[] {
  const writes = groupById(takenWrites(evidence), ({ connection }) => connection);
  return ends
    .filter(({ record }) => record.kind === 'applied' && record.effect !== 'delete')
    .filter(
      ({ record }) =>
        !(writes.get((record.connection ?? '').toLowerCase()) ?? []).some(
          ({ tookEffect }) => tookEffect === record.effect,
        ),
    )
    .map(({ record }) => ({
      rule: 'end-without-write',
      what: `${record.connection}: ${record.effect} is called applied, but Postern wrote no such thing`,
    }));
}
