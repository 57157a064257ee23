import fc from 'fast-check';
import { sampleTarget } from '../../../../../dev/lib/samples';
import {
  partitionKeyFrom,
  rowKeyFrom,
  textColumns,
  textFrom,
} from '../../../../../src/azure/storage/tables/columns';
import { splitIntoTransactions } from '../../../../../src/azure/storage/tables/query';
import { codePoint } from '../../../../support/arbitraries/code-point';

const anyText = fc.oneof(
  fc.string({ unit: codePoint, maxLength: 600 }),
  fc.string({ unit: fc.constantFrom('/', '|', '!', '-', 'a', '0', '2', '7', 'c', 'h', '\\', '%') }),
);

describe('a table key', () => {
  test('of a target can be read', () => {
    expect(partitionKeyFrom(sampleTarget().key)).toBe(
      '|subscriptions|11111111-2222-3333-4444-555555555555|resourcegroups|shared-rg|providers|microsoft.keyvault|vaults|vault-one',
    );
  });

  test('of a record keeps its strokes', () => {
    expect(rowKeyFrom('d1|decided')).toBe('d1|decided');
  });

  test.each([partitionKeyFrom, rowKeyFrom])('is never empty, too long or forbidden', (keyFrom) => {
    fc.assert(
      fc.property(anyText, (text) => {
        const key = keyFrom(text);
        expect(key.length).toBeGreaterThan(0);
        expect(key.length).toBeLessThanOrEqual(500);
        expect(key).not.toMatch(/[/\\#?\p{Cc}\p{Cs}]/u);
      }),
    );
  });

  test.each([partitionKeyFrom, rowKeyFrom])('of different texts is different', (keyFrom) => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        expect(keyFrom(one) === keyFrom(other)).toBe(one === other);
      }),
      { numRuns: 2000 },
    );
    for (const [one, other] of [
      ['', '-'],
      ['a/b', 'a|b'],
      ['!007c', '|'],
      ['x'.repeat(600), `${'x'.repeat(599)}y`],
    ] as const) {
      expect(keyFrom(one)).not.toBe(keyFrom(other));
    }
  });
});

describe('a text in columns', () => {
  test('comes back as it was, however long', () => {
    const long = fc.tuple(fc.string({ unit: 'grapheme' }), fc.nat(90_000)).map(([text, count]) => {
      const unit = text === '' ? '👍' : text;
      return unit.repeat(Math.ceil(count / unit.length));
    });
    fc.assert(
      fc.property(long, (text) => {
        const columns = textColumns('reason', text);
        expect(textFrom(columns, 'reason')).toBe(text);
        for (const column of Object.values(columns)) {
          expect(String(column).length).toBeLessThanOrEqual(32_000);
          expect(String(column)).not.toMatch(/\p{Cs}/u);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('that is absent makes no column', () => {
    expect(textColumns('reason', undefined)).toEqual({});
    expect(textFrom({ reasonable: 'x' }, 'reason')).toBeUndefined();
  });

  test('that would not fit into a row is refused', () => {
    expect(() => textColumns('operation', 'x'.repeat(400_000))).toThrow(/operation is too long/);
  });
});

describe('transactions', () => {
  test('keep the order and hold neither too many actions nor too many characters', () => {
    const sizes = fc
      .array(fc.nat(200_000), { maxLength: 30 })
      .chain((large) =>
        fc.array(fc.nat(50), { maxLength: 250 }).map((small) => [...small, ...large, ...small]),
      );
    fc.assert(
      fc.property(sizes, (list) => {
        const actions = list.map(
          (size, index): ['create', { partitionKey: string; rowKey: string; text: string }] => [
            'create',
            { partitionKey: 'p', rowKey: String(index), text: 'x'.repeat(size) },
          ],
        );
        const transactions = splitIntoTransactions(actions);
        expect(transactions.flat()).toEqual(actions);
        for (const transaction of transactions) {
          expect(transaction.length).toBeLessThanOrEqual(100);
          expect(transaction.length).toBeGreaterThan(0);
          expect(JSON.stringify(transaction).length).toBeLessThan(1_400_000);
        }
      }),
      { numRuns: 20 },
    );
  });
});
