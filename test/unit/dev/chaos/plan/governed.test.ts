import fc from 'fast-check';
import { createRandom } from '../../../../../dev/azure/model/random';
import { drawGoverned, governed } from '../../../../../dev/chaos/plan/governed';
import { drawTargets } from '../../../../../dev/chaos/plan/draw-targets';

test('whatever becomes of the group, in the end it has members that can be read, and answers have come back', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 60, max: 86_400 }), (seed, busySeconds) => {
      const random = createRandom(seed);
      const targets = drawTargets(random, 3);
      const { governance, connections } = drawGoverned(random, { first: 1, count: 3, targets, busySeconds });
      const last = governance.groupings.at(-1);
      expect(last).toMatchObject({ atSeconds: busySeconds, isGarbled: false });
      expect(last?.members.length).toBeGreaterThan(0);
      expect(governance.groupings.map(({ atSeconds }) => atSeconds)).toEqual(
        governance.groupings.map(({ atSeconds }) => atSeconds).toSorted((one, other) => one - other),
      );
      expect(governance.refuses.untilSeconds).toBeLessThanOrEqual(busySeconds);
      for (const { endpointId } of connections) expect(governed).toContain(endpointId.split('/')[2]);
    }),
    { numRuns: 100 },
  );
});
