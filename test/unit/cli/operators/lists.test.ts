import { snapshotOf } from '../../../../src/policy/lists/list-snapshot';
import type { ListState } from '../../../../src/policy/lists/list-state';
import type { Deployment } from '../../../../src/cli/operators/deployment';
import { FakeClock } from '../../../support/fakes';
import { type CliRun, runTool } from '../../../support/rigs/cli';
import { createRig, type Rig } from '../../../support/rigs/rig';

const tenantId = '996fe9d1-6171-40aa-945b-4c64b63bf655';
const idOf = (number: number): string => `0f0f0f0f-0f0f-4f0f-8f0f-${String(number).padStart(12, '0')}`;
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => idOf(index));
const readAt = '2026-03-01T11:45:00.000Z';

function stateOf(change: Partial<ListState> = {}): ListState {
  return {
    source: 'subscriptionsUnder corp',
    maxAgeSeconds: 86_400,
    snapshot: snapshotOf({ tenantId, entries: ids(10), readAt }),
    changed: { at: '2026-03-01T09:00:00.000Z', came: 2, went: 1 },
    ...change,
  };
}

const aside = {
  since: '2026-03-01T11:30:00.000Z',
  snapshot: snapshotOf({ tenantId, entries: [idOf(1), idOf(77)], readAt }),
};

function run(rig: Rig, args: readonly string[], at = '2026-03-01T12:00:00.000Z'): Promise<CliRun> {
  const deployment = { ...rig, person: 'alice' } satisfies Deployment;
  return runTool(['lists', ...args], { deployment, clock: new FakeClock(at) });
}

async function rigWith(states: Readonly<Record<string, ListState>>): Promise<Rig> {
  const rig = createRig();
  for (const [name, state] of Object.entries(states)) await rig.listStore.save({ name, state });
  return rig;
}

test('a list in order is shown with its source, digest, age and last change', async () => {
  const state = stateOf();
  const { exitCode, output } = await run(await rigWith({ zones: state }), []);
  expect(output).toEqual([
    'zones: 10 subscriptions',
    '  source       subscriptionsUnder corp',
    `  digest       zones@${state.snapshot?.digest.slice(0, 8)}`,
    '  read         2026-03-01T11:45:00.000Z, 15m ago; counts until 2026-03-02T11:45:00.000Z',
    '  last change  2026-03-01T09:00:00.000Z: 2 came, 1 went',
  ]);
  expect(exitCode).toBe(0);
});

test('what is stale or set aside is shown with its cause and the way out', async () => {
  const stale = { since: '2026-03-01T11:00:00.000Z', problem: 'the management group corp is not visible' };
  const { exitCode, output } = await run(await rigWith({ zones: stateOf({ stale, aside }) }), []);
  expect(output.slice(5)).toEqual([
    '  stale        since 2026-03-01T11:00:00.000Z: the management group corp is not visible',
    `  set aside    since ${aside.since}: zones@${aside.snapshot.digest.slice(0, 8)} with 2 subscriptions, 1 came, 9 went`,
    `               to take it: postern lists --accept zones@${aside.snapshot.digest.slice(0, 8)}`,
  ]);
  expect(exitCode).toBe(1);
});

test('a list that is too old, or was never read, is called absent', async () => {
  const never = stateOf({ snapshot: undefined, changed: undefined });
  const { exitCode, output } = await run(
    await rigWith({ never, zones: stateOf() }),
    [],
    '2026-03-02T11:45:00.000Z',
  );
  expect(output.filter((line) => !line.startsWith(' '))).toEqual([
    'never: absent, so that rules that read it hold',
    'zones: absent, so that rules that read it hold',
  ]);
  expect(exitCode).toBe(1);
});

test('a row that somebody has changed is no list', async () => {
  const rig = createRig();
  rig.listStore.rows.set('zones', { name: 'zones', state: undefined, version: '1' });
  expect((await run(rig, [])).output[1]).toBe('  its row in the storage cannot be read');
});

test('without lists it says so', async () => {
  const { exitCode, output } = await run(createRig(), []);
  expect([exitCode, output]).toEqual([0, [expect.stringContaining('There is no managed list')]]);
});

test('as JSON it has the same facts', async () => {
  const { output } = await run(await rigWith({ zones: stateOf({ aside }) }), ['--json']);
  expect(JSON.parse(output.join(''))).toEqual({
    lists: [
      {
        name: 'zones',
        isUsable: true,
        source: 'subscriptionsUnder corp',
        entries: 10,
        digest: stateOf().snapshot?.digest,
        readAt,
        ageSeconds: 900,
        usableUntil: '2026-03-02T11:45:00.000Z',
        changed: { at: '2026-03-01T09:00:00.000Z', came: 2, went: 1 },
        aside: {
          snapshot: `zones@${aside.snapshot.digest.slice(0, 8)}`,
          since: aside.since,
          entries: 2,
          came: 1,
          went: 9,
        },
      },
    ],
  });
});

test('--entries prints what is in use, and nothing of a list that is absent', async () => {
  const rig = await rigWith({ zones: stateOf(), never: stateOf({ snapshot: undefined }) });
  const { exitCode, output } = await run(rig, ['--entries']);
  expect([exitCode, JSON.parse(output.join(''))]).toEqual([1, { zones: ids(10) }]);
});

test.each(['zones', `zones@${aside.snapshot.digest.slice(0, 8)}`])(
  '--accept %s takes what was set aside, and audits who did it',
  async (name) => {
    const rig = await rigWith({ zones: stateOf({ aside }) });
    const { exitCode, output } = await run(rig, ['--accept', name]);
    expect([exitCode, output]).toEqual([
      0,
      [
        `zones@${aside.snapshot.digest.slice(0, 8)} is accepted, with 2 subscriptions. The next sweep decides by it.`,
      ],
    ]);
    expect(rig.listStore.rows.get('zones')?.state).toMatchObject({
      snapshot: aside.snapshot,
      aside: undefined,
    });
    expect(rig.ledger.ofKind('accepted')).toMatchObject([
      { target: '', reason: expect.stringContaining('alice accepted zones@') as string },
    ]);
    expect((await run(rig, [])).exitCode).toBe(0);
  },
);

test.each(['zones@00000000', 'others', ''])('--accept %j takes nothing else', async (name) => {
  const rig = await rigWith({ zones: stateOf({ aside }) });
  const { exitCode, errors } = await run(rig, ['--accept', name]);
  expect([exitCode, errors]).toEqual([2, [expect.stringContaining('nothing was set aside for')]]);
  expect(rig.ledger.records).toEqual([]);
});
