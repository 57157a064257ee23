import { createMonotonic, dayOf, systemClock } from '../../../src/base/clock';

/** Two clocks that are moved by hand. */
function clocks() {
  const at = { steady: 50, wall: 1_700_000_000_000 };
  const monotonicMs = createMonotonic({ steadyMs: () => at.steady, wallMs: () => at.wall });
  return { at, monotonicMs };
}

describe('a clock that only ever grows', () => {
  test('goes as the steady one while both go alike, whatever their readings are rounded to', () => {
    const { at, monotonicMs } = clocks();
    for (let call = 1; call <= 1_000; call += 1) {
      at.steady += 0.4;
      at.wall = 1_700_000_000_000 + Math.floor(call * 0.4);
      expect(monotonicMs()).toBe(at.steady);
    }
  });

  test('knows how long the machine slept, during which the steady one stood still', () => {
    const { at, monotonicMs } = clocks();
    const before = monotonicMs();
    at.wall += 90_000;
    expect(monotonicMs() - before).toBe(90_000);
    expect(monotonicMs() - before).toBe(90_000);
    at.wall += 10;
    at.steady += 10;
    expect(monotonicMs() - before).toBe(90_010);
  });

  test('loses nothing to a wall clock that creeps ahead', () => {
    const { at, monotonicMs } = clocks();
    const before = monotonicMs();
    for (let step = 0; step < 1_000; step += 1) {
      at.wall += 60;
      monotonicMs();
    }
    expect(60_000 - (monotonicMs() - before)).toBeLessThanOrEqual(1_000);
  });

  test('never goes back: a wall clock that is set back changes nothing, and counts from there', () => {
    const { at, monotonicMs } = clocks();
    const before = monotonicMs();
    at.wall -= 3_600_000;
    at.steady += 5;
    expect(monotonicMs() - before).toBe(5);
    at.wall += 90_000;
    expect(monotonicMs() - before).toBe(90_005);
  });
});

test('the system’s clock grows', () => {
  const first = systemClock.monotonicMs();
  expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(first);
});

test('the day of an instant is the UTC one, of a date and of a text', () => {
  expect(dayOf(new Date('2026-01-31T23:59:59.999Z'))).toBe('2026-01-31');
  expect(dayOf('2026-01-31T23:59:59.999Z')).toBe('2026-01-31');
  expect(dayOf('')).toBe('');
});
