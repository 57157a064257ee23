import {
  createRateLimiter,
  type RateLimiter,
  type BudgetedRequest,
} from '../../../../../src/azure/arm/rate-limit/rate-limiter';
import { ArmError } from '../../../../../src/base/errors';
import { FakeClock } from '../../../../support/fakes/fake-clock';

const origin = 'https://arm.test:8443';
const one = '11111111-1111-1111-1111-111111111111';
const other = '22222222-2222-2222-2222-222222222222';
const vault = (subscription: string) =>
  `${origin}/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/v/privateEndpointConnections/c?api-version=1`;
const disk = `${origin}/subscriptions/${one}/resourceGroups/rg/providers/Microsoft.Compute/diskAccesses/d?api-version=1`;
const graph = `${origin}/providers/Microsoft.ResourceGraph/resources?api-version=1`;

const read: BudgetedRequest = { method: 'GET', url: vault(one) };
const poll: BudgetedRequest = { ...read, urgency: 'poll' };
const write: BudgetedRequest = { method: 'PUT', url: vault(one) };

interface Reading {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sends a request if it may go, and lets ARM answer at once. Resolves to what it was told to wait, or 0. */
function ask(
  budget: RateLimiter,
  request: BudgetedRequest,
  { status = 200, headers = {}, body = '' }: Reading = {},
) {
  try {
    const pass = budget.acquire(request);
    pass.learn({ httpStatus: status, headers: { get: (name) => headers[name] }, body });
    pass.leave();
    return 0;
  } catch (error) {
    if (!(error instanceof ArmError) || error.code !== 'ARM_THROTTLED') throw error;
    expect(error.httpStatus).toBeUndefined();
    return error.retryAfterSeconds ?? 0;
  }
}

const left = (counts: Readonly<Record<string, number>>): Reading => ({
  headers: Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [`x-ms-ratelimit-remaining-${name}`, String(count)]),
  ),
});

