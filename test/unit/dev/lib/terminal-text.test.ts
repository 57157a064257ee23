import { assert, integer, property, string } from 'fast-check';
import stringWidth from 'string-width';
import { fitText, padText, terminalColumns } from '../../../../dev/lib/terminal-text';

const anyText = string({ unit: 'binary', maxLength: 200 });
const someColumns = integer({ min: 1, max: 120 });

test('any text fits its columns, on one line, without characters that a terminal obeys', () => {
  assert(
    property(anyText, someColumns, (text, columns) => {
      const fitted = fitText(text, columns);
      return stringWidth(fitted) <= columns && !/[\p{C}\p{Zl}\p{Zp}]/u.test(fitted);
    }),
  );
});

test('any text is padded to exactly its columns', () => {
  assert(property(anyText, someColumns, (text, columns) => stringWidth(padText(text, columns)) === columns));
});

test.each([
  ['short', 10, 'short'],
  ['exactly ten', 11, 'exactly ten'],
  ['one too long', 11, 'one too lo…'],
  // Each of these characters is two columns wide.
  ['鍵鍵鍵', 6, '鍵鍵鍵'],
  ['鍵鍵鍵', 5, '鍵鍵…'],
  ['鍵鍵鍵', 4, '鍵…'],
  ['x', 1, 'x'],
  ['xy', 1, '…'],
])('%j in %i columns is %j', (text, columns, fitted) => {
  expect(fitText(text, columns)).toBe(fitted);
});

test.each([
  [undefined, 80],
  [0, 80],
  [10, 80],
  [80, 80],
  [132, 132],
])('a terminal of %s columns counts as %i', (columns, counted) => {
  expect(terminalColumns(columns === undefined ? {} : { columns })).toBe(counted);
});
