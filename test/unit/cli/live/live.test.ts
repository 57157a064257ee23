import { ownStoreTypes } from '../../../../src/connections/target-type';
import type { LiveAzure } from '../../../../src/cli/facts/read-live-facts';
import { createReadOnlyStore } from '../../../../src/cli/live/read-only-store';
import type { TargetId } from '../../../../src/connections/resource-id';
import { ArmError } from '../../../../src/base/errors';
import type { FindQuery, FoundConnection } from '../../../../src/review/sweep/connection-finder';
import { runTool } from '../../../support/rigs/cli';
import { FakeManagedEndpoints } from '../../../support/fakes/fake-managed-endpoints';
import { FakeArm } from '../../../support/fakes/fake-arm';
import { sampleTarget } from '../../../../dev/lib/samples';

const policy = `version: 1
mode: enforce
rules:
  - name: tagged
    effect: approve
    when: target.tags.env == "prod" && consumer.pending == 1
`;
const files = { 'p.yaml': policy };
const details = {
  provisioningState: 'Succeeded',
  kind: undefined,
  location: 'westeurope',
  tags: { Env: 'prod' },
};

interface World {
  readonly arm: FakeArm;
  readonly live: LiveAzure;
  readonly queries: FindQuery[];
}

/** A tenant of one target; `found` is what Resource Graph returns. */
function tenant(found: readonly TargetId[] = [sampleTarget(), sampleTarget()]): World {
  const arm = new FakeArm(sampleTarget());
  arm.targetDetails = details;
  const queries: FindQuery[] = [];
  async function* find(query: FindQuery): AsyncGenerator<FoundConnection> {
    queries.push(query);
    for (const targetId of found) yield { targetId, status: 'Pending' };
  }
  return {
    arm,
    queries,
    live: {
      connections: createReadOnlyStore(arm),
      resources: arm,
      tenants: arm,
      ownSubscriptions: arm,
      managedEndpoints: new FakeManagedEndpoints(),
      finder: { find },
      types: ownStoreTypes,
    },
  };
}

