import type { OverdueOperation } from '../../operations/operation-store';

/** An operation that waits for a person, as the tools show it. */
export interface WaitingRow {
  readonly connection: string;
  readonly effect: string;
  readonly rules: readonly string[];
  /** ISO 8601. */
  readonly since: string;
  readonly error?: string | undefined;
}

export function waitingRow({ connection, operation }: OverdueOperation): WaitingRow {
  return {
    connection: connection.id,
    effect: operation.effect,
    rules: operation.decided.rules ?? [],
    since: operation.limit?.heldAt ?? operation.endedAt ?? operation.plannedAt,
    error: operation.error,
  };
}

/** For people; the id stands alone, to be copied. */
export function waitingLines(each: OverdueOperation, why: string): readonly string[] {
  const { since, effect, rules, connection } = waitingRow(each);
  return [`${since}  ${effect} (${rules.join(', ')}): ${why}`, `  ${connection}`];
}

export function oldestFirst(one: OverdueOperation, other: OverdueOperation): number {
  return waitingRow(one).since.localeCompare(waitingRow(other).since);
}
