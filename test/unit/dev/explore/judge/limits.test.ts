import type { Write } from '../../../../../dev/explore/judge/arm-traffic';
import { LimitLaw } from '../../../../../dev/explore/judge/limits';
import type { LedgerRow } from '../../../../../dev/explore/judge/ledger-row';

const minute = 60_000;
const reject = (connection: string, atMinutes: number, change: Partial<Write> = {}): Write => ({
  effect: 'reject',
  connection,
  atMs: atMinutes * minute,
  statusBefore: 'Pending',
  ...change,
});
const limited = (effect: string, atMinutes: number) =>
  ({ effect, storedMs: atMinutes * minute }) as LedgerRow;

function law(): LimitLaw {
  return new LimitLaw(1, 10_000);
}

test.each<[string, readonly Write[], string | undefined]>([
  ['one', [reject('a', 0)], undefined],
  ['two', [reject('a', 0), reject('b', 30)], '2 rejects in one hour, and the limit is 1'],
  ['one, twice', [reject('a', 0), reject('a', 30)], undefined],
  ['two, an hour apart', [reject('a', 0), reject('b', 60)], undefined],
  ['two of two kinds', [reject('a', 0), reject('b', 1, { effect: 'delete' })], undefined],
  [
    'two revocations',
    [
      reject('a', 0, { statusBefore: 'Approved' }),
      reject('b', 1, { effect: 'delete', statusBefore: 'Approved' }),
    ],
    '2 revocations in one hour, and the limit is 1',
  ],
  ['approvals', [reject('a', 0, { effect: 'approve' }), reject('b', 1, { effect: 'approve' })], undefined],
])('a limit of one judges %s', (_, writes, excess) => {
  expect(law().excess(writes)).toBe(excess);
});

test('what a person lets go on counts no more, and only what the limit had held until then', () => {
  const lifted = law();
  lifted.onLimited(limited('reject', 1), 'b');
  lifted.onLimited(limited('delete', 1), 'c');
  lifted.onLift(2 * minute);
  lifted.onLimited(limited('reject', 3), 'd');
  expect(lifted.excess([reject('a', 0), reject('b', 5)])).toBeUndefined();
  expect(lifted.excess([reject('a', 3), reject('b', 5), reject('c', 6)])).toMatch(/^2 rejects/);
  expect(lifted.excess([reject('a', 3), reject('d', 6)])).toMatch(/^2 rejects/);
  expect(law().excess([reject('a', 0), reject('b', 5)])).toMatch(/^2 rejects/);
});

test('a write that a person let go on does not count although a limit holds its connection again', () => {
  const lifted = law();
  lifted.onLimited(limited('reject', 1), 'b');
  lifted.onLift(2 * minute);
  const first = reject('b', 5);
  expect(lifted.excess([first])).toBeUndefined();
  lifted.onLimited(limited('reject', 10), 'b');
  expect(lifted.excess([first, reject('c', 12)])).toBeUndefined();
});
