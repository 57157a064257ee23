import fc from 'fast-check';
import { drawWorld } from '../../../../../dev/explore/world/plan';

test('faults come in spells only in worlds longer than those that are drawn, unless that is asked for', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      expect(drawWorld(seed).spells).toBeUndefined();
      expect(drawWorld(seed, { hours: 24, spells: 0 }).spells).toBeUndefined();
      expect(drawWorld(seed, { hours: 1, spells: 5 }).spells).toHaveLength(5);
      const { spells = [], spanSeconds } = drawWorld(seed, { hours: 24 });
      expect(spells.length).toBeGreaterThan(0);
      for (const { fromSeconds, untilSeconds } of spells) {
        expect(fromSeconds).toBeLessThan(untilSeconds);
        expect(untilSeconds).toBeLessThanOrEqual(spanSeconds);
      }
    }),
    { numRuns: 100 },
  );
});
