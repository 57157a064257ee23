import * as fc from 'fast-check';
import { readExpected } from '../../../../src/policy/expected/read-expected';
import { loadPolicy } from '../../../../src/policy/compile-policy';
import type { Policy } from '../../../../src/policy/policy';
import type { PolicyFile } from '../../../../src/policy/policy-file';
import { createPolicySource } from '../../../../src/policy/source/policy-source';
import { FakeClock } from '../../../support/fakes';

const vault =
  '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-shop';
const endpoint =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/Apps/providers/Microsoft.Network/privateEndpoints/PE-Shop';
const tenant = '33333333-3333-3333-3333-333333333333';
const until = '2026-12-31T18:00:00Z';

function file(requests: readonly object[], path = 'a.expected.yaml'): PolicyFile {
  return { path, text: JSON.stringify({ version: 1, expected: requests }) };
}
const good = { endpointId: endpoint, target: vault, until, by: 'pipeline 42' };

test('reads whom to expect: an endpoint, or a name with its tenant', () => {
  const { endpointId: _, ...named } = good;
  const read = readExpected([
    file([
      good,
      { ...named, endpointName: 'PE-Shop', tenantId: tenant.toUpperCase() },
      { ...named, connectionName: 'Atlas-1', tenantId: tenant },
    ]),
  ]);
  expect(read.problems).toEqual([]);
  expect(read.requests.map(({ who }) => who)).toEqual([
    { kind: 'endpoint', endpointKey: endpoint.toLowerCase() },
    { kind: 'endpointName', name: 'pe-shop', tenantId: tenant },
    { kind: 'connectionName', name: 'atlas-1', tenantId: tenant },
  ]);
  expect(read.requests[0]).toMatchObject({ by: 'pipeline 42', until: new Date(until) });
  expect(read.byTarget.get(vault.toLowerCase())).toHaveLength(3);
});

test('one announcement written twice, in any case and time zone, is one; another end makes another one', () => {
  const again = {
    ...good,
    endpointId: endpoint.toUpperCase(),
    target: vault.toUpperCase(),
    until: '2026-12-31T19:00:00+01:00',
    by: 'somebody else',
  };
  const { requests } = readExpected([file([good]), file([again], 'b.expected.yml')]);
  expect(requests).toHaveLength(1);
  expect(readExpected([file([good, { ...good, until: '2027-01-01T00:00:00Z' }])]).requests).toHaveLength(2);
});

test.each<[string, object, string]>([
  ['nobody', { endpointId: undefined }, 'names nobody'],
  [
    'a name that anybody can choose',
    { endpointId: undefined, endpointName: 'pe' },
    'anybody can choose a name',
  ],
  ['two requesters', { connectionName: 'x', tenantId: tenant }, 'exclude each other'],
  ['a tenant beside an id', { tenantId: tenant }, 'remove `tenantId`'],
  [
    'a tenant by its name',
    { endpointId: undefined, endpointName: 'pe', tenantId: 'contoso' },
    'GUID of a tenant',
  ],
  ['an endpoint that is none', { endpointId: vault }, '`endpointId`:'],
  ['a target that is none', { target: endpoint }, '`target`:'],
  ['a part of a name', { endpointId: undefined, endpointName: 'a/b', tenantId: tenant }, 'whole name'],
  ['no end', { until: undefined }, 'no `until`'],
  ['an end without a time zone', { until: '2026-12-31T18:00:00' }, 'time zone'],
  ['a day', { until: '2026-12-31' }, 'time zone'],
  ['nobody who announces', { by: undefined }, 'no `by`'],
  ['an invisible name', { by: 'a\u202eb' }, 'invisible character'],
  ['a misspelled key', { unitl: until }, 'did you mean `until`'],
])('refuses %s, with its place', (_, change, message) => {
  const read = readExpected([file([{ ...good, ...change }])]);
  expect(read.requests).toEqual([]);
  expect(read.problems.map((problem) => problem.message).join('\n')).toContain(message);
  expect(read.problems[0]).toMatchObject({ path: 'a.expected.yaml', line: 1 });
});

