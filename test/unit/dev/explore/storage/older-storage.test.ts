import { makeOlder } from '../../../../../dev/explore/storage/older-storage';
import { createSimulatedAccount } from '../../../../../dev/explore/storage/account';

function older(row: Record<string, string | number>, message: object) {
  const account = createSimulatedAccount({ now: () => 1_000, random: () => 0 });
  const operations = account.table('operations');
  operations.create();
  operations.write({ kind: 'insert', entity: { partitionKey: 'p', rowKey: 'r', ...row } });
  const reviews = account.queue('reviews');
  reviews.create();
  reviews.send(Buffer.from(JSON.stringify(message)).toString('base64'), { visibilitySeconds: 30 });
  makeOlder(account, 1_000);
  const [queued] = reviews.snapshot();
  return {
    rows: [...operations.rows()],
    message: JSON.parse(Buffer.from(queued?.text ?? '', 'base64').toString('utf8')) as object,
    visibleAtMs: queued?.visibleAtMs,
  };
}

test('a connection’s row loses what 0.1.0 did not know, at any depth', () => {
  const operation = {
    id: 'a.1',
    endsApproval: true,
    ticket: { phase: 'proof', missingSince: 'then' },
    ending: { state: 'applied', seen: { status: 'Approved' } },
  };
  const { rows } = older(
    {
      connectionId: '/c',
      generation: 2,
      missingSince: 'then',
      writes: 'then',
      operation: JSON.stringify(operation),
      approval: JSON.stringify({ endsAt: 'later', rules: ['a'], proof: 'named' }),
    },
    {},
  );
  expect(rows).toEqual([
    {
      partitionKey: 'p',
      rowKey: 'r',
      etag: expect.any(String),
      timestamp: expect.any(String),
      connectionId: '/c',
      generation: 2,
      operation: JSON.stringify({ id: 'a.1', ticket: { phase: 'proof' }, ending: { state: 'applied' } }),
      approval: JSON.stringify({ endsAt: 'later', rules: ['a'] }),
    },
  ]);
});

test('a target’s mark loses what is scheduled, and rows of kinds that 0.1.0 did not have are gone', () => {
  const [mark] = older({ targetId: '/t', reviewedAt: 'then', againAt: 'later' }, {}).rows;
  expect(mark).toMatchObject({ targetId: '/t', reviewedAt: 'then' });
  expect(mark).not.toHaveProperty('againAt');
  expect(older({ rowKey: 'policy', digest: 'x' }, {}).rows).toEqual([]);
});

test('a message loses the fields that 0.1.0 did not know, and comes when it would have come', () => {
  const { message, visibleAtMs } = older({ targetId: '/t' }, { version: 1, id: '/t', promisedAt: 'later' });
  expect(message).toEqual({ version: 1, id: '/t' });
  expect(visibleAtMs).toBe(31_000);
});
