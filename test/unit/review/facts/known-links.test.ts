import { createKnownLinks } from '../../../../src/review/facts/known-links';
import { secondsBetweenFindings } from '../../../../src/review/facts/requester';
import { FakeClock } from '../../../support/fakes';
import { FakeManagedEndpoints } from '../../../support/fakes/fake-managed-endpoints';

const tenant = '996fe9d1-6171-40aa-945b-4c64b63bf655';

function create() {
  const clock = new FakeClock();
  const reader = new FakeManagedEndpoints();
  return { clock, reader, known: createKnownLinks(reader, clock) };
}

test('lists are read once for all reviews within two minutes, and by each tenant', async () => {
  const { clock, reader, known } = create();
  await Promise.all([known.listIndexed(tenant), known.listIndexed(tenant), known.listOthers(tenant)]);
  clock.advance(119);
  await known.listIndexed(tenant);
  expect(reader.calls).toEqual(['indexed', 'others']);
  await known.listIndexed('0b0b0b0b-0b0b-4b0b-8b0b-0b0b0b0b0b0b');
  clock.advance(1);
  await known.listIndexed(tenant);
  expect(reader.calls).toEqual(['indexed', 'others', 'indexed', 'indexed']);
});

test('two findings never rest on the same list', async () => {
  const { clock, reader, known } = create();
  await known.listIndexed(tenant);
  clock.advance(secondsBetweenFindings);
  await known.listIndexed(tenant);
  expect(reader.calls).toEqual(['indexed', 'indexed']);
});

test('a list that failed is read again', async () => {
  const { reader, known } = create();
  reader.failure = new Error('away');
  await expect(known.listIndexed(tenant)).rejects.toThrow('away');
  reader.failure = undefined;
  await expect(known.listIndexed(tenant)).resolves.toEqual([]);
});

test('states and names are always read anew', async () => {
  const { reader, known } = create();
  for (let index = 0; index < 2; index += 1) await known.findNamed(['contoso.kv-shop'], tenant);
  expect(reader.calls).toEqual(['named', 'named']);
});
