import fc from 'fast-check';
import {
  createRateLimiter,
  type RateLimiter,
  type BudgetedRequest,
} from '../../../../../src/azure/arm/rate-limit/rate-limiter';
import { ArmError } from '../../../../../src/base/errors';
import { FakeClock } from '../../../../support/fakes/fake-clock';

const resource =
  'https://arm.test/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Compute/diskAccesses/d';
const counts = [
  'x-ms-ratelimit-remaining-subscription-reads',
  'x-ms-ratelimit-remaining-subscription-writes',
  'x-ms-ratelimit-remaining-subscription-global-reads',
  'x-ms-ratelimit-remaining-subscription-global-writes',
  'x-ms-ratelimit-remaining-subscription-resource-requests',
  'x-ms-user-quota-remaining',
];
const anyName = fc.constantFrom(
  ...counts,
  'x-ms-ratelimit-remaining-resource',
  'x-ms-user-quota-resets-after',
  'retry-after',
);
const garbage = fc.oneof(
  fc.constantFrom('', ' ', '-1', '1e3', '0x10', 'NaN', 'Infinity', '99999999999999999999', '1, 2', '١٢'),
  fc.string({ maxLength: 30 }).filter((text) => !/^\s*\d+(?:\.\d+)?\s*$/.test(text) && !/[a-z]/i.test(text)),
);
const anyValue = fc.oneof(
  garbage,
  fc.string({ maxLength: 60 }),
  fc.integer({ min: 0, max: 300 }).map(String),
  fc.integer({ min: 0, max: 9_999_999 }).map(String),
  fc
    .tuple(fc.constantFrom('A.B/C3Min', 'A.B/C30Min', 'A.B/D99Min'), fc.nat(500))
    .map(([name, count]) => `${name};${count}`),
  fc.constantFrom('00:00:05', '23:59:59', '00:00:00', '12.5'),
);
const anyRequest = fc.record({
  method: fc.constantFrom('GET' as const, 'PUT' as const),
  urgency: fc.constantFrom('poll' as const, 'usual' as const),
  url: fc.constant(resource),
});
const anyStep = fc.record({
  request: anyRequest,
  status: fc.constantFrom(200, 202, 429, 500),
  headers: fc.dictionary(anyName, anyValue, { maxKeys: 4 }),
  advance: fc.oneof(
    { weight: 8, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.double({ min: 0, max: 30, noNaN: true }) },
  ),
});
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

function waitOf(
  budget: RateLimiter,
  request: BudgetedRequest,
  reply?: Pick<Step, 'status' | 'headers'>,
): number {
  try {
    const pass = budget.acquire(request);
    if (reply !== undefined) {
      const { status: httpStatus, headers } = reply;
      pass.learn({ httpStatus, headers: { get: (name) => headers[name] }, body: '' });
    }
    pass.leave();
    return 0;
  } catch (error) {
    if (error instanceof ArmError && error.retryAfterSeconds !== undefined) return error.retryAfterSeconds;
    throw error;
  }
}

const hour = 3600;

describe('whatever headers come', () => {
  test('a wait is whole seconds, at least one, and no longer than an hour', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const clock = new FakeClock();
        const budget = createRateLimiter({ clock });
        for (const { request, status, headers, advance } of steps) {
          const wait = waitOf(budget, request, { status, headers });
          if (wait !== 0) {
            expect(Number.isInteger(wait) && wait >= 1).toBe(true);
            expect(wait).toBeLessThanOrEqual(hour);
          }
          clock.advance(advance);
        }
        clock.advance(hour);
        for (const urgency of ['usual', 'poll'] as const) {
          expect(waitOf(budget, { method: 'GET', url: resource, urgency })).toBe(0);
          clock.advance(hour);
        }
      }),
    );
  });

  test.each([
    ['GET', 250],
    ['PUT', 200],
  ] as const)('no more than ARM’s whole bucket goes in any second (%s: %d)', (method, size) => {
    const anyBurst = fc.record({
      tries: fc.integer({ min: 1, max: 400 }),
      remaining: anyValue,
      advance: fc.double({ min: 0, max: 0.7, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(anyBurst, { maxLength: 12 }), (bursts) => {
        const clock = new FakeClock();
        const budget = createRateLimiter({ clock });
        const sentAtMs: number[] = [];
        for (const { tries, remaining, advance } of bursts) {
          const headers = Object.fromEntries(counts.map((name) => [name, remaining]));
          for (let index = 0; index < tries; index += 1) {
            const wait = waitOf(budget, { method, url: resource }, { status: 200, headers });
            if (wait === 0) sentAtMs.push(clock.monotonicMs());
          }
          clock.advance(advance);
        }
        const inOneSecond = sentAtMs.map(
          (start) => sentAtMs.filter((at) => at >= start && at < start + 1000).length,
        );
        expect(Math.max(0, ...inOneSecond)).toBeLessThanOrEqual(size);
      }),
      { numRuns: 50 },
    );
  });

  test('a header that is garbage changes nothing', () => {
    const anyGarbage = fc.dictionary(anyName, garbage, { maxKeys: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(anyStep, anyGarbage), { maxLength: 40 }), (steps) => {
        const clock = new FakeClock();
        const plain = createRateLimiter({ clock });
        const fooled = createRateLimiter({ clock });
        for (const [{ request, status, headers, advance }, noise] of steps) {
          const withNoise = { ...noise, ...headers };
          expect(waitOf(fooled, request, { status, headers: withNoise })).toBe(
            waitOf(plain, request, { status, headers }),
          );
          clock.advance(advance);
        }
      }),
    );
  });
});
