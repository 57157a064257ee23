/** A row of the ledger, as stored. */
export interface LedgerRow {
  readonly id: string;
  readonly kind: string;
  readonly decisionId: string | undefined;
  readonly connection: string | undefined;
  readonly effect: string | undefined;
  readonly status: string | undefined;
  readonly mode: string | undefined;
  readonly reason: string | undefined;
  readonly policyDigest: string | undefined;
  /** The people whose answer it is about, and the question that they answered. */
  readonly by: string | undefined;
  readonly answers: string | undefined;
  /** When the record was made, as it says itself. */
  readonly atMs: number;
  readonly storedMs: number;
}

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
    policyDigest: text('policyDigest'),
    by: text('by'),
    answers: text('answers'),
    atMs: Date.parse(text('at') ?? ''),
    storedMs,
  };
}
