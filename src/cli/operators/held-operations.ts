import type { OverdueOperation } from '../../operations/operation-store';

/** An operation that waits for a person, as the tools print it. */
export interface WaitingRow {
  readonly connection: string;
  readonly effect: string;
  readonly rules: readonly string[];
  /** When it was held or abandoned, in ISO 8601. */
  readonly since: string;
  readonly error?: string | undefined;
}

/** Converts an operation to the row that the tools print. */
export function waitingRow({ connection, operation }: OverdueOperation): WaitingRow {
  return {
    connection: connection.id,
    effect: operation.effect,
    rules: operation.decided.rules ?? [],
    since: operation.limit?.heldAt ?? operation.endedAt ?? operation.plannedAt,
    error: operation.error,
  };
}

/** Formats an operation as two lines; the id is on its own line, so that it can be copied. */
export function waitingLines(each: OverdueOperation, why: string): readonly string[] {
  const { since, effect, rules, connection } = waitingRow(each);
  return [`${since}  ${effect} (${rules.join(', ')}): ${why}`, `  ${connection}`];
}

/** Compares two operations for sorting, the oldest first. */
export function oldestFirst(one: OverdueOperation, other: OverdueOperation): number {
  return waitingRow(one).since.localeCompare(waitingRow(other).since);
}
