import { groupById, takenWrites, type Evidence, type LedgerEntry, type Violation } from './evidence';

/** Every decision that asks for a write has an end, nothing is left open, and no end claims what was not done. */
export function checkEndings(evidence: Evidence): readonly Violation[] {
  const ends = evidence.ledger.filter(({ record }) => record.id.endsWith('|end'));
  return [
    ...evidence.open.map(({ connectionId, state }): Violation => ({
      rule: 'operation-not-ended',
      what: `${connectionId} is ${state}`,
    })),
    ...withoutEnd(evidence.ledger, ends),
    ...claimed(evidence, ends),
  ];
}

function withoutEnd(ledger: readonly LedgerEntry[], ends: readonly LedgerEntry[]): readonly Violation[] {
  const ended = new Set(ends.map(({ record }) => record.decisionId));
  return ledger
    .filter(
      ({ record }) => record.kind === 'decided' && record.effect !== 'hold' && record.mode === 'enforce',
    )
    .filter(({ record }) => !ended.has(record.decisionId))
    .map(({ record }) => ({
      rule: 'operation-not-ended',
      what: `${record.connection}: the decision ${record.decisionId} to ${record.effect} has no end`,
    }));
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
