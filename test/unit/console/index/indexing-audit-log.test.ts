import { PosternError } from '../../../../src/base/errors';
import { auditWithIndex } from '../../../../src/console/index/indexing-audit-log';
import type { AuditLog } from '../../../../src/audit/audit-log';
import type { AuditRecord } from '../../../../src/audit/audit-record';
import { FakeClock } from '../../../support/fakes';
import { FakeConsoleIndex } from '../../../support/fakes/fake-console-index';
import { sampleRecord } from '../../../../dev/lib/samples';

const firstSeen = '2026-01-05T11:00:00.000Z';
const held = sampleRecord({ effect: 'hold', firstSeen });
const end = sampleRecord({ id: 'd1.1|end', kind: 'applied', firstSeen });

function underTest(record: AuditLog['record'] = () => Promise.resolve()) {
  const index = new FakeConsoleIndex();
  const clock = new FakeClock('2026-01-05T12:00:00.000Z');
  const warnings: string[] = [];
  const logger = {
    info: () => undefined,
    error: () => undefined,
    warn: (line: string) => void warnings.push(line),
  };
  const inner: AuditLog = { record, note: () => undefined, flush: () => Promise.resolve() };
  return { index, clock, warnings, audit: auditWithIndex(inner, { index, clock, logger }) };
}

test('a hold is listed until it ends', async () => {
  const { audit, index } = underTest();
  await audit.record([held]);
  expect([...index.entries.values()]).toMatchObject([{ state: 'held', connection: held.connection }]);
  await audit.record([end]);
  expect(index.entries.size).toBe(0);
  expect([...index.ends.values()]).toMatchObject([{ kind: 'applied' }]);
});

test('what the ledger did not take is not listed', async () => {
  const { audit, index } = underTest(() => Promise.reject(new PosternError('LEDGER_UNAVAILABLE', 'away')));
  await expect(audit.record([held])).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  expect(index.entries.size).toBe(0);
});

test('an index that cannot be written stops nothing, and the log says so', async () => {
  const recorded: AuditRecord[] = [];
  const { audit, index, warnings } = underTest(async (records) => void recorded.push(...records));
  index.failure = new PosternError('STORE_UNAVAILABLE', 'away');
  await audit.record([held]);
  expect(recorded).toEqual([held]);
  expect(warnings.join()).toMatch(/index was not written/);
});

test('an entry that was lost comes back with the daily record of what waits', async () => {
  const { audit, index } = underTest();
  await audit.record([
    sampleRecord({ kind: 'waited', id: 'd1|waited|2026-01-06', effect: 'hold', firstSeen }),
  ]);
  expect([...index.entries.values()]).toMatchObject([{ state: 'held' }]);
});

test('ends are forgotten after a month', async () => {
  const { audit, index, clock } = underTest();
  await audit.record([end]);
  clock.advance(30 * 24 * 60 * 60);
  await audit.record([{ ...end, id: 'd2.1|end', at: clock.now().toISOString() }]);
  expect(index.ends.size).toBe(2);
  clock.advance(24 * 60 * 60);
  await audit.record([{ ...end, id: 'd3.1|end', at: clock.now().toISOString() }]);
  expect(index.ends.size).toBe(2);
});
