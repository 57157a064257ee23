import { PoliciesInHand } from '../../../../../dev/explore/judge/policies-in-hand';
import type { PolicyVersion } from '../../../../../dev/explore/world/policy-version';

/** Publishes versions at their seconds. A digest is the version's name. */
function published(...versions: readonly (readonly [number, PolicyVersion])[]): PoliciesInHand {
  const policies = new PoliciesInHand(90_000);
  for (const [seconds, version] of versions)
    policies.onPublished({ version, digest: version }, seconds * 1000);
  return policies;
}

test('the version published last binds, and the one before stays in hand for 90 seconds', () => {
  const policies = published([0, 'base']);
  policies.onStored('base');
  policies.onPublished({ version: 'freeze', digest: 'freeze' }, 100_000);
  expect(policies.at(190_000)).toEqual(['base', 'freeze']);
  expect(policies.at(190_001)).toEqual(['freeze']);
});

test('a valid version binds although no worker has read it, as long as no other is published', () => {
  const policies = published([0, 'base'], [100, 'freeze']);
  expect(policies.at(500_000)).toEqual(['freeze']);
});

test('if a version was replaced before a worker read it, the one before stays in force', () => {
  const policies = published([0, 'base']);
  policies.onStored('base');
  expect(policies.onPublished({ version: 'freeze', digest: 'freeze' }, 100_000)).toBeUndefined();
  expect(policies.onPublished({ version: 'invalid', digest: 'invalid' }, 111_000)).toBe('freeze');
  expect(policies.at(500_000)).toEqual(['base']);
});

test('if a worker has recorded a version before an invalid one replaced it, that version binds', () => {
  const policies = published([0, 'base']);
  policies.onStored('base');
  policies.onPublished({ version: 'freeze', digest: 'freeze' }, 100_000);
  expect(policies.onStored('freeze')).toBe('freeze');
  expect(policies.onStored('freeze')).toBeUndefined();
  policies.onPublished({ version: 'invalid', digest: 'invalid' }, 111_000);
  expect(policies.at(500_000)).toEqual(['freeze']);
});

test('a digest that was never published binds nothing', () => {
  const policies = published([0, 'base'], [100, 'invalid']);
  expect(policies.onStored('freeze')).toBeUndefined();
  expect(policies.at(500_000)).toEqual([]);
  expect([policies.knows('base'), policies.knows('freeze')]).toEqual([true, false]);
});
