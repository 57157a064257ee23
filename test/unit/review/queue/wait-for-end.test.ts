import { createRig, type Rig } from '../../../support/rigs/rig';

/** A rig whose target has an approval under way. */
async function busyRig(): Promise<Rig> {
  const rig = createRig();
  rig.arm.seed({ name: 'one' });
  rig.policy.effects.set('one', 'approve');
  await rig.takeRequest(rig.request());
  expect(rig.arm.calls).toEqual(['list', 'write']);
  return rig;
}

test('a hint about a busy target costs no list, and one row for all of them', async () => {
  const rig = await busyRig();
  const save = jest.spyOn(rig.operations, 'save');
  for (let count = 0; count < 5; count += 1) {
    rig.clock.advance(1);
    await rig.takeRequest(rig.request());
  }
  expect(rig.arm.calls).toEqual(['list', 'write']);
  expect(save).toHaveBeenCalledTimes(1);
  expect(rig.operation('one')?.isAwaited).toBe(true);
  expect(rig.reviews.pending).toEqual([]);
});

test('what it announced is remembered, and looked for after the end', async () => {
  const rig = await busyRig();
  const lookUntil = new Date(rig.clock.now().getTime() + 20 * 60_000).toISOString();
  await rig.takeRequest(rig.request({ expects: '/some/endpoint', lookUntil }));
  expect((await rig.operations.load(rig.target)).expected).toEqual([
    { endpoint: '/some/endpoint', until: lookUntil },
  ]);
  rig.arm.change('one', { status: 'Approved' });
  await rig.run(10);
  expect(rig.arm.calls).toEqual(['list', 'write', 'list']);
  expect(rig.reviews.pending).toMatchObject([{ message: { because: 'not there yet' } }]);
});

test('a connection that came meanwhile is decided by the reading that proves the end', async () => {
  const rig = await busyRig();
  rig.arm.seed({ name: 'two' });
  rig.policy.effects.set('two', 'approve');
  await rig.takeRequest(rig.request());
  rig.arm.change('one', { status: 'Approved' });
  await rig.run(10);
  expect(rig.arm.calls).toEqual(['list', 'write', 'list', 'write']);
});

test.each<[string, (rig: Rig) => Promise<void>]>([
  ['a person asks', (rig) => rig.takeRequest(rig.request({ origin: 'person' }))],
  ['the sweep asks', (rig) => rig.takeRequest(rig.request({ origin: 'sweep', because: 'sweep' }))],
  [
    'the operation takes longer than ten minutes',
    async (rig) => {
      const [row] = rig.operations.rows(rig.target);
      const dueAt = new Date(rig.clock.now().getTime() + 700_000).toISOString();
      await rig.operations.save(rig.target, [{ ...row!, operation: { ...row!.operation!, dueAt } }]);
      rig.clock.advance(600);
      await rig.takeRequest(rig.request());
    },
  ],
  [
    'its alarm is lost',
    async (rig) => {
      rig.clock.advance(590);
      await rig.takeRequest(rig.request());
    },
  ],
])('no hint waits if %s', async (_, ask) => {
  const rig = await busyRig();
  rig.clock.advance(2);
  await ask(rig);
  expect(rig.arm.calls).toEqual(['list', 'write', 'list']);
});

test('nothing waits for a write whose reply may still come: its sender saves the row next', async () => {
  const rig = createRig();
  rig.arm.seed({ name: 'one' });
  rig.policy.effects.set('one', 'approve');
  let states: readonly (boolean | undefined)[] = [];
  const { write } = rig.arm;
  rig.arm.write = async (...args) => {
    rig.clock.advance(2);
    await rig.takeRequest(rig.request());
    states = rig.operations.rows(rig.target).map(({ operation }) => operation?.isAwaited);
    return write.apply(rig.arm, args);
  };
  await rig.takeRequest(rig.request());
  expect(states).toEqual([false]);
  expect(rig.operation('one')).toMatchObject({ state: 'running', ticket: { confirmed: true } });
  expect(rig.reviews.pending).toMatchObject([{ message: { attempt: 1 } }]);
});
