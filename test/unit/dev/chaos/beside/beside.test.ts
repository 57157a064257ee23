import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRelease, hasCommit } from '../../../../../dev/chaos/beside/build-release';
import { planBeside } from '../../../../../dev/chaos/beside/beside-plan';
import { replaceInTurn } from '../../../../../dev/chaos/beside/replace-hosts';
import { readOptions } from '../../../../../dev/chaos/options';
import { drawPlan } from '../../../../../dev/chaos/plan/plan';
import { loadPolicy } from '../../../../../src/policy/compile-policy';
import { projectRoot } from '../../../../support/repo/project';
import { readFileSync } from 'node:fs';

const nowhere = '0123456789abcdef0123456789abcdef01234567';

test('a clone that lacks the commit says so, and how to fetch it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'postern-beside-'));
  try {
    expect(hasCommit(projectRoot, nowhere)).toBe(false);
    await expect(buildRelease(projectRoot, nowhere, join(folder, 'app'))).rejects.toThrow(
      'git fetch --unshallow',
    );
    expect(existsSync(join(folder, 'app'))).toBe(false);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each([
  ['--beside', 'v0.1.0'],
  ['--beside', '35b1bc'],
  ['--beside', '--help'],
])('%s %s is no commit', (...args) => {
  expect(() => readOptions(args)).toThrow('--beside');
});

test('an earlier build cannot be broken on purpose, too', () => {
  expect(() => readOptions(['--beside', '35b1bcd', '--broken', 'no-lease'])).toThrow('exclude each other');
  expect(readOptions(['--beside', '35b1bcd'])).toMatchObject({
    beside: '35b1bcd',
    connections: 96,
    targets: 24,
  });
});

test('the plan keeps no requester about whom the policy of an earlier version says something else', () => {
  const order = { seed: 1, connections: 400, targets: 20, foreignActionShare: 0.5, killEverySeconds: 6 };
  const drawn = drawPlan({ ...order, persistence: false });
  const plan = planBeside(drawn);
  const kinds = new Set(plan.connections.map(({ requester }) => requester));
  expect([...kinds].toSorted()).toEqual([
    'approved',
    'asker',
    'banned',
    'leftover',
    'revoked',
    'stranger',
    'trusted',
    'withdrawn',
  ]);
  const endpoints = plan.connections.map(({ endpointId }) => endpointId);
  expect(plan.foreignActions.filter(({ endpointId }) => !endpoints.includes(endpointId))).toEqual([]);
  expect(plan.foreignActions.length).toBeGreaterThan(0);
  expect(plan.kills).toEqual(drawn.kills);
});

test('this build, too, understands the policy that both understand', () => {
  const text = readFileSync(join(projectRoot, 'dev/chaos/beside/policy/chaos.yaml'), 'utf8');
  expect(loadPolicy([{ path: 'chaos.yaml', text }]).kind).toBe('loaded');
});

test('the first instance is drained, the other dies, and both builds run in between', async () => {
  const steps: unknown[] = [];
  const stages = await replaceInTurn({
    system: { replace: async (...step) => void steps.push(step) },
    appDirectory: '/present',
    busySeconds: 0,
    writes: () => 3 * (steps.length + 1),
    print: () => undefined,
  });
  expect(steps).toEqual([
    [1, '/present', 'drained'],
    [0, '/present', 'killed'],
  ]);
  expect(stages).toEqual({ earlier: 3, both: 3 });
});