test('a file with a problem contributes nothing, and stops neither the others nor the policy', () => {
  const broken = file([good, { ...good, until: 'soon' }], 'a.expected.yaml');
  const fine = file([{ ...good, endpointId: `${endpoint}-2` }], 'b.expected.yaml');
  const policy = { path: 'policy.yaml', text: 'version: 1\nrules: []\n' };
  const load = loadPolicy([policy, broken, fine]);
  expect(load.kind).toBe('loaded');
  if (load.kind !== 'loaded') return;
  expect(load.policy.expected.requests.map(({ who }) => who)).toEqual([
    { kind: 'endpoint', endpointKey: `${endpoint}-2`.toLowerCase() },
  ]);
  expect(load.policy.expected.problems).toHaveLength(1);
  expect(load.policy.digest).toBe((loadPolicy([policy]) as { policy: { digest: string } }).policy.digest);
});

test('a file that could not be read is a problem of its own', () => {
  const read = readExpected([
    { path: 'a.expected.yaml', text: '', unreadable: 'a.expected.yaml is locked' },
    file([good], 'b.expected.yaml'),
  ]);
  expect(read.requests).toHaveLength(1);
  expect(read.problems[0]?.message).toBe('a.expected.yaml is locked');
});

test('at most a hundred are expected at one target; the others are told', () => {
  const many = Array.from({ length: 103 }, (_, index) => ({ ...good, endpointId: `${endpoint}-${index}` }));
  const read = readExpected([file(many)]);
  expect(read.requests).toHaveLength(100);
  expect(read.problems).toHaveLength(3);
  expect(read.problems[0]?.message).toContain('more than 100 requests');
});

test('never throws, whatever the text is', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.constantFrom('expected: &a [*a]', 'version: 1\nexpected:\n  - {', '%YAML 1.1\n---\nversion: 1', ''),
    fc.record({ version: fc.constant(1), expected: fc.array(fc.anything()) }).map((value) => {
      try {
        return JSON.stringify(value) ?? '';
      } catch {
        return '';
      }
    }),
  );
  fc.assert(
    fc.property(text, (content) => {
      const read = readExpected([
        { path: 'a.expected.yaml', text: content },
        file([good], 'b.expected.yaml'),
      ]);
      expect(read.requests.length).toBeGreaterThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
});

test('an announcement does not compile the policy again, and a changed policy does', () => {
  const policy = (text: string) => ({ path: 'policy.yaml', text });
  const loaded = (files: readonly PolicyFile[], known?: Policy): Policy => {
    const load = loadPolicy(files, { known });
    if (load.kind !== 'loaded') throw new Error('the policy does not load');
    return load.policy;
  };
  const before = loaded([policy('version: 1\nrules: []\n')]);
  const after = loaded([policy('version: 1\nrules: []\n'), file([good])], before);
  expect(after.decide).toBe(before.decide);
  expect(after).toMatchObject({ digest: before.digest, expected: { requests: [{ by: 'pipeline 42' }] } });
  const changed = loaded([policy('version: 1\nmode: enforce\nrules: []\n'), file([good])], after);
  expect(changed.decide).not.toBe(after.decide);
  expect(changed.mode).toBe('enforce');
});

test('announcements come and go also while a newer policy does not load', async () => {
  const policy = (text: string): PolicyFile => ({ path: 'policy.yaml', text });
  let files: readonly PolicyFile[] = [policy('version: 1\nrules: []\n')];
  let version = 0;
  const clock = new FakeClock();
  const reader = { version: async () => String(version), read: async () => files };
  const source = createPolicySource({ path: 'policies', clock, reader });
  const expectedNow = async (): Promise<number | undefined> => {
    clock.advance(11);
    version += 1;
    const load = await source.current();
    return load.kind === 'loaded' ? load.policy.expected.requests.length : undefined;
  };
  expect(await expectedNow()).toBe(0);
  files = [policy('broken: ['), file([good])];
  expect(await expectedNow()).toBe(1);
  files = [policy('broken: [')];
  expect(await expectedNow()).toBe(0);
});
