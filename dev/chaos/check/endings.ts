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
    .map(({ record }) => ({
      rule: 'operation-not-ended',
      what: `${record.connection}: the decision ${record.decisionId} to ${record.effect} has no end; ${storyOf(evidence, record.connection)}`,
    }));
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
