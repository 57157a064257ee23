import fc from 'fast-check';
import { buildRow } from '../../../src/report/build-row';
import { longest } from '../../../src/report/longest';
import { embedded, dataMark, pageOf } from '../../../src/report/page';
import { jsonOf } from '../../../src/report/json';
import { mostPageRows, packReport, unpackRows, type PageData } from '../../../src/report/page-data';
import type { Report, ReportRow } from '../../../src/report/row';
import { verdictsOf } from '../../../src/report/verdicts';
import { safeJson } from '../../../src/cli/output';
import { samplePolicy, sampleReport } from '../../../dev/report/sample-estate';
import { hostileFacts } from '../../support/arbitraries/facts';
import { hostileText } from '../../support/arbitraries/hostile-text';
import { facts } from '../../support/samples/policy';

const now = new Date('2026-03-01T12:00:00Z');
const policy = samplePolicy();
const harmful = /[\p{C}\p{Zl}\p{Zp}]/u;
const decision = fc.record({
  source: fc.constantFrom('rule', 'person', 'elsewhere', 'none', 'unknown' as const),
  rules: fc.array(hostileText, { maxLength: 3 }),
  by: fc.option(hostileText, { nil: undefined }),
  reason: fc.option(hostileText, { nil: undefined }),
});
const hostileRow: fc.Arbitrary<ReportRow> = fc
  .record({
    facts: hostileFacts,
    decision,
    ids: fc.tuple(hostileText, hostileText, hostileText),
    proof: hostileText,
  })
  .map(({ facts: stated, decision: made, ids: [id, name, tag], proof }) =>
    buildRow({
      facts: {
        ...stated,
        connection: { ...stated.connection, id },
        requesterProof: proof,
        requester: {
          id: name,
          type: tag,
          name,
          subscriptionId: tag,
          subscriptionName: name,
          managementGroups: [id, name, tag],
          how: 'name',
        },
      },
      history: { decision: made },
      verdicts: verdictsOf(policy, stated, now),
      microsoftTenants: new Set(),
      now,
    }),
  );

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

const reportOf = (rows: readonly ReportRow[]): Report => ({ ...sampleReport(0), rows });

test('every text of a row can be seen as it is, and is bounded', () => {
  fc.assert(
    fc.property(hostileRow, (row) => {
      for (const text of textsIn(row)) {
        expect([text, harmful.test(text)]).toEqual([text, false]);
        expect(text.length).toBeLessThanOrEqual(longest.id);
      }
    }),
  );
});

test('huge texts and lists are cut', () => {
  const huge = 'x'.repeat(1_000_000);
  const connection = {
    ...facts.connection,
    message: huge,
    groupIds: Array.from({ length: 10_000 }, () => huge),
  };
  const history = { decision: { source: 'none' as const } };
  const parts = { history, verdicts: undefined, microsoftTenants: new Set<string>(), now };
  const row = buildRow({ facts: { ...facts, connection }, ...parts });
  expect(row.message).toHaveLength(longest.text);
  expect(row.groupIds).toHaveLength(longest.entries);
  expect(JSON.stringify(row).length).toBeLessThan(10_000);
});

test('a row is the same after it was packed, embedded in the page and read again', () => {
  const labels = { 'Microsoft.KeyVault/vaults': '</script><script>hostile=1</script>' };
  fc.assert(
    fc.property(fc.array(hostileRow, { maxLength: 4 }), (rows) => {
      const page = [...pageOf(`<a>${dataMark}</a>`, packReport(reportOf(rows), labels))].join('');
      const inside = page.slice('<a>'.length, -'</a>'.length);
      expect(inside).not.toMatch(/[<>&\u2028\u2029]/);
      const data = JSON.parse(inside) as PageData;
      expect(unpackRows(data)).toEqual(rows);
      expect(data.labels).toEqual(labels);
    }),
  );
});

test('a row as JSON is the same when it is read again, and nothing in it acts on a terminal', () => {
  fc.assert(
    fc.property(fc.array(hostileRow, { maxLength: 3 }), (rows) => {
      const text = [...jsonOf(reportOf(rows), (value) => safeJson(value, 0))].join('');
      expect(text.replaceAll('\n', '')).not.toMatch(harmful);
      expect(JSON.parse(text)).toMatchObject({
        version: 1,
        rows: JSON.parse(JSON.stringify(rows)),
        unread: [],
      });
    }),
  );
});

test('any value stays the same when it is embedded, and cannot end its element', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const inside = embedded({ text });
      expect(inside).not.toMatch(/[<>&]/);
      expect(JSON.parse(inside)).toEqual({ text });
    }),
  );
});

test.each(['no place', `${dataMark} ${dataMark}`])('a page with %j is refused', (page) => {
  expect(() => [...pageOf(page, packReport(sampleReport(1), {}))]).toThrow(`must have ${dataMark} once`);
});

test('a page of another version is refused', () => {
  expect(() => unpackRows({ ...packReport(sampleReport(1), {}), version: 2 as never })).toThrow(
    'cannot read',
  );
});

test('a page has a bounded number of rows and says how many it lacks', () => {
  const [row] = sampleReport(1).rows;
  const rows = Array.from({ length: mostPageRows + 3 }, () => row!);
  const packed = packReport(reportOf(rows), {});
  expect([packed.rows.length, packed.omitted]).toEqual([mostPageRows, 3]);
});
