import fc from 'fast-check';
import { connectionIdOf } from '../../../../src/connections/resource-id';
import { createOpenOperations } from '../../../../src/review/sweep/open-operations';
import { sampleConnection, sampleOperation, sampleTarget } from '../../../../dev/lib/samples';

const policy = { digest: 'ab'.repeat(32), mode: 'enforce' } as const;

test('only what was put in is in hand, whatever the casing of what was found', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9.-]{0,12}$/), { maxLength: 20 });
  const target = sampleTarget();
  fc.assert(
    fc.property(names, names, fc.boolean(), (added, asked, shouting) => {
      const openOperations = createOpenOperations();
      for (const name of added) openOperations.add(connectionIdOf(target, name), sampleOperation());
      for (const name of asked) {
        const { id } = connectionIdOf(target, name);
        const connectionId = shouting ? id.toUpperCase() : id;
        expect(openOperations.has({ targetId: target, connectionId }, policy)).toBe(added.includes(name));
      }
    }),
  );
});

test('a target without a connection is never in hand', () => {
  const openOperations = createOpenOperations();
  openOperations.add(sampleConnection(), sampleOperation());
  expect(openOperations.has({ targetId: sampleTarget() }, policy)).toBe(false);
});

test('what is planned is in hand only behind what is running on the same target', () => {
  const [one, other] = [sampleTarget('vault-one'), sampleTarget('vault-two')];
  const openOperations = createOpenOperations();
  openOperations.add(sampleConnection('waits', one), sampleOperation({ state: 'planned' }));
  openOperations.add(sampleConnection('runs', other), sampleOperation());
  openOperations.add(sampleConnection('waits', other), sampleOperation({ state: 'planned' }));
  const found = [one, other].map((targetId) => ({
    targetId,
    connectionId: sampleConnection('waits', targetId).id,
  }));
  expect(found.map((each) => openOperations.has(each, policy))).toEqual([false, true]);
});

test('what finds no room is not in hand', () => {
  const openOperations = createOpenOperations(2);
  for (const name of ['a', 'b', 'c']) openOperations.add(sampleConnection(name), sampleOperation());
  const found = ['a', 'b', 'c'].map((name) => ({
    targetId: sampleTarget(),
    connectionId: sampleConnection(name).id,
  }));
  expect(found.map((one) => openOperations.has(one, policy))).toEqual([true, true, false]);
});

test('a connection of another target is not in hand, although both targets are busy', () => {
  const [one, other] = [sampleTarget('vault-one'), sampleTarget('vault-two')];
  const openOperations = createOpenOperations();
  for (const target of [one, other]) openOperations.add(sampleConnection('runs', target), sampleOperation());
  const connectionId = sampleConnection('runs', other).id;
  expect(openOperations.has({ targetId: one, connectionId }, policy)).toBe(false);
  expect(openOperations.has({ targetId: other, connectionId }, policy)).toBe(true);
});
