import type { Ledger } from '../../../src/audit/audit-log';
import type { AuditRecord } from '../../../src/audit/audit-record';
import type { DecisionSource } from '../../../src/review/undo/decisions-of-rule';
import { sampleRecord, sampleTarget } from '../../../dev/lib/samples';

export interface LedgerHarness {
  readonly ledger: Ledger & DecisionSource;
  /** Every record that is kept. */
  records(): Promise<readonly AuditRecord[]>;
}

/** What every ledger must do. `create` gives an empty one. */
export function ledgerContract(name: string, create: () => LedgerHarness): void {
  describe(`${name} as a ledger`, () => {
    test('a record is kept whole and returned as new', async () => {
      const { ledger, records } = create();
      expect(await ledger.append([sampleRecord()])).toEqual([sampleRecord()]);
      expect(await records()).toEqual([sampleRecord()]);
    });

    test('the smallest record is kept, even one that names no target', async () => {
      const { ledger, records } = create();
      const smallest: AuditRecord = {
        version: 1,
        id: 'x|abandoned',
        kind: 'abandoned',
        at: '2026-01-05T12:00:00Z',
        target: '',
      };
      await ledger.append([smallest]);
      expect(await records()).toEqual([smallest]);
    });

    test('the decisions since an instant are found, of all targets, and nothing else', async () => {
      const { ledger } = create();
      const at = (second: number): string => `2026-01-05T12:00:0${second}.000Z`;
      const other = { target: sampleTarget('vault-two').id, id: 'd3|decided', at: at(3) };
      await ledger.append([
        sampleRecord({ at: at(1) }),
        sampleRecord({ id: 'd2|decided', at: at(2) }),
        sampleRecord({ id: 'd2.1|end', kind: 'applied', at: at(4) }),
      ]);
      await ledger.append([sampleRecord(other)]);
      const found: string[] = [];
      const refuse = (problem: string): never => {
        throw new Error(problem);
      };
      for await (const { id } of ledger.decidedSince(new Date(at(2)), refuse)) found.push(id);
      expect(found.sort()).toEqual(['d2|decided', 'd3|decided']);
    });

    test('no records is no failure', async () => {
      expect(await create().ledger.append([])).toEqual([]);
    });

    test('a record that is told again, later and in another trace, is neither new nor changed', async () => {
      const { ledger, records } = create();
      await ledger.append([sampleRecord()]);
      const again = sampleRecord({ at: '2026-01-05T13:00:00.000Z', traceId: 'ab'.repeat(16) });
      expect(await ledger.append([again])).toEqual([]);
      expect(await records()).toEqual([sampleRecord()]);
    });

    test('a record whose place another one has is told with what the ledger holds, which stays', async () => {
      const { ledger, records } = create();
      const forged = sampleRecord({ effect: 'hold' });
      const fresh = sampleRecord({ id: 'd2|decided' });
      await ledger.append([forged]);
      expect(await ledger.append([sampleRecord(), fresh])).toEqual([
        {
          ...sampleRecord(),
          ledgerHolds: 'another record: decided hold, recorded at 2026-01-05T12:00:00.000Z',
        },
        fresh,
      ]);
      expect(sorted(await records())).toEqual([forged, fresh]);
    });

    test('a smallest record is told again without a word, too', async () => {
      const { ledger } = create();
      const smallest = { version: 1, id: 'x|abandoned', kind: 'abandoned', target: '' } as const;
      await ledger.append([{ ...smallest, at: '2026-01-05T12:00:00Z' }]);
      expect(await ledger.append([{ ...smallest, at: '2026-01-05T12:00:01Z' }])).toEqual([]);
    });

    test('among old records the new ones are found', async () => {
      const { ledger, records } = create();
      const all = Array.from({ length: 25 }, (_, index) => sampleRecord({ id: `d${index}|decided` }));
      await ledger.append(all.filter((_, index) => index % 3 === 0));
      const fresh = await ledger.append(all);
      expect(fresh).toEqual(all.filter((_, index) => index % 3 !== 0));
      expect(sorted(await records())).toEqual(sorted(all));
    });

    test('a record given twice in one call counts once, and the first stays', async () => {
      const { ledger, records } = create();
      const fresh = await ledger.append([sampleRecord(), sampleRecord({ traceId: 'ab'.repeat(16) })]);
      expect(fresh).toEqual([sampleRecord()]);
      expect(await records()).toEqual([sampleRecord()]);
    });

    test('more than a hundred records of several targets are kept in one call', async () => {
      const { ledger, records } = create();
      const all = ['vault-one', 'vault-two'].flatMap((vault) =>
        Array.from({ length: 120 }, (_, index) =>
          sampleRecord({ id: `d${index}|decided`, target: sampleTarget(vault).id }),
        ),
      );
      expect(sorted(await ledger.append(all))).toEqual(sorted(all));
      expect(sorted(await records())).toEqual(sorted(all));
    });

    test.each([
      ['a target id of an unknown type, verbatim', { target: '/subscriptions/x/Möbel|#?%+\\/\u202e!' }],
      ['an id with slashes and quotes', { id: "it's/a/very\\odd#id?%20+|!" }],
      ['a very long id', { id: `${'long'.repeat(600)}|decided` }],
      ['a very long reason', { reason: '👍 because '.repeat(10_000) }],
      ['line breaks and quotes', { reason: 'a\r\n"b"\t{c}' }],
    ] as const)('%s survives', async (_, changes) => {
      const { ledger, records } = create();
      await ledger.append([sampleRecord(changes)]);
      expect(await records()).toEqual([sampleRecord(changes)]);
    });
  });
}

function sorted(records: readonly AuditRecord[]): readonly AuditRecord[] {
  return records.toSorted((a, b) => `${a.target} ${a.id}`.localeCompare(`${b.target} ${b.id}`));
}
