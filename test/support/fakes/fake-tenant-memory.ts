import type { TenantMemory, TenantReading } from '../../../src/review/facts/tenants';

/** What ARM told about the tenants of subscriptions, in memory. */
export class FakeTenantMemory implements TenantMemory {
  readonly readings = new Map<string, TenantReading>();

  async load(subscriptionId: string): Promise<TenantReading | undefined> {
    return this.readings.get(subscriptionId);
  }

  async save(subscriptionId: string, reading: TenantReading): Promise<void> {
    this.readings.set(subscriptionId, reading);
  }

  async forgetBefore(instant: Date): Promise<void> {
    for (const [id, { readAt }] of this.readings) if (new Date(readAt) < instant) this.readings.delete(id);
  }
}
