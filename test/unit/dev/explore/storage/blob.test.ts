import { createSimulatedAccount } from '../../../../../dev/explore/storage/account';
import type { SimulatedContainer } from '../../../../../dev/explore/storage/blob/container';
import { refusalOf } from './refusal';

const start = Date.parse('2026-01-05T12:00:00.000Z');

test('an expired lease is not renewed for another, and is for its holder', () => {
  const { container, pass } = createdContainer();
  container.acquireLease('blob', 'mine', 15);
  pass(15);
  expect(refusalOf(() => container.renewLease('blob', 'yours'))).toEqual({
    httpStatus: 409,
    code: 'LeaseIdMismatchWithLeaseOperation',
  });
  expect(container.leaseHolder('blob')).toBeUndefined();
  container.renewLease('blob', 'mine');
  pass(14.999);
  expect(container.leaseHolder('blob')).toBe('mine');
});

test('a judge sees who holds a lease, and until when', () => {
  const { container, pass } = createdContainer();
  expect(container.leaseHolder('blob')).toBeUndefined();
  expect(container.leaseHolder('missing')).toBeUndefined();
  container.acquireLease('blob', 'mine', 30);
  expect(lease(container)).toEqual({
    state: 'leased',
    leaseId: 'mine',
    seconds: 30,
    expiresAtMs: start + 30_000,
  });
  pass(10);
  container.renewLease('blob', 'mine');
  expect(lease(container)).toMatchObject({ expiresAtMs: start + 40_000 });
  pass(30);
  expect(lease(container)).toEqual({ state: 'expired', leaseId: 'mine', seconds: 30 });
  container.acquireLease('blob', 'yours', -1);
  pass(1_000_000);
  expect(container.leaseHolder('blob')).toBe('yours');
});

describe('a lease that is broken', () => {
  test.each([
    ['by default, ends when it would have expired', 30, undefined, 30],
    ['later than it would have expired, ends then', 30, 60, 30],
    ['earlier, ends earlier', 30, 10, 10],
    ['without end, ends after that time', -1, 60, 60],
  ])('%s', (_, seconds, breakSeconds, endsAfter) => {
    const { container, pass } = createdContainer();
    container.acquireLease('blob', 'mine', seconds);
    expect(container.breakLease('blob', breakSeconds)).toBe(endsAfter);
    pass(endsAfter - 1);
    expect(container.leaseHolder('blob')).toBe('mine');
    expect(refusalOf(() => container.renewLease('blob', 'mine'))).toEqual({
      httpStatus: 409,
      code: 'LeaseIsBrokenAndCannotBeRenewed',
    });
    expect(refusalOf(() => container.acquireLease('blob', 'yours', 15))).toEqual({
      httpStatus: 409,
      code: 'LeaseAlreadyPresent',
    });
    pass(1);
    expect(container.leaseHolder('blob')).toBeUndefined();
    container.acquireLease('blob', 'yours', 15);
  });

  test.each([
    ['at once', 30, 0],
    ['without end, by default', -1, undefined],
  ])('%s, is free', (_, seconds, breakSeconds) => {
    const { container } = createdContainer();
    container.acquireLease('blob', 'mine', seconds);
    expect(container.breakLease('blob', breakSeconds)).toBe(0);
    container.acquireLease('blob', 'yours', 15);
    expect(container.leaseHolder('blob')).toBe('yours');
  });

  test.each([-1, 61])('after %d s is refused', (seconds) => {
    const { container } = createdContainer();
    container.acquireLease('blob', 'mine', -1);
    expect(refusalOf(() => container.breakLease('blob', seconds))).toEqual({
      httpStatus: 400,
      code: 'InvalidHeaderValue',
    });
  });

  test('again, when it has ended, stays broken', () => {
    const { container } = createdContainer();
    container.acquireLease('blob', 'mine', 30);
    container.breakLease('blob', 0);
    expect(container.breakLease('blob')).toBe(0);
    expect(lease(container)).toEqual({ state: 'broken', leaseId: 'mine' });
  });

  test('again, ends no later', () => {
    const { container } = createdContainer();
    container.acquireLease('blob', 'mine', 30);
    container.breakLease('blob', 10);
    expect(container.breakLease('blob', 20)).toBe(10);
    expect(container.breakLease('blob')).toBe(10);
    expect(container.breakLease('blob', 5)).toBe(5);
  });
});

test('a content that was downloaded or uploaded is a copy', () => {
  const { container } = createdContainer();
  const content = Buffer.from('abc');
  container.upload('blob', content, { onlyIfMissing: false });
  container.download('blob').fill('x');
  content.fill('y');
  expect(container.download('blob').toString()).toBe('abc');
});

test('the number of changes grows with blobs and leases', () => {
  const { container } = createdContainer();
  const before = container.changeCount;
  expect([...container.blobs()]).toHaveLength(1);
  expect(container.changeCount).toBe(before);
  container.acquireLease('blob', 'mine', 15);
  expect(container.changeCount).toBeGreaterThan(before);
});

function createdContainer(): { container: SimulatedContainer; pass: (seconds: number) => void } {
  let nowMs = start;
  const account = createSimulatedAccount({ now: () => nowMs, random: () => 0.5 });
  const container = account.container('container');
  container.create();
  container.upload('blob', Buffer.alloc(0), { onlyIfMissing: true });
  return { container, pass: (seconds) => (nowMs += seconds * 1000) };
}

function lease(container: SimulatedContainer): unknown {
  return [...container.blobs()][0]?.lease;
}
