import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auditKinds, type AuditOperation, type AuditRecord } from '../../../src/audit/audit-record';
import { recordsOfEveryKind } from '../../support/samples/records-of-every-kind';

const doc = readFileSync(join(__dirname, '../../../docs/audit.md'), 'utf8');

/** A field that is added to the type and forgotten here does not compile. */
const fields = {
  version: true,
  id: true,
  kind: true,
  at: true,
  decisionId: true,
  target: true,
  targetType: true,
  connection: true,
  endpoint: true,
  endpointTenantId: true,
  requesterProof: true,
  expected: true,
  message: true,
  status: true,
  firstSeen: true,
  effect: true,
  rules: true,
  reason: true,
  policyDigest: true,
  mode: true,
  lists: true,
  expiresAt: true,
  standbySince: true,
  by: true,
  answers: true,
  operation: true,
  traceId: true,
  ledgerHolds: true,
} satisfies Record<keyof AuditRecord, true>;

const operationFields = {
  attempt: true,
  startedAt: true,
  endedAt: true,
  polls: true,
  lastHttpStatus: true,
  error: true,
} satisfies Record<keyof AuditOperation, true>;

/** The first cells of the tables below a heading, without back quotes. */
function rowsBelow(heading: string): string[] {
  const section = doc.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([\w.]+)` \|/gm)].map((match) => match[1] ?? '');
}

describe('docs/audit.md', () => {
  test('tells of every kind of record, once each', () => {
    expect(rowsBelow('Kinds').toSorted()).toEqual([...auditKinds].toSorted());
  });

  test('tells of every field, once each', () => {
    const nested = Object.keys(operationFields).map((field) => `operation.${field}`);
    expect(rowsBelow('Fields').toSorted()).toEqual([...Object.keys(fields), ...nested].toSorted());
  });

  test.each([...auditKinds])('names every field that a record of the kind %s has', async (kind) => {
    const line = new RegExp(`^\\| \`${kind}\` \\|.*$`, 'm').exec(doc)?.[0] ?? '';
    const always = ['version', 'id', 'kind', 'at', 'target', 'reason'];
    const ofDecided = /^\| `decided` \|.*$/m.exec(doc)?.[0] ?? '';
    const told = line.includes('those of `decided`') ? line + ofDecided : line;
    const records = (await recordsOfEveryKind()).filter((record) => record.kind === kind);
    expect(records).not.toEqual([]);
    const missing = records.flatMap((record) =>
      Object.entries(record)
        .filter(([, value]) => value !== undefined)
        .map(([field]) => field)
        .filter((field) => !always.includes(field) && !told.includes(`\`${field}\``)),
    );
    expect([...new Set(missing)]).toEqual([]);
  });
});
