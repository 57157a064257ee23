import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '../../../support/fakes';
import { runTool, type CliRun } from '../../../support/rigs/cli';

const vault =
  '/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-shop';
const endpoint =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/apps/providers/Microsoft.Network/privateEndpoints/pe-shop';
const tenant = '33333333-3333-3333-3333-333333333333';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-expect-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const announced = (...args: string[]): Promise<CliRun> =>
  runTool(['expect', '--policy', folder, '--target', vault, '--by', 'run 42', ...args]);

/** The facts of a request from the announced endpoint, as a file. */
const asked = JSON.stringify({
  connection: { id: `${vault}/privateEndpointConnections/pe-shop`, status: 'Pending' },
  endpoint: { id: endpoint, tenantId: tenant },
});
const policy =
  'version: 1\nmode: enforce\nrules: [{ name: announced, effect: approve, when: has(expected.by) }]\n';

async function files(): Promise<Record<string, string>> {
  const found: Record<string, string> = { 'policies/policy.yaml': policy, 'asked.json': asked };
  for (const name of await readdir(folder))
    found[`policies/${name}`] = await readFile(join(folder, name), 'utf8');
  return found;
}

test('announces an endpoint, in a file that the policy’s tools read', async () => {
  const run = await announced('--endpoint', endpoint);
  expect(run).toMatchObject({ exitCode: 0, errors: [] });
  expect(run.output[0]).toMatch(/^Announced: [0-9a-f]{16}, until .*\.expected\.yaml$/);
  const world = { files: await files() };
  expect((await runTool(['validate', 'policies'], world)).output.join('\n')).toContain(
    'announced: 1 request',
  );
  const explained = await runTool(['explain', 'asked.json', '--policy', 'policies'], world);
  expect(explained.output.join('\n')).toContain('Announced   by run 42, until');
  expect(explained.output.join('\n')).toContain('Outcome     approve');
  const lines = { lines: { 'all.jsonl': () => textOf(asked) }, ...world };
  const simulated = await runTool(
    [
      'simulate',
      '--candidate',
      'policies',
      '--policy',
      'policies/policy.yaml',
      '--from',
      'all.jsonl',
      '--json',
    ],
    lines,
  );
  expect(simulated.output.join('\n')).toContain('hold → approve');
});

async function* textOf(text: string): AsyncGenerator<string> {
  yield text;
}

test('the same announcement again changes nothing', async () => {
  const until = ['--until', '2026-12-31T18:00:00Z'];
  await announced('--endpoint', endpoint, ...until);
  const run = await announced('--endpoint', endpoint.toUpperCase(), ...until);
  expect(run.output[0]).toMatch(/^Announced before: /);
  expect(await readdir(folder)).toHaveLength(1);
});

test('announces a name with its tenant', async () => {
  const run = await announced('--endpoint-name', 'pe-shop', '--tenant', tenant, '--json');
  expect(JSON.parse(run.output.join('\n'))).toMatchObject({
    isNew: true,
    id: expect.stringMatching(/^[0-9a-f]{16}$/),
  });
  const other = await announced('--connection-name', 'atlas: "1"', '--tenant', tenant);
  expect(other.exitCode).toBe(0);
  const world = { files: await files() };
  expect(
    (await runTool(['explain', 'asked.json', '--policy', 'policies'], world)).output.join('\n'),
  ).toContain('Outcome     approve');
});

test.each([
  ['a name without a tenant', ['--endpoint-name', 'pe'], 'add --tenant <GUID>'],
  ['nobody', [], 'name who will ask'],
  ['two', ['--endpoint', endpoint, '--endpoint-name', 'x'], 'by one of'],
  ['a tenant beside an id', ['--endpoint', endpoint, '--tenant', tenant], 'remove --tenant'],
  ['a target that is none', ['--endpoint', endpoint, '--target', endpoint], '`target`:'],
  ['an end in the past', ['--endpoint', endpoint, '--until', '2020-01-01T00:00:00Z'], 'over already'],
  ['an end that is no time', ['--endpoint', endpoint, '--until', 'tomorrow'], '--until must be a time'],
  ['no announcer', ['--endpoint', endpoint, '--by', ' '], 'expect needs --by'],
  ['an announcer with a newline', ['--endpoint', endpoint, '--by', 'a\nb'], '`by` must be one line'],
])('refuses %s', async (_, args, message) => {
  const run = await announced(...args);
  expect(run.exitCode).toBe(2);
  expect(run.errors.join('\n')).toContain(message);
  expect(await readdir(folder)).toEqual([]);
});

test('refuses the path of a file, and of what is not there', async () => {
  await writeFile(join(folder, 'policy.yaml'), policy);
  const file = await announced('--endpoint', endpoint, '--policy', join(folder, 'policy.yaml'));
  expect(file.errors.join('\n')).toContain('announcements lie in the folder of a policy');
  const missing = await announced('--endpoint', endpoint, '--policy', join(folder, 'nowhere'));
  expect(missing.exitCode).toBe(2);
});

test('removes its own announcements a week after their end, and nobody else’s', async () => {
  await writeFile(join(folder, 'partners.expected.yaml'), 'version: 1\nexpected: []\n');
  const clock = new FakeClock();
  const after = (days: number): Promise<CliRun> => {
    clock.advance(days * 86_400);
    const args = [
      'expect',
      '--policy',
      folder,
      '--target',
      vault,
      '--by',
      'x',
      '--endpoint',
      `${endpoint}-${days}`,
      '--until',
      '1h',
    ];
    return runTool(args, { clock });
  };
  await after(0);
  await after(5);
  expect(await readdir(folder)).toHaveLength(3);
  await after(3);
  const left = await readdir(folder);
  expect(left).toHaveLength(3);
  expect(left).toContain('partners.expected.yaml');
});

test('announcements that no rule reads are reported', async () => {
  await announced('--endpoint', endpoint);
  const world = { files: { ...(await files()), 'policies/policy.yaml': 'version: 1\nrules: []\n' } };
  const run = await runTool(['validate', 'policies', '--strict'], world);
  expect(run.exitCode).toBe(1);
  expect(run.output.join('\n')).toContain('no rule reads `expected`');
});

test('an announcement with a mistake is a problem of its own', async () => {
  await writeFile(join(folder, 'a.expected.yaml'), 'version: 1\nexpected: [{ until: never }]\n');
  const run = await runTool(['validate', 'policies'], { files: await files() });
  expect(run.exitCode).toBe(1);
  expect(run.output.join('\n')).toContain('a.expected.yaml:2:');
  expect(run.output.join('\n')).toContain('policies loads: 1 rule');
});
