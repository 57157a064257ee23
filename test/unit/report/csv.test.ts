import fc from 'fast-check';
import { csvLine, csvOf } from '../../../src/report/csv';
import { sampleReport } from '../../../dev/report/sample-estate';
import { hostileText } from '../../support/arbitraries/hostile-text';
import { hostileTexts } from '../../support/page/hostile';

/** Reads a table as spreadsheets do: quotes count at the beginning of a cell, whatever the separator is. */
function cellsOf(text: string, separator: string): string[][] {
  const lines: string[][] = [[]];
  let at = 0;
  const cell = (): string => {
    let value = '';
    if (text[at] === '"') {
      at += 1;
      while (at < text.length && !(text[at] === '"' && text[at + 1] !== '"')) {
        value += text.charAt(at);
        at += text[at] === '"' ? 2 : 1;
      }
      at += 1;
    }
    while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r')
      value += text.charAt(at++);
    return value;
  };
  while (at < text.length) {
    lines.at(-1)?.push(cell());
    if (text[at] === separator) at += 1;
    else {
      while (text[at] === '\r' || text[at] === '\n') at += 1;
      if (at < text.length) lines.push([]);
    }
  }
  return lines;
}

const formula = /^[\s"]*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

describe('a line of CSV', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1', "'＝1"],
    ['  =1', '"  \'=1"'],
    ['\t=1', '"\'\t\'=1"'],
    ['\r=1', '"\'\r\'=1"'],
    ['\tx', '"\'\tx"'],
    ['a;=1', '"a;\'=1"'],
    ['a, "b"', '"a, ""b"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['a-b', 'a-b'],
    ['', ''],
    [' x ', '" x "'],
  ])('writes %j', (text, written) => {
    expect(csvLine([text])).toBe(`${written}\r\n`);
  });

  test('has the same cells when it is read again, but for apostrophes', () => {
    const plain = (text: string): string => text.replaceAll("'", '');
    const lists = fc.array(fc.oneof(hostileText, fc.constantFrom(...hostileTexts)), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(lists, (cells) => {
        const [line = []] = cellsOf(csvLine([...cells, 'end']), ',');
        expect(line.map(plain)).toEqual([...cells, 'end'].map(plain));
      }),
    );
  });

  test('has no cell that begins a formula, whichever sign separates the cells', () => {
    const pieces = fc.array(
      fc.constantFrom('=', '+', '-', '@', ';', ',', '"', "'", '\t', '\n', '\r', ' ', 'x', '＝'),
      {
        maxLength: 8,
      },
    );
    const cell = fc.oneof(
      pieces.map((all) => all.join('')),
      hostileText,
    );
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 4 }), (cells) => {
        for (const separator of [',', ';', '\t'])
          for (const read of cellsOf(csvLine(cells), separator).flat()) expect(read).not.toMatch(formula);
      }),
      { numRuns: 2_000 },
    );
  });
});

test('a report has a heading, a line per connection, and a line per thing that could not be read', () => {
  const report = sampleReport(20);
  const unread = [{ id: '/subscriptions/x', problem: '=HYPERLINK("x")' }];
  const text = [...csvOf({ ...report, unread })].join('');
  expect(text.startsWith('\ufeffconnection,target,')).toBe(true);
  const lines = cellsOf(text, ',');
  expect(lines).toHaveLength(22);
  expect(new Set(lines.map(({ length }) => length))).toEqual(new Set([lines[0]?.length]));
  expect(lines.slice(1, 21).map(([id]) => id)).toEqual(report.rows.map(({ connection }) => connection));
  expect(lines.at(-1)?.at(0)).toBe('/subscriptions/x');
  expect(lines.at(-1)?.at(-1)).toBe(`'=HYPERLINK("x")`);
});
