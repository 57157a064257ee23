import type { Deployment } from '../../../../src/cli/operators/deployment';
import type { Operation } from '../../../../src/operations/operation';
import { runTool, type CliRun } from '../../../support/rigs/cli';
import { createRig, type Rig } from '../../../support/rigs/rig';
import {
  sampleConnection,
  sampleOperation,
  sampleRecord,
  sampleConnectionState,
  sampleTarget,
} from '../../../../dev/lib/samples';

const held = { state: 'held', lifts: 0, heldAt: '2026-03-01T11:00:00.000Z' } as const;

function seed(rig: Rig, name: string, operation: Partial<Operation>, target = sampleTarget()): void {
  rig.operations.seed(target, [
    sampleConnectionState({
      connection: sampleConnection(name, target),
      operation: sampleOperation(operation),
    }),
  ]);
}

function plantHeld(rig: Rig): void {
  const decided = sampleRecord({ effect: 'reject', rules: ['strangers'] });
  seed(rig, 'one', { effect: 'reject', state: 'planned', decided, limit: held });
  seed(rig, 'two', {
    effect: 'reject',
    state: 'planned',
    decided,
    limit: { ...held, heldAt: '2026-03-01T10:00:00.000Z' },
  });
  seed(rig, 'leftover', { effect: 'delete', state: 'planned', decided, limit: held });
}

function plantGivenUp(rig: Rig): void {
  seed(rig, 'one', { state: 'abandoned', endedAt: '2026-03-01T11:00:00.000Z', error: 'ARM_FORBIDDEN: no' });
  seed(rig, 'two', { state: 'abandoned', endedAt: '2026-03-01T10:00:00.000Z' }, sampleTarget('vault-two'));
}

const run = (rig: Rig, ...args: string[]): Promise<CliRun> =>
  runTool(args, { deployment: { ...rig, person: 'alice' } satisfies Deployment });

describe('postern lift', () => {
  test('shows what every limit holds, the oldest first, and changes nothing', async () => {
    const rig = createRig();
    plantHeld(rig);
    const { exitCode, output } = await run(rig, 'lift');
    expect(exitCode).toBe(1);
    expect(output).toEqual([
      '2026-03-01T10:00:00.000Z  reject (strangers): limit of rejects',
      `  ${sampleConnection('two').id}`,
      '2026-03-01T11:00:00.000Z  reject (strangers): limit of rejects',
      `  ${sampleConnection('one').id}`,
      '2026-03-01T11:00:00.000Z  delete (strangers): limit of deletes',
      `  ${sampleConnection('leftover').id}`,
      '',
      'To release them: postern lift <limit> --yes',
    ]);
    expect(rig.reviews.pending).toEqual([]);
    expect(rig.ledger.records).toEqual([]);
  });

  test('a kind narrows what is shown', async () => {
    const rig = createRig();
    plantHeld(rig);
    const { output } = await run(rig, 'lift', 'deletes', '--json');
    expect(JSON.parse(output.join(''))).toEqual({
      waiting: [
        {
          limit: 'deletes',
          connection: sampleConnection('leftover').id,
          effect: 'delete',
          rules: ['strangers'],
          since: held.heldAt,
        },
      ],
    });
  });

  test('with --yes it lifts one limit, says how many writes are released, and audits who did it', async () => {
    const rig = createRig();
    plantHeld(rig);
    const { exitCode, output } = await run(rig, 'lift', 'rejects', '--yes');
    expect({ exitCode, output }).toEqual({
      exitCode: 0,
      output: ['The limit of rejects is lifted; 2 writes released.'],
    });
    expect((await rig.limits.load('rejects')).lifts).toBe(1);
    expect((await rig.limits.load('deletes')).lifts).toBe(0);
    expect(rig.reviews.pending).toHaveLength(1);
    expect(rig.ledger.ofKind('lifted')[0]?.reason).toContain('alice');
  });

  test('if nothing waits, it says so and exits with 0', async () => {
    expect(await run(createRig(), 'lift')).toMatchObject({
      exitCode: 0,
      output: ['No write is held by a limit.'],
    });
  });

  test.each([
    [['lift', 'approvals'], 'there is no limit of "approvals": use one of rejects, deletes, revocations'],
    [['lift', '--yes'], 'pass the limit to lift: rejects, deletes, revocations'],
    [['lift', 'rejects', 'deletes', '--yes'], 'only one limit at a time'],
  ])('%j is wrong usage', async (args, message) => {
    const rig = createRig();
    plantHeld(rig);
    expect(await run(rig, ...args)).toMatchObject({ exitCode: 2, errors: [message] });
    expect(rig.ledger.records).toEqual([]);
  });
});

describe('postern retry', () => {
  test('shows abandoned operations with their causes, and changes nothing', async () => {
    const rig = createRig();
    plantGivenUp(rig);
    const { exitCode, output } = await run(rig, 'retry');
    expect(exitCode).toBe(1);
    expect(output).toEqual([
      '2026-03-01T10:00:00.000Z  approve (landing-zones, quota): cause unknown',
      `  ${sampleConnection('two', sampleTarget('vault-two')).id}`,
      '2026-03-01T11:00:00.000Z  approve (landing-zones, quota): ARM_FORBIDDEN: no',
      `  ${sampleConnection('one').id}`,
      '',
      'To requeue them: postern retry <connection id>, or postern retry --all',
    ]);
    expect(rig.reviews.pending).toEqual([]);
  });

  test('an id, of a connection or of a target, requeues its target once', async () => {
    const rig = createRig();
    plantGivenUp(rig);
    const ids = [sampleConnection('one').id, sampleTarget().id, sampleTarget('vault-two').id];
    expect(await run(rig, 'retry', ...ids)).toMatchObject({
      exitCode: 0,
      output: ['2 targets requeued for review.'],
    });
    expect(rig.ledger.ofKind('returned').map(({ target }) => target)).toEqual([
      sampleTarget().id,
      sampleTarget('vault-two').id,
    ]);
    expect(rig.reviews.pending).toHaveLength(2);
  });

  test('--all requeues all abandoned operations', async () => {
    const rig = createRig();
    plantGivenUp(rig);
    const { output } = await run(rig, 'retry', '--all', '--json');
    expect(JSON.parse(output.join(''))).toEqual({
      putBack: [sampleTarget('vault-two').id, sampleTarget().id],
    });
  });

  test('if no operation is abandoned, it says so and exits with 0', async () => {
    expect(await run(createRig(), 'retry')).toMatchObject({
      exitCode: 0,
      output: ['No operation is abandoned.'],
    });
  });

  test.each([
    [['retry', 'kv-shared'], /^kv-shared is not the id of a target or a connection\./],
    [['retry', '--all', sampleTarget().id], /^pass ids or --all, not both$/],
  ])('%j is wrong usage', async (args, message) => {
    const rig = createRig();
    const { exitCode, errors } = await run(rig, ...args);
    expect(exitCode).toBe(2);
    expect(errors[0]).toMatch(message);
    expect(rig.reviews.pending).toEqual([]);
  });
});
