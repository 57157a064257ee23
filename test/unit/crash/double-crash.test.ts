import fc from 'fast-check';
import { findViolations } from '../../support/crash/violations';
import { killsOf } from '../../support/crash/exhaustive';
import { play } from '../../support/crash/host';
import type { Kill } from '../../support/crash/kill-switch';
import { scenarios } from '../../support/crash/scenarios';

const second = fc.record<Kill>({
  at: fc.integer({ min: 1, max: 60 }),
  when: fc.constantFrom('before', 'after'),
});

test.each(scenarios)(
  'a process that is killed while it makes up for a death changes nothing: $name',
  async (scenario) => {
    const undisturbed = await play(scenario);
    const killings = fc.tuple(
      fc.constantFrom(...killsOf(undisturbed)),
      fc.array(second, { minLength: 1, maxLength: 3 }),
    );
    await fc.assert(
      fc.asyncProperty(killings, async ([first, others]) => {
        const run = await play(scenario, { kills: [first, ...others] });
        expect(findViolations(scenario, run, undisturbed)).toEqual([]);
      }),
      { numRuns: 12, seed: 20260105 },
    );
  },
);
