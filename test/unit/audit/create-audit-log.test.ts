import type { AuditRecord } from '../../../src/audit/audit-record';
import { decisionIdOf } from '../../../src/review/decision-id';
import { createRig } from '../../support/rigs/rig';

const accusations = (lines: readonly string[]) =>
  lines.filter((line) => line.startsWith('Someone else wrote to'));
const shown = (records: readonly AuditRecord[]) => records.map(({ kind, effect }) => `${kind} ${effect}`);

test('what is put into the ledger first silences neither copy: the true records are told, marked, and it is an error', async () => {
  const rig = createRig();
  rig.policy.effects.set('one', 'approve');
  const connection = rig.arm.seed({ name: 'one', message: 'hello' });
  const decision = rig.policy.decide({ connection: { name: 'one', status: 'Pending' } } as never, new Date());
  if (decision === undefined) throw new Error('the policy has no answer');
  const id = decisionIdOf(connection, 0, decision);
  const forged = (kind: 'decided' | 'superseded', suffix: string): AuditRecord => ({
    version: 1,
    id: `${id}${suffix}`,
    kind,
    at: '2026-01-05T11:59:59.000Z',
    target: rig.target.id,
    connection: connection.id.id,
    decisionId: id,
    effect: 'hold',
    rules: [],
    reason: 'No rule matched',
    status: 'Pending',
  });
  await rig.ledger.append([forged('decided', '|decided'), forged('superseded', '.1|end')]);
  await rig.takeRequest(rig.request());
  rig.arm.change('one', { status: 'Approved', message: rig.arm.writes[0]?.description ?? '' });
  await rig.run(60);
  expect(shown(rig.ledger.records)).toEqual(['decided hold', 'superseded hold']);
  const marked = rig.telemetry.emitted.filter(({ ledgerHolds }) => ledgerHolds !== undefined);
  expect(shown(marked)).toEqual(['decided approve', 'applied approve']);
  expect(marked[0]?.ledgerHolds).toBe('another record: decided hold, recorded at 2026-01-05T11:59:59.000Z');
  expect(accusations(rig.lines)).toHaveLength(2);
  expect(accusations(rig.lines)[0]).toContain(`under the id ${id}|decided, where a decided record belongs`);
});

test('a record that is repeated after a crash is quiet', async () => {
  const rig = createRig();
  const record: AuditRecord = {
    version: 1,
    id: 'x',
    kind: 'swept',
    at: '2026-01-05T12:00:00.000Z',
    target: '',
  };
  await rig.audit.record([record]);
  await rig.audit.record([{ ...record, at: '2026-01-05T12:05:00.000Z', traceId: 'ab'.repeat(16) }]);
  expect(rig.telemetry.emitted).toEqual([record]);
  expect(rig.lines).toEqual([]);
});