describe('the budget for ARM', () => {
  let clock: FakeClock;
  let budget: RateLimiter;

  beforeEach(() => {
    clock = new FakeClock();
    budget = createRateLimiter({ clock });
  });

  /** How many may go at this instant when ARM tells no more. */
  const admitted = (request: BudgetedRequest): number => {
    for (let count = 0; ; count += 1) if (ask(budget, request) > 0) return count;
  };

  test.each([
    ['reads, to 10 % of its own 250', read, { 'subscription-reads': 249 }, { 'subscription-reads': 60 }, 35],
    [
      'writes, to 10 % of its own 200',
      write,
      { 'subscription-writes': 199 },
      { 'subscription-writes': 60 },
      40,
    ],
    [
      'reads, to 25 % of the 3,750 of all identities',
      read,
      {},
      { 'subscription-reads': 240, 'subscription-global-reads': 947 },
      9,
    ],
    [
      'writes, to 25 % of the 3,000 of all identities',
      write,
      {},
      { 'subscription-writes': 190, 'subscription-global-writes': 760 },
      10,
    ],
    [
      'reads of the tenant',
      { method: 'GET', url: `${origin}/subscriptions` } as const,
      { 'tenant-reads': 249 },
      { 'tenant-reads': 30 },
      5,
    ],
  ])('spends %s', (_title, request, full, now, expected) => {
    ask(budget, request, left(full));
    ask(budget, request, left(now));
    expect(admitted(request)).toBe(expected);
  });

  test('leaves the share of what is shared that was asked for', () => {
    budget = createRateLimiter({ clock, reserveShare: 0.5 });
    ask(budget, read, left({ 'subscription-global-reads': 1900 }));
    expect(admitted(read)).toBe(25);
  });

  test.each([-0.1, 0.96, Number.NaN])('a share of %p is a wrong setting', (reserveShare) => {
    expect(() => createRateLimiter({ clock, reserveShare })).toThrow('from 0 to 0.95');
  });

  test('names the time after which tokens are back, and lets them through then', () => {
    ask(budget, write, left({ 'subscription-writes': 199 }));
    ask(budget, write, left({ 'subscription-writes': 0 }));
    // 20 are left alone and one is needed: 2.1 s at 10 a second.
    expect(ask(budget, write)).toBe(3);
    clock.advance(2);
    expect(ask(budget, write)).toBeGreaterThan(0);
    clock.advance(1);
    expect(admitted(write)).toBe(10);
  });

  test('those who are sent away come back one after the other, not all in one second', () => {
    ask(budget, read, left({ 'subscription-reads': 249 }));
    ask(budget, read, left({ 'subscription-reads': 0 }));
    const waits = Array.from({ length: 1000 }, () => ask(budget, read));
    const perSecond = new Map<number, number>();
    for (const wait of waits) perSecond.set(wait, (perSecond.get(wait) ?? 0) + 1);
    expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(25);
    expect(Math.max(...waits)).toBeLessThanOrEqual(42);
  });

  test('one subscription, one class of operation and one tenant do not stop another', () => {
    ask(budget, read, left({ 'subscription-reads': 249 }));
    ask(budget, read, left({ 'subscription-reads': 0, 'subscription-global-reads': 0 }));
    expect(ask(budget, read)).toBeGreaterThan(0);
    expect(ask(budget, { method: 'GET', url: vault(one.toUpperCase()) })).toBeGreaterThan(0);
    expect(ask(budget, write)).toBe(0);
    expect(ask(budget, { method: 'DELETE', url: vault(one) })).toBe(0);
    expect(ask(budget, { method: 'GET', url: vault(other) })).toBe(0);
    expect(ask(budget, { method: 'POST', url: graph })).toBe(0);
  });

  test('an operation URL counts for the subscription in its path', () => {
    const body = JSON.stringify({ error: { code: 'SubscriptionRequestsThrottled' } });
    ask(budget, read, { status: 429, headers: { 'retry-after': '30' }, body });
    const url = `${origin}/subscriptions/${one}/providers/Microsoft.Compute/locations/westus/DiskOperations/1?t=1`;
    expect(ask(budget, { method: 'GET', url })).toBe(30);
  });

  describe('when ARM answers 429', () => {
    const throttled = (code: string, retryAfter?: string): Reading => ({
      status: 429,
      headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
      body: JSON.stringify({ error: { code, message: 'slow down' } }),
    });

    test('nothing of that class goes to that subscription until Retry-After is over', () => {
      ask(budget, read, throttled('SubscriptionRequestsThrottled', '17'));
      expect(ask(budget, read)).toBe(17);
      expect(ask(budget, { method: 'GET', url: disk })).toBeGreaterThanOrEqual(17);
      clock.advance(16);
      expect(ask(budget, read)).toBeGreaterThan(0);
      clock.advance(1);
      expect(ask(budget, read)).toBe(0);
    });

    test('a shorter Retry-After does not end a longer one', () => {
      const first = budget.acquire(read);
      const second = budget.acquire(read);
      const reply = (seconds: string) => ({
        httpStatus: 429,
        headers: { get: (name: string) => (name === 'retry-after' ? seconds : undefined) },
        body: '',
      });
      first.learn(reply('60'));
      second.learn(reply('5'));
      expect(ask(budget, read)).toBe(60);
    });

    test.each(['ResourceRequestsThrottled', 'TooManyRequests'])(
      'a provider’s own limit (%s) stops only what goes to that provider',
      (code) => {
        ask(budget, read, throttled(code, '17'));
        expect(ask(budget, read)).toBe(17);
        expect(ask(budget, { method: 'GET', url: disk })).toBe(0);
      },
    );

    test.each<[string, Reading]>([
      ['no body', { status: 429, headers: { 'retry-after': '17' } }],
      ['a page of HTML', { status: 429, headers: { 'retry-after': '17' }, body: '<html>slow down</html>' }],
    ])('a refusal with %s stops only what goes to the provider that was asked', (_, reply) => {
      ask(budget, read, reply);
      expect(ask(budget, read)).toBe(17);
      expect(ask(budget, { method: 'GET', url: disk })).toBe(0);
    });

    test('a refusal with no body of a path without a provider is the gateway’s', () => {
      const list = { method: 'GET', url: `${origin}/subscriptions/${one}/resources` } as const;
      ask(budget, list, { status: 429, headers: { 'retry-after': '17' } });
      expect(ask(budget, read)).toBe(17);
    });

    test.each(['', 'TooManyRequests', 'SubscriptionRequestsThrottled', 'TenantRequestsThrottled'])(
      'nobody waits for longer than an hour, whatever it asks for (code %j)',
      (code) => {
        ask(budget, read, throttled(code, '604800'));
        expect(ask(budget, read)).toBe(3_600);
        clock.advance(3_600);
        expect(ask(budget, read)).toBe(0);
      },
    );

    test('a lock of one resource stops nobody else', () => {
      ask(budget, write, throttled('RetryableError', '17'));
      expect(ask(budget, write)).toBe(0);
    });

    test('without Retry-After the gateway’s bucket is taken for empty', () => {
      ask(budget, read, throttled('SubscriptionRequestsThrottled'));
      expect(ask(budget, read)).toBe(2);
    });
  });

  test('a subscription whose requests are still counted by the hour is understood', () => {
    const hourly = (count: number) => left({ 'subscription-writes': count });
    ask(budget, write, hourly(1195));
    expect(ask(budget, write, hourly(130))).toBe(0);
    expect(admitted(write)).toBe(10);
    // A third of a token comes back in a second.
    expect(ask(budget, write)).toBeGreaterThanOrEqual(3);
    clock.advance(30);
    expect(admitted(write)).toBe(10);
  });

  test('a count of all identities shows that it is counted in buckets', () => {
    ask(budget, write, left({ 'subscription-writes': 1195 }));
    ask(budget, write, left({ 'subscription-writes': 199, 'subscription-global-writes': 2999 }));
    expect(ask(budget, write, left({ 'subscription-writes': 100 }))).toBe(0);
    expect(ask(budget, write)).toBe(0);
  });

  test('a bucket that is smaller than documented is as large as the most that was seen of it', () => {
    ask(budget, read, left({ 'subscription-reads': 39 }));
    expect(admitted(read)).toBe(35);
  });

  test('a reply that comes late does not fill the bucket again', () => {
    const early = budget.acquire(read);
    const late = budget.acquire(read);
    const told = (count: string) => ({
      httpStatus: 200,
      headers: { get: (name: string) => (name.endsWith('subscription-reads') ? count : undefined) },
      body: '',
    });
    ask(budget, read, left({ 'subscription-reads': 249 }));
    late.learn(told('200'));
    ask(budget, read, left({ 'subscription-reads': 27 }));
    early.learn(told('248'));
    expect(admitted(read)).toBe(1);
  });

  test('what has left and is not answered is spent, as far as is known', () => {
    ask(budget, read, left({ 'subscription-reads': 249 }));
    const passes = Array.from({ length: 10 }, () => budget.acquire(read));
    ask(budget, read, left({ 'subscription-reads': 45 }));
    expect(admitted(read)).toBe(10);
    for (const pass of passes) pass.leave();
    ask(budget, { ...read, url: vault(other) });
    clock.advance(1);
    ask(budget, read, left({ 'subscription-reads': 45 }));
    expect(admitted(read)).toBe(20);
  });

  describe('what a provider counts itself', () => {
    const counts = (text: string): Reading => ({ headers: { 'x-ms-ratelimit-remaining-resource': text } });
    const writeDisk: BudgetedRequest = { method: 'PUT', url: disk };

    test('stops what goes to that provider, and comes back over its window', () => {
      ask(
        budget,
        writeDisk,
        counts('Microsoft.Compute/HighCostDiskAccess3Min;99,Microsoft.Compute/HighCostDiskAccess30Min;299'),
      );
      ask(
        budget,
        writeDisk,
        counts('Microsoft.Compute/HighCostDiskAccess3Min;27,Microsoft.Compute/HighCostDiskAccess30Min;227'),
      );
      expect(admitted(writeDisk)).toBe(2);
      expect(ask(budget, write)).toBe(0);
      clock.advance(2);
      expect(admitted(writeDisk)).toBe(1);
    });

    test('never asks for more than an hour, however many wait', () => {
      ask(budget, writeDisk, left({ 'subscription-resource-requests': 0 }));
      const waits = Array.from({ length: 20 }, () => ask(budget, writeDisk));
      expect(new Set(waits)).toEqual(new Set([3600]));
    });

    test('is remembered for sixteen counters, and no more', () => {
      for (let index = 0; index < 16; index += 1)
        ask(budget, writeDisk, counts(`Made.Up/Counter${index}x3Min;90`));
      ask(budget, writeDisk, counts('Made.Up/One3Min;0'));
      expect(ask(budget, writeDisk)).toBe(0);
      ask(budget, writeDisk, counts('Made.Up/Counter0x3Min;0'));
      expect(ask(budget, writeDisk)).toBeGreaterThan(0);
    });
  });

  test('Resource Graph’s quota is used to its end, and not beyond', () => {
    const query: BudgetedRequest = { method: 'POST', url: graph };
    const quota = (remaining: number): Reading => ({
      headers: { 'x-ms-user-quota-remaining': String(remaining), 'x-ms-user-quota-resets-after': '00:00:04' },
    });
    expect(ask(budget, query, quota(1))).toBe(0);
    expect(ask(budget, query, quota(0))).toBe(0);
    expect(ask(budget, query)).toBe(4);
    clock.advance(4);
    expect(ask(budget, query)).toBe(0);
  });

  describe('while ARM is scarce', () => {
    const told = (count: number) => left({ 'subscription-reads': count });

    beforeEach(() => {
      ask(budget, read, told(249));
    });

    test('polls stop while there is still half of it for reviews', () => {
      ask(budget, read, told(140));
      expect(admitted(poll)).toBe(2);
      expect(admitted(read)).toBe(113);
    });

    test('thousands of polls do not make a new review wait', () => {
      const waits: number[] = [];
      let level = 249;
      for (let second = 0; second < 120; second += 1) {
        for (let count = 0; count < 100; count += 1) {
          if (ask(budget, poll, told(level - 1)) === 0) level -= 1;
        }
        waits.push(ask(budget, read, told(level - 1)));
        level = Math.min(250, level - 1 + 25);
        clock.advance(1);
      }
      expect(waits.every((wait) => wait === 0)).toBe(true);
      expect(level).toBeGreaterThan(25);
    });

    test('thousands of reviews leave every fifth read to polls', () => {
      let level = 249;
      const gone = { reviews: 0, polls: 0 };
      for (let second = 0; second < 120; second += 1) {
        for (let count = 0; count < 100; count += 1) {
          if (ask(budget, read, told(level - 1)) === 0) {
            level -= 1;
            gone.reviews += 1;
          }
          if (ask(budget, poll, told(level - 1)) === 0) {
            level -= 1;
            gone.polls += 1;
          }
        }
        level = Math.min(250, level + 25);
        clock.advance(1);
      }
      expect(gone.polls / (gone.polls + gone.reviews)).toBeGreaterThan(0.19);
      expect(gone.reviews / (gone.polls + gone.reviews)).toBeGreaterThan(0.75);
    });
  });

  test('what was not used for longest is forgotten first', () => {
    budget = createRateLimiter({ clock, maxScopes: 4 });
    ask(budget, read, { status: 429, headers: { 'retry-after': '600' } });
    ask(budget, { method: 'GET', url: vault(other) });
    expect(ask(budget, read)).toBe(600);
    ask(budget, { method: 'DELETE', url: vault(other) });
    ask(budget, { method: 'PUT', url: vault(other) });
    expect(ask(budget, read)).toBe(0);
  });
});
