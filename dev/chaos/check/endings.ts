import { groupById, takenWrites, type Evidence, type LedgerEntry, type Violation } from './evidence';
import { staysOf, storyOf, type Stay } from './story';

/**
 * Checks that every decision with a write has an end, that nothing is left open, and that no end claims what
 * was not done.
 */
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

/**
 * Finds `applied` records without proof. Between the decision and the record, the local Azure must have had
 * the wanted status, set by a write of Postern. For a delete, the connection must have been gone, whoever
 * deleted it.
 */
function claimed(evidence: Evidence, ends: readonly LedgerEntry[]): readonly Violation[] {
  const writes = groupById(takenWrites(evidence), ({ connection }) => connection);
  const stays = staysOf(evidence.history);
  const decided = new Map(
    evidence.ledger.flatMap(({ record, storedMs }) =>
      record.kind === 'decided' ? [[record.decisionId, storedMs] as const] : [],
    ),
  );
  return ends
    .filter(({ record }) => record.kind === 'applied')
    .flatMap(({ record, storedMs }) => {
      const key = (record.connection ?? '').toLowerCase();
      const span = { fromMs: decided.get(record.decisionId) ?? 0, untilMs: storedMs };
      const { effect } = record;
      const wasWritten = (writes.get(key) ?? []).some(
        ({ tookEffect, startedRealMs }) => tookEffect === effect && startedRealMs <= storedMs,
      );
      if (effect !== 'delete' && !wasWritten) return [unwritten(record)];
      return wasSeen(stays.get(key) ?? [], effect, span) ? [] : [unproven(record)];
    });
}

const statusAfter: Readonly<Record<string, string>> = {
  approve: 'Approved',
  reject: 'Rejected',
  delete: 'gone',
};

function wasSeen(
  stays: readonly Stay[],
  effect: string | undefined,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): boolean {
  const wanted = statusAfter[effect ?? ''];
  return stays.some((stay) => stay.status === wanted && stay.fromMs <= untilMs && fromMs < stay.untilMs);
}

function unwritten({ connection, effect }: LedgerEntry['record']): Violation {
  const what = `${connection}: ${effect} is recorded as applied, but Postern did not write it`;
  return { rule: 'end-without-write', what };
}

function unproven({ connection, effect }: LedgerEntry['record']): Violation {
  const what = `${connection}: ${effect} is recorded as applied, but the local Azure never showed it`;
  return { rule: 'end-without-proof', what };
}
