import { PosternError } from '../../../src/base/errors';
import type { PolicyLoad } from '../../../src/policy/policy';
import { createPolicyInForce } from '../../../src/review/policy-in-force';
import { FakePolicyMemory } from '../../support/fakes/fake-policy-memory';
import { fakePolicy } from '../../support/rigs/rig';

const problem = { path: 'p.yaml', line: 1, column: 1, length: 1, message: 'bad' };
const refusedUpdate = { digest: 'f'.repeat(64), problems: [problem] };

/** An instance with its own source of the policy. Instances share a memory. */
function instance(memory = new FakePolicyMemory()) {
  const load: { current: PolicyLoad } = { current: version('a') };
  return { load, memory, ...createPolicyInForce({ policy: { current: async () => load.current }, memory }) };
}

function version(letter: string, change: object = {}): PolicyLoad {
  const policy = Object.assign(fakePolicy(), { digest: letter.repeat(64) });
  return { kind: 'loaded', policy, ...change };
}

test('a version is recorded before anything is decided by it, and once', async () => {
  const one = instance();
  expect(await one.current()).toBe(one.load.current);
  await one.current();
  expect(one.memory).toMatchObject({ digest: 'a'.repeat(64), writes: 1 });
  const other = instance(one.memory);
  await other.current();
  expect(one.memory.writes).toBe(1);
});

test('a version that cannot be recorded decides nothing', async () => {
  const { memory, current } = instance();
  memory.write = () => Promise.reject(new PosternError('STORE_UNAVAILABLE', 'storage is away'));
  await expect(current()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  await expect(current()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test('a policy that never loaded is refused', async () => {
  const { load, current } = instance();
  load.current = { kind: 'refused', ...refusedUpdate };
  expect(await current()).toBe(load.current);
});

test('while the newest version does not load, the last one in force stays', async () => {
  const { load, current } = instance();
  await current();
  load.current = version('a', { refusedUpdate });
  expect(await current()).toBe(load.current);
});

test('an instance that missed the last version in force does not decide by an older one', async () => {
  const busy = instance();
  const idle = instance(busy.memory);
  await idle.current();
  busy.load.current = version('b');
  await busy.current();
  busy.load.current = version('b', { refusedUpdate });
  idle.load.current = version('a', { refusedUpdate });
  expect(await idle.current()).toEqual({ kind: 'refused', ...refusedUpdate });
  expect((await busy.current()).kind).toBe('loaded');
  idle.load.current = version('c');
  expect((await idle.current()).kind).toBe('loaded');
});

test('while the memory cannot be read, an older version decides nothing', async () => {
  const { load, memory, current } = instance();
  await current();
  load.current = version('a', { refusedUpdate });
  memory.read = () => Promise.reject(new PosternError('STORE_UNAVAILABLE', 'storage is away'));
  await expect(current()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test('an instance whose version did not change leaves the newer one of another in force', async () => {
  const busy = instance();
  const idle = instance(busy.memory);
  await idle.current();
  busy.load.current = version('b');
  await busy.current();
  await idle.current();
  expect(busy.memory).toMatchObject({ digest: 'b'.repeat(64), writes: 2 });
});
