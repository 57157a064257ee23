import { estatePolicy } from '../../../dev/estate/plan';
import { settleEstate } from '../../../dev/estate/settle';
import { summaryOf, tableOf } from '../../../dev/estate/table';
import { profileOf, targetTypes } from '../../../src/connections/target-type';
import '../../../functions/register';

jest.mock('@azure/functions', () => jest.requireActual<object>('../../../dev/explore/app/functions-sdk'));
jest.mock('../../../functions/worker', () => jest.requireActual<object>('../../../dev/explore/app/worker'));

const writable = targetTypes().filter((type) => profileOf(type).isWritable);

test('an estate of every type settles as the policy wants, and each type is approved, rejected and held once', async () => {
  const turns = await Promise.all([0, 1, 2].map((turn) => settleEstate({ turn })));
  const rows = turns.flat();
  expect(rows.filter(({ isAsWanted }) => !isAsWanted)).toEqual([]);
  expect(rows).toHaveLength(targetTypes().length * 3);
  for (const type of writable)
    expect(
      rows
        .filter((row) => row.type === type)
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['Approved', 'Pending', 'Rejected']);
  expect(JSON.parse(summaryOf(rows))).toMatchObject({
    approved: writable.length,
    rejected: writable.length,
    failed: [],
  });
});

test('what does not settle as the policy wants is counted, and shown with the reason', async () => {
  const policy = estatePolicy.replace('effect: reject', 'effect: hold');
  const rows = await settleEstate({ turn: 0, policy, hours: 1 });
  const failed = rows.filter(({ isAsWanted }) => !isAsWanted);
  expect(failed.map(({ answer }) => answer)).toEqual(Array.from(failed, () => 'reject'));
  expect(failed.length).toBeGreaterThan(30);
  const summary = JSON.parse(summaryOf(rows)) as { failed: readonly string[]; rejected: number };
  expect(summary.failed).toContain('reject Microsoft.Cache/redis');
  expect(summary.rejected).toBe(0);
  expect(tableOf(rows)).toMatch(/^NO +Microsoft.Cache\/redis +reject +Pending +decided .* stranger/m);
});
