import { createAuditLog } from '../../../src/audit/audit-log';
import { isOneOfFour } from '../../support/samples/four-types';
import { createTakeEvent } from '../../../src/events/take-event';
import { FakeClock, FakeLedger, FakeReviewQueue, FakeTelemetry } from '../../support/fakes';
import { apim, endpointEvent, storageAccount, vault } from '../../support/samples/event-samples';

function rig() {
  const ledger = new FakeLedger();
  const clock = new FakeClock();
  const reviews = new FakeReviewQueue(clock);
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const audit = createAuditLog({ ledger, telemetry: new FakeTelemetry(), logger });
  const take = createTakeEvent({
    reviews,
    audit,
    clock,
    logger,
    answers: isOneOfFour,
    reviewNow: (request) => reviews.put(request, 0),
    ownObjectId: () => undefined,
  });
  return { ledger, clock, take: (...targets: string[]) => take(endpointEvent({ targets }), undefined) };
}

const inGroup = (rest: string): string => storageAccount.replace(/providers\/.*$/, `providers/${rest}`);
const day = 86_400;

describe('targets of a type that Postern does not answer for', () => {
  test('are told of once a day for each type, with the first of them', async () => {
    const { ledger, clock, take } = rig();
    const second = storageAccount.replace(/[^/]+$/, 'second');
    await take(vault, storageAccount);
    await take(second);
    await take(second.toUpperCase());
    expect(ledger.records).toMatchObject([
      {
        kind: 'ignored',
        target: '',
        targetType: 'Microsoft.Storage/storageAccounts',
        reason: expect.stringMatching(/does not support this type.*storageAccounts/s),
      },
    ]);
    expect(ledger.records[0]?.reason).toContain(storageAccount);
    await take(inGroup('Microsoft.Sql/servers/one'));
    expect(ledger.records.map(({ targetType }) => targetType)).toEqual([
      'Microsoft.Storage/storageAccounts',
      'Microsoft.Sql/servers',
    ]);
    clock.advance(day);
    await take(second);
    expect(ledger.records).toHaveLength(3);
    expect(ledger.records[2]?.reason).toContain(second);
  });

  test('whose names are invented fill no more than a row a day', async () => {
    const { ledger, take } = rig();
    for (let count = 0; count < 300; count += 1)
      await take(inGroup(`Microsoft.Storage/storageAccounts/a${count}`));
    expect(ledger.records).toHaveLength(1);
  });

  test('whose types are invented fill a bounded number of rows a day', async () => {
    const { ledger, take } = rig();
    for (let count = 0; count < 6_000; count += 50) {
      const ids = Array.from({ length: 49 }, (_, index) => inGroup(`Forged.T${count + index}/things/x`));
      await take(vault, ...ids);
    }
    expect(ledger.records.length).toBeLessThanOrEqual(1_000);
  });

  test('named by an alias share one row a day', async () => {
    const { ledger, take } = rig();
    for (let count = 0; count < 20; count += 1)
      await take(`alias${count}.1234.westeurope.azure.privatelinkservice`);
    expect(ledger.records).toHaveLength(1);
    expect(ledger.records[0]).toMatchObject({
      targetType: undefined,
      reason: expect.stringContaining('alias0.'),
    });
  });

  test('of a type that has connections itself are still reviewed', async () => {
    const { ledger, take } = rig();
    await take(apim);
    expect(ledger.records).toEqual([]);
  });
});
