import type { Telemetry } from '../../../src/audit/audit-log';
import type { AuditRecord } from '../../../src/audit/audit-record';

/** Telemetry that records what was emitted and what a flush has sent. */
export class FakeTelemetry implements Telemetry {
  readonly emitted: AuditRecord[] = [];
  readonly sent: AuditRecord[] = [];
  flushes = 0;

  emit(records: readonly AuditRecord[]): void {
    this.emitted.push(...records);
  }

  async flush(): Promise<void> {
    this.flushes += 1;
    this.sent.push(...this.emitted.slice(this.sent.length));
  }
}
