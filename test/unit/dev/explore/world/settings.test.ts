import fc from 'fast-check';
import { readConfig } from '../../../../../src/config/config';
import { choiceProblems } from '../../../../../src/config/types/type-choice';
import { createStreams } from '../../../../../dev/explore/kernel/streams';
import { drawWorld } from '../../../../../dev/explore/world/plan';
import type { RunningWorld } from '../../../../../dev/explore/world/running-world';
import { ownSettingsOf, settingsOf } from '../../../../../dev/explore/world/worker/settings';

function worldAt(seed: number, seconds: number): RunningWorld {
  const plan = drawWorld(seed, { actors: ['settings'] });
  const world = { plan, startMs: 0, stream: createStreams(seed), scheduler: { nowMs: () => seconds * 1000 } };
  return world as RunningWorld;
}

test('instances have valid settings of their own, and the same ones from the time on at which all get them', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const before = worldAt(seed, 0);
      const until = before.plan.settingsDifferUntilSeconds ?? 0;
      for (const name of ['app-1', 'app-2']) {
        const settings = settingsOf(before, name);
        expect(choiceProblems(readConfig(settings).targetTypes)).toEqual([]);
        expect(settingsOf(before, name)).toEqual(settings);
        seen.add(ownSettingsOf(settings));
        expect(ownSettingsOf(settingsOf(worldAt(seed, until), name))).toBe('');
      }
    }),
    { numRuns: 200 },
  );
  expect(seen.size).toBeGreaterThan(10);
});
