import type { LedgerRow } from './judge';

/** Reads a row of the ledger's table as it is stored. */
export function ledgerRowFrom(row: Readonly<Record<string, unknown>>, storedMs: number): LedgerRow {
  const text = (name: string): string | undefined => {
    const value = row[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    id: text('id') ?? '',
    kind: text('kind') ?? '',
    decisionId: text('decisionId'),
    connection: text('connection'),
    effect: text('effect'),
    status: text('status'),
    mode: text('mode'),
    reason: text('reason'),
    storedMs,
  };
}