describe('explain with a connection id', () => {
  test('reads the connection and the facts that a rule reads, and writes nothing', async () => {
    const { arm, live } = tenant();
    const { id } = arm.seed({ name: 'c1' }).id;
    const run = await runTool(
      ['explain', id.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions'), '--policy', 'p.yaml'],
      { files, live },
    );
    expect(run).toMatchObject({ exitCode: 0, errors: [] });
    expect(run.output[2]).toBe('Outcome     approve by tagged: Rule tagged matched');
    expect(run.output).toContain('    consumer.pending = 1');
    expect([...arm.calls].sort()).toEqual(['list', 'readTarget']);
  });

  test('a target that may not be read is absent, and holds', async () => {
    const { arm, live } = tenant();
    arm.targetDetails = new ArmError('ARM_FORBIDDEN', 'no');
    const { id } = arm.seed({ name: 'c1' }).id;
    const run = await runTool(['explain', id, '--policy', 'p.yaml'], { files, live });
    expect(run.output).toContain('    target.tags.env = (absent)');
  });

  test('a connection that is not there cannot be explained', async () => {
    const { arm, live } = tenant();
    const { id } = arm.seed({ name: 'c1' }).id;
    arm.remove('c1');
    const run = await runTool(['explain', id, '--policy', 'p.yaml'], { files, live });
    expect(run).toMatchObject({
      exitCode: 2,
      output: [],
      errors: [`there is no such connection in Azure: ${id}`],
    });
  });

  test('an id that is not a connection is reported', async () => {
    const run = await runTool(['explain', `${sampleTarget().id}/x/y`, '--policy', 'p.yaml'], {
      files,
      live: tenant().live,
    });
    expect(run).toMatchObject({ exitCode: 2, output: [] });
    expect(run.errors[0]).toMatch(/^RESOURCE_ID_INVALID: /);
  });

  test('an answer from Azure that is not a connection is reported', async () => {
    const { arm, live } = tenant();
    const { id } = arm.seed({ name: 'c1' }).id;
    arm.listFailure = new ArmError('ARM_UNREACHABLE', 'nobody there');
    const run = await runTool(['explain', id, '--policy', 'p.yaml'], { files, live });
    expect(run).toMatchObject({ exitCode: 2, errors: ['ARM_UNREACHABLE: nobody there'] });
  });
});

describe('export', () => {
  test('writes each connection once, with all facts, so that simulate reads them back', async () => {
    const { arm, live, queries } = tenant();
    arm.seed({ name: 'c1', message: 'please\u202e' });
    arm.seed({ name: 'c2', status: 'Approved' });
    const subscription = '11111111-1111-1111-1111-111111111111';
    const run = await runTool(['export', '--subscriptions', subscription], { live });
    expect(run).toMatchObject({ exitCode: 0, errors: ['2 connections written, 0 could not be read'] });
    expect(queries).toMatchObject([{ subscriptions: [subscription] }]);
    expect(run.output.map((line) => (JSON.parse(line) as { connection: unknown }).connection)).toMatchObject([
      { name: 'c1', message: 'please\u202e' },
      { name: 'c2', status: 'Approved' },
    ]);
    expect(run.output.join('')).not.toContain('\u202e');
    expect(arm.calls).not.toContain('write');

    const world = {
      files: { ...files, 'none.yaml': 'version: 1\nmode: enforce\n', 'x.jsonl': run.output.join('\n') },
    };
    const simulated = await runTool(
      ['simulate', '--policy', 'none.yaml', '--candidate', 'p.yaml', '--from', 'x.jsonl'],
      world,
    );
    expect(simulated.output[0]).toBe(
      '2 connections: 1 would get another decision, 0 the same decision from other rules',
    );
  });

  test('--brief reads nothing that costs a call', async () => {
    const { arm, live } = tenant();
    arm.seed({ name: 'c1' });
    await runTool(['export', '--brief'], { live });
    expect(arm.calls).toEqual(['list']);
  });

  test('a target that cannot be read is reported, and is a finding', async () => {
    const { arm, live } = tenant();
    arm.listFailure = new ArmError('ARM_FORBIDDEN', 'not yours');
    expect(await runTool(['export'], { live })).toMatchObject({
      exitCode: 1,
      output: [],
      errors: [
        `could not read ${sampleTarget().id}: ARM_FORBIDDEN: not yours`,
        '0 connections written, 1 could not be read',
      ],
    });
  });

  test('a connection that cannot be parsed is reported, too', async () => {
    const { arm, live } = tenant();
    arm.malformed = [{ id: 'odd', problem: 'no status' }];
    expect(await runTool(['export'], { live })).toMatchObject({
      exitCode: 1,
      errors: ['could not read odd: no status', expect.any(String)],
    });
  });

  test('invalid subscription ids are wrong usage', async () => {
    expect(await runTool(['export', '--subscriptions', 'all'], { live: tenant().live })).toMatchObject({
      exitCode: 2,
    });
  });
});

test('simulate --from live compares over the tenant', async () => {
  const { arm, live } = tenant();
  arm.seed({ name: 'c1' });
  const world = { files: { ...files, 'none.yaml': 'version: 1\nmode: enforce\n' }, live };
  const run = await runTool(
    ['simulate', '--policy', 'none.yaml', '--candidate', 'p.yaml', '--from', 'live'],
    world,
  );
  expect(run.exitCode).toBe(1);
  expect(run.output[3]).toBe('hold → approve            1');
});

test('a read-only store reads as the one behind it and never writes', async () => {
  const arm = new FakeArm(sampleTarget());
  const connection = arm.seed({ name: 'c1' });
  const store = createReadOnlyStore(arm);
  expect((await store.list(arm.target))?.connections).toEqual([connection]);
  expect(await store.get(connection.id)).toEqual(connection);
  const write = { connection, effect: 'approve', description: '' } as const;
  await expect(store.write(write, () => undefined)).rejects.toMatchObject({ code: 'ARM_REFUSED' });
  expect(arm.writes).toEqual([]);
});
