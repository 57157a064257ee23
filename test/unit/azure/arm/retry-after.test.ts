import { retryAfterSecondsFrom } from '../../../../src/azure/arm/retry-after';
import { FakeClock } from '../../../support/fakes/fake-clock';

const clock = new FakeClock('2026-01-05T12:00:00.000Z');
const read = (headers: Record<string, string>) =>
  retryAfterSecondsFrom({ get: (name) => headers[name] }, clock);

const cases: readonly [string, Record<string, string>, number | undefined][] = [
  ['no header', {}, undefined],
  ['seconds', { 'retry-after': '60' }, 60],
  ['zero', { 'retry-after': '0' }, 0],
  ['fractions, rounded up', { 'retry-after': '1.2' }, 2],
  ['milliseconds, rounded up', { 'retry-after-ms': '1500' }, 2],
  ["Azure's own milliseconds", { 'x-ms-retry-after-ms': '3000' }, 3],
  ['milliseconds before seconds', { 'retry-after-ms': '3000', 'retry-after': '60' }, 3],
  ['a date ahead', { 'retry-after': 'Mon, 05 Jan 2026 12:00:30 GMT' }, 30],
  ['a date that has passed', { 'retry-after': 'Mon, 05 Jan 2026 11:00:00 GMT' }, 0],
  ["Resource Graph's quota", { 'x-ms-user-quota-resets-after': '00:01:05' }, 65],
  ['a quota that is no time', { 'x-ms-user-quota-resets-after': '99:99:99' }, undefined],
  ['an hour', { 'retry-after': '3600' }, 3_600],
  ['more than an hour', { 'retry-after': '3601' }, 3_600],
  ['a week', { 'retry-after': '604800' }, 3_600],
  ['a week in milliseconds', { 'retry-after-ms': '604800000' }, 3_600],
  ['a date far ahead', { 'retry-after': 'Mon, 12 Jan 2026 12:00:00 GMT' }, 3_600],
  ['a negative number', { 'retry-after': '-5' }, undefined],
  ['text', { 'retry-after': 'soon' }, undefined],
  ['an empty header', { 'retry-after': '' }, undefined],
  ['infinity', { 'retry-after': 'Infinity' }, undefined],
];

test.each(cases)('Retry-After with %s', (_title, headers, expected) => {
  expect(read(headers)).toBe(expected);
});
