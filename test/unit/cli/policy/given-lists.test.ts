import { runTool } from '../../../support/rigs/cli';

const inside = '11111111-1111-1111-1111-111111111111';
const outside = '44444444-4444-4444-4444-444444444444';

const policy = (when = 'endpoint.subscriptionId in lists.zones') => `version: 1
mode: enforce
lists:
  zones: { subscriptionsUnder: corp }
rules:
  - name: zones
    effect: approve
    when: ${when}
`;
const cases = (lists = '') => `${lists}
cases:
  - { name: a landing zone is approved, effect: approve, rule: zones }
  - name: another one is held
    facts: { endpoint: { subscriptionId: ${outside} } }
    effect: hold
`;
const vault =
  '/subscriptions/99999999-9999-9999-9999-999999999999/resourceGroups/rg-shared/providers/Microsoft.KeyVault/vaults/kv-shop';
const facts = JSON.stringify({
  id: `${vault}/privateEndpointConnections/kv-shop.1`,
  properties: {
    provisioningState: 'Succeeded',
    privateEndpoint: {
      id: `/subscriptions/${inside}/resourceGroups/rg-web/providers/Microsoft.Network/privateEndpoints/pe-web`,
    },
    privateLinkServiceConnectionState: { status: 'Pending', description: 'for the web shop' },
  },
});
const files = {
  'policy.yaml': policy(),
  'policy.cases.yaml': cases(),
  'lists.yaml': `zones: [${inside}]`,
  'lists.json': JSON.stringify({ zones: [inside] }),
  'connection.json': facts,
  'all.jsonl': facts,
};
const run = (args: readonly string[], changed: Record<string, string> = {}) =>
  runTool(args, { files: { ...files, ...changed } });

describe('without the entries of a managed list, a tool fails and names the option', () => {
  test.each([
    ['test', ['test', 'policy.yaml']],
    ['explain', ['explain', 'connection.json', '--policy', 'policy.yaml']],
    [
      'simulate',
      ['simulate', '--policy', 'policy.yaml', '--candidate', 'policy.yaml', '--from', 'all.jsonl'],
    ],
  ])('%s', async (_, args) => {
    const { exitCode, errors } = await run(args);
    expect(exitCode).toBe(2);
    expect(errors).toEqual([
      expect.stringContaining(
        'the policy reads `zones`, whose entries are in Azure: pass them with --lists <file>',
      ),
    ]);
  });

  test('even where the list would make no difference', async () => {
    const { exitCode } = await run(['test', 'policy.yaml'], {
      'policy.yaml': policy('target.name == "kv-one" && endpoint.subscriptionId in lists.zones'),
    });
    expect(exitCode).toBe(2);
  });
});

describe('with the entries', () => {
  test.each(['lists.yaml', 'lists.json'])('test decides by them: %s', async (path) => {
    const { exitCode, output } = await run(['test', 'policy.yaml', '--lists', path]);
    expect([exitCode, output[0]]).toEqual([0, '2 cases: 2 passed, 0 failed']);
    expect(output[1]).toBe('1 approved case tried again with strangers: 0 approved');
  });

  test('test decides by those that the cases state', async () => {
    const { exitCode } = await run(['test', 'policy.yaml'], {
      'policy.cases.yaml': cases(`lists: { zones: [${inside}] }`),
    });
    expect(exitCode).toBe(0);
    const other = await run(['test', 'policy.yaml', '--lists', 'lists.yaml'], {
      'policy.cases.yaml': cases(`lists: { zones: [${outside}] }`),
    });
    expect(other.exitCode).toBe(1);
  });

  test('explain shows them', async () => {
    const { exitCode, output } = await run([
      'explain',
      'connection.json',
      '--policy',
      'policy.yaml',
      '--lists',
      'lists.yaml',
    ]);
    expect(exitCode).toBe(0);
    expect(output).toContainEqual(expect.stringMatching(/^Lists {7}zones@[0-9a-f]{8}$/));
    expect(output).toContain(`    lists.zones = ["${inside}"]`);
    const json = await run([
      'explain',
      'connection.json',
      '--policy',
      'policy.yaml',
      '--lists',
      'lists.yaml',
      '--json',
    ]);
    expect(JSON.parse(json.output.join(''))).toMatchObject({
      effect: 'approve',
      lists: [expect.stringMatching(/^zones@/)],
    });
  });

  test('explain says which part was false', async () => {
    const { output } = await run(
      ['explain', 'connection.json', '--policy', 'policy.yaml', '--lists', 'lists.yaml'],
      {
        'policy.yaml': policy('target.name == "kv-shop" && endpoint.subscriptionId in lists.zones'),
        'lists.yaml': `zones: [${outside}]`,
      },
    );
    expect(output).toContain('    false: endpoint.subscriptionId in lists.zones');
  });

  test('simulate decides by them with both policies', async () => {
    const plain = policy().replace('{ subscriptionsUnder: corp }', '[]');
    const { exitCode, output } = await run(
      [
        'simulate',
        '--policy',
        'plain.yaml',
        '--candidate',
        'policy.yaml',
        '--from',
        'all.jsonl',
        '--lists',
        'lists.yaml',
      ],
      { 'plain.yaml': plain },
    );
    expect(exitCode).toBe(1);
    expect(output).toContainEqual(expect.stringMatching(/hold → approve\s+1/));
  });
});

test.each([
  ['an unknown list', 'others: []', 'lists.yaml:1:1: no rule reads a managed list `others`: remove it'],
  ['entries that are no ids', 'zones: [contoso]', '`zones.0`: must be the id of a subscription (a GUID)'],
  ['no map', '- zones', 'the file must map names of lists to lists of subscription ids'],
  ['a source', 'zones: { subscriptionsUnder: corp }', '`zones`: must be a list of subscription ids'],
])('a file with %s is refused', async (_, text, message) => {
  const { exitCode, errors } = await run(['test', 'policy.yaml', '--lists', 'lists.yaml'], {
    'lists.yaml': text,
  });
  expect(exitCode).toBe(2);
  expect(errors.join('\n')).toContain(message);
});
