import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { nextStep } from '../../../src/operations/next-step';
import type { Ticket } from '../../../src/operations/operation';

/** How every recorded approve and reject went: what each later GET showed, and when it was seen done. */
const timings = z
  .array(
    z.object({
      file: z.string(),
      index: z.number(),
      target: z.enum(['Approved', 'Rejected']),
      observedGetStates: z.array(z.tuple([z.string(), z.string()])),
      doneAtSec: z.number().nullable(),
    }),
  )
  .parse(JSON.parse(readFileSync(join(__dirname, '../../data/recordings/timings.json'), 'utf8')));

const writtenAt = new Date('2023-12-01T00:00:00Z');

test.each(timings.filter(({ observedGetStates }) => observedGetStates.length > 0))(
  'the poller ends the recorded write $index of $file when it ended in reality, and no sooner',
  ({ target, observedGetStates, doneAtSec }) => {
    const before = observedGetStates.map(([, status]) => status).find((status) => status !== target);
    let ticket: Ticket = {
      version: 1,
      connectionId: '/x',
      effect: target === 'Approved' ? 'approve' : 'reject',
      statusBefore: before ?? 'Pending',
      phase: 'proof',
      confirmed: true,
      pollFloorSeconds: 10,
      deadlineAt: new Date(writtenAt.getTime() + 15 * 60_000).toISOString(),
      polls: 0,
    };
    const ends = observedGetStates.map(([provisioningState, status], look) => {
      const now = new Date(writtenAt.getTime() + (look + 1) * 10_000);
      const step = nextStep(
        ticket,
        { kind: 'connection', connection: { provisioningState, status, message: '' } },
        now,
      );
      if (step.kind === 'wait') ticket = step.ticket;
      return step.kind === 'done' ? step.outcome : step.kind;
    });
    const waits = ends.slice(0, -1);
    expect(waits).toEqual(waits.map(() => 'wait'));
    expect(ends.at(-1)).toBe(doneAtSec === null ? 'wait' : 'applied');
  },
);

test('there are recordings of all four systems', () => {
  const files = timings.map(({ file }) => file).join(' ');
  for (const word of ['keyvault', 'hsm', 'apim', 'disk_access']) expect(files).toContain(word);
});
