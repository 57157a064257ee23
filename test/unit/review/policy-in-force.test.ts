import { PosternError } from '../../../src/base/errors';
import type { PolicyLoad } from '../../../src/policy/policy';
import { createPolicyInForce } from '../../../src/review/policy-in-force';
import { FakeSweepJournal } from '../../support/fakes/fake-sweep-journal';
import { fakePolicy } from '../../support/rigs/rig';

const problem = { path: 'p.yaml', line: 1, column: 1, length: 1, message: 'bad' };
const refusedUpdate = { digest: 'f'.repeat(64), problems: [problem] };

function rig(load: PolicyLoad) {
  const journal = new FakeSweepJournal();
  return { journal, source: createPolicyInForce({ policy: { current: async () => load }, journal }) };
}

const kept = (): PolicyLoad => ({ kind: 'loaded', policy: fakePolicy(), refusedUpdate });

test('a policy that loads is in force, whatever the last sweep had', async () => {
  const load: PolicyLoad = { kind: 'loaded', policy: fakePolicy() };
  const { journal, source } = rig(load);
  journal.state = { policy: { digest: 'another', mode: 'enforce' } };
  expect(await source.current()).toBe(load);
});

test('a policy that never loaded is refused', async () => {
  const load: PolicyLoad = { kind: 'refused', ...refusedUpdate };
  expect(await rig(load).source.current()).toBe(load);
});

test('while the newest version does not load, the last one in force stays', async () => {
  const load = kept();
  const { journal, source } = rig(load);
  journal.state = { policy: { digest: fakePolicy().digest, mode: 'enforce' } };
  expect(await source.current()).toBe(load);
});

test('an instance that missed the last version in force does not decide by an older one', async () => {
  const { journal, source } = rig(kept());
  journal.state = { policy: { digest: 'a later version', mode: 'enforce' } };
  expect(await source.current()).toEqual({ kind: 'refused', ...refusedUpdate });
});

test('without a readable journal nothing shows which version was the last', async () => {
  const { journal, source } = rig(kept());
  expect((await source.current()).kind).toBe('refused');
  journal.malformed = true;
  expect((await source.current()).kind).toBe('refused');
});

test('while storage is unavailable, nothing is decided', async () => {
  const { journal, source } = rig(kept());
  journal.read = () => Promise.reject(new PosternError('STORE_UNAVAILABLE', 'storage is away'));
  await expect(source.current()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});
