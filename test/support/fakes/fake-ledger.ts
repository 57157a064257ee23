import type { Ledger } from '../../../src/audit/audit-log';
import type { AuditKind, AuditRecord } from '../../../src/audit/audit-record';
import { contradicted } from '../../../src/audit/same-record';
import { PosternError } from '../../../src/base/errors';
import { idKey } from '../../../src/connections/resource-id';

/** A ledger in memory. While `unavailable` is true it stores nothing and throws. */
export class FakeLedger implements Ledger {
  unavailable = false;
  private readonly kept = new Map<string, AuditRecord>();

  /** Every record, oldest first. */
  get records(): readonly AuditRecord[] {
    return [...this.kept.values()];
  }

  ofKind(kind: AuditKind): readonly AuditRecord[] {
    return this.records.filter((record) => record.kind === kind);
  }

  async *decidedSince(since: Date, _onUnreadable: (problem: string) => void): AsyncIterable<AuditRecord> {
    yield* this.ofKind('decided').filter(({ at }) => at >= since.toISOString());
  }

  async append(records: readonly AuditRecord[]): Promise<readonly AuditRecord[]> {
    if (this.unavailable) throw new PosternError('LEDGER_UNAVAILABLE', 'the fake ledger is unavailable');
    return records.flatMap((record) => {
      const key = `${idKey(record.target)}\n${record.id}`;
      const held = this.kept.get(key);
      if (held !== undefined) return contradicted(record, held) ?? [];
      this.kept.set(key, structuredClone(record));
      return record;
    });
  }
}
