import type { TenantMemory } from '../../../src/review/facts/tenants';

const one = '0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f';
const other = '1f1f1f1f-1f1f-4f1f-8f1f-1f1f1f1f1f1f';
const reading = { tenantId: '996fe9d1-6171-40aa-945b-4c64b63bf655', readAt: '2026-01-05T12:00:00.000Z' };

/** What every memory of tenants must do. `create` gives an empty one. */
export function tenantMemoryContract(name: string, create: () => TenantMemory): void {
  describe(`${name} as the memory of tenants`, () => {
    test('nothing is remembered of a subscription that was never read', async () => {
      const memory = create();
      await memory.save(other, reading);
      expect(await memory.load(one)).toBeUndefined();
    });

    test('the last reading of each subscription is remembered', async () => {
      const memory = create();
      await memory.save(one, { ...reading, readAt: '2026-01-04T12:00:00.000Z' });
      await memory.save(one, reading);
      await memory.save(other, { ...reading, tenantId: '33e01921-4d64-4f8c-a055-5bdaffd5e33d' });
      expect(await memory.load(one)).toEqual(reading);
      expect((await memory.load(other))?.tenantId).toBe('33e01921-4d64-4f8c-a055-5bdaffd5e33d');
    });

    test('old readings are forgotten, and no others', async () => {
      const memory = create();
      await memory.save(one, reading);
      await memory.save(other, { ...reading, readAt: '2026-01-05T12:00:00.001Z' });
      await memory.forgetBefore(new Date('2026-01-05T12:00:00.001Z'));
      expect([await memory.load(one), await memory.load(other)]).toEqual([undefined, expect.anything()]);
      await memory.forgetBefore(new Date('2026-01-05T12:00:00.001Z'));
    });
  });
}
