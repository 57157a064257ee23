import fc from 'fast-check';
import { CliError } from '../../../../src/cli/cli-host';
import { sinceFrom } from '../../../../src/cli/undo/since';

const now = new Date('2026-03-01T12:00:00.000Z');

test.each([
  ['2h', '2026-03-01T10:00:00.000Z'],
  [' 90m ', '2026-03-01T10:30:00.000Z'],
  ['1d12h', '2026-02-28T00:00:00.000Z'],
  ['2026-02-28', '2026-02-28T00:00:00.000Z'],
  ['2026-02-28T09:00:00Z', '2026-02-28T09:00:00.000Z'],
  ['2026-02-28T09:00:00+01:00', '2026-02-28T08:00:00.000Z'],
  ['2026-02-28T09:00+0100', '2026-02-28T08:00:00.000Z'],
])('%j is %s', (text, wanted) => {
  expect(sinceFrom(now, text).toISOString()).toBe(wanted);
});

test.each([
  ['yesterday', 'is not a time'],
  ['2 hours', 'write `2h`'],
  ['7', '`7h` for hours or `7d` for days'],
  ['-2h', 'already over'],
  ['', 'the time is empty'],
  ['0h', '--since 0 is nothing'],
  ['2026-02-31', 'is no instant'],
  ['2026-13-01T00:00:00Z', 'is no instant'],
  ['2026-02-28T09:00:00', 'has no time zone'],
  ['2026-03-01T12:00:01Z', 'is in the future'],
  ['2027-01-01', 'is in the future'],
  ['999999999d', 'too long ago'],
  ['28.02.2026', 'is not a time'],
])('%j is refused: %s', (text, message) => {
  expect(() => sinceFrom(now, text)).toThrow(message);
});

test('any text is an instant before now, or a message', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string().map((text) => `2026-${text}`),
      ),
      (text) => {
        try {
          expect(sinceFrom(now, text).getTime()).toBeLessThanOrEqual(now.getTime());
        } catch (error) {
          expect(error).toBeInstanceOf(CliError);
        }
      },
    ),
  );
});
