import { commands } from '../../../src/cli/run-cli';
import { safeJson } from '../../../src/cli/output';
import { policySchema } from '../../../src/policy/file/policy-schema';
import { runTool } from '../../support/rigs/cli';

const policy = `version: 1
mode: enforce
lists:
  zones: [11111111-1111-1111-1111-111111111111]
rules:
  - name: zones
    effect: approve
    when: endpoint.subscriptionId in lists.zones
    reason: In a zone
  - name: prod
    effect: hold
    when: has(target.tags) && target.tags.env == "prod" && connection.message == ""
  - name: old
    on: [Disconnected]
    effect: delete
    when: connection.firstSeen < now - duration("168h")
limits:
  deletes: { perHour: 20, perReview: 5 }
`;
/** The same, but its approvals end. */
const timed = policy.replace('In a zone\n', 'In a zone\n    approvals: { expireAfter: 7d }\n');
const cases = `now: "2026-03-01T12:00:00Z"
cases:
  - name: a zone is let in
    effect: approve
    rule: zones
  - name: production waits
    facts: { target: { tags: { env: prod } } }
    effect: hold
    rule: prod
  - name: old leftovers go
    facts: { connection: { status: Disconnected, firstSeen: "2026-02-01T00:00:00Z" } }
    effect: delete
`;
const files = { 'p.yaml': policy, 'p.cases.yaml': cases };

describe('postern', () => {
  test('without a tool, or with one that it does not have, is wrong usage and names the tools', async () => {
    for (const args of [[], ['approve']]) {
      const { exitCode, output, errors } = await runTool(args);
      expect([exitCode, output]).toEqual([2, []]);
      for (const name of commands.keys()) expect(errors.join('\n')).toContain(`  ${name} `);
    }
  });

  test.each([...commands.keys()])('%s --help shows its usage', async (name) => {
    const { exitCode, output } = await runTool([name, '--help']);
    expect(exitCode).toBe(0);
    expect(output[0]).toMatch(new RegExp(`^Usage: postern ${name}`));
    // A script for a shell is no JSON.
    if (name !== 'completion') expect(output.join('\n')).toMatch(/--json .*\n +--help/);
  });

  test.each([...commands.keys()])('%s with an unknown option is wrong usage', async (name) => {
    const { exitCode, errors } = await runTool([name, '--colour']);
    expect(exitCode).toBe(2);
    expect(errors.at(-1)).toBe(`For usage, run postern ${name} --help.`);
  });

  test('schema prints the schema of the parser', async () => {
    const { exitCode, output } = await runTool(['schema']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(output.join('\n'))).toEqual(policySchema());
  });
});

describe('validate', () => {
  test('reports every problem with its location, a caret and the fix', async () => {
    const text = policy.replace('approve', 'aprove').replace('lists.zones', 'lists.zone');
    expect(await runTool(['validate', 'p.yaml'], { files: { 'p.yaml': text } })).toEqual({
      exitCode: 1,
      errors: [],
      output: [
        'p.yaml:7:13: unknown effect `aprove`: did you mean `approve`?',
        '    7 |     effect: aprove',
        '      |             ^^^^^^',
        'p.yaml:8:44: unknown list `zone`: did you mean `zones`?',
        '    8 |     when: endpoint.subscriptionId in lists.zone',
        '      |                                            ^^^^',
        '',
        'p.yaml does not load: 2 problems',
      ],
    });
  });

  test('warnings are findings only with --strict', async () => {
    const world = {
      files: { 'p.yaml': policy.replace('rules:', '  spare: [x]\nrules:') },
    };
    const plain = await runTool(['validate', 'p.yaml'], world);
    expect(plain.exitCode).toBe(0);
    expect(plain.output[0]).toBe(
      'p.yaml:5:3: warning: no condition reads `lists.spare`: use the list, or remove it',
    );
    expect(plain.output.at(-2)).toMatch(
      /^p\.yaml loads: 3 rules, mode enforce, digest [0-9a-f]{12}, 1 warning$/,
    );
    expect((await runTool(['validate', '--strict', 'p.yaml'], world)).exitCode).toBe(1);
  });

  test('texts that can never match are problems of a policy that loads, without --strict', async () => {
    const world = { files: { 'p.yaml': policy.replace('[1', '[payments-prod, 1') } };
    const { exitCode, output } = await runTool(['validate', 'p.yaml'], world);
    expect(exitCode).toBe(1);
    expect(output[0]).toMatch(
      /^p\.yaml:4:11: in `lists\.zones` the entry `payments-prod` can never match `endpoint\.subscriptionId`: /,
    );
    expect(output.at(-2)).toMatch(/^p\.yaml loads: 3 rules, mode enforce, digest [0-9a-f]{12}, 1 problem$/);
    const machines = await runTool(['validate', '--json', 'p.yaml'], world);
    expect(machines.exitCode).toBe(1);
    expect(JSON.parse(machines.output.join('\n'))).toMatchObject({
      policies: [{ loads: true, problems: [{ line: 4, column: 11 }], warnings: [] }],
    });
  });

  test('shows the limits of a policy, as text and as JSON', async () => {
    const more = policy.replace('deletes: {', 'revocations: { perHour: 0 }\n  deletes: {');
    const world = { files: { 'p.yaml': more, 'none.yaml': 'version: 1\n' } };
    const { output } = await runTool(['validate', 'p.yaml', 'none.yaml'], world);
    expect(output).toEqual([
      expect.stringMatching(/^p\.yaml loads: /),
      '  limits: deletes 20 per hour, 5 per review; revocations 0 per hour',
      expect.stringMatching(/^none\.yaml loads: /),
    ]);
    const machines = await runTool(['validate', '--json', 'p.yaml', 'none.yaml'], world);
    expect(JSON.parse(machines.output.join('\n'))).toMatchObject({
      policies: [
        { limits: { deletes: { perHour: 20, perReview: 5 }, revocations: { perHour: 0 } } },
        { limits: {} },
      ],
    });
  });

  test('a write without a limit is a warning', async () => {
    const world = { files: { 'p.yaml': policy.split('limits:')[0] ?? '' } };
    const { exitCode, output } = await runTool(['validate', 'p.yaml'], world);
    expect(exitCode).toBe(0);
    expect(output.slice(0, 3)).toEqual([
      'p.yaml:13:11: warning: nothing limits the deletes of rule `old`: add `limits: {deletes: {perHour: 20, perReview: 5}}` to one file',
      '   13 |   - name: old',
      '      |           ^^^',
    ]);
  });

  test('files below a URL are named by their URLs', async () => {
    const url = 'https://account.blob.core.windows.net/policies/live/';
    const wrong = policy.replace('approve', 'aprove');
    const folder = await runTool(['validate', url], {
      blobs: { [url]: [{ path: 'a/p.yaml', text: wrong }] },
    });
    expect(folder.output[0]).toMatch(
      /^https:\/\/account\.blob\.core\.windows\.net\/policies\/live\/a\/p\.yaml:7:13: /,
    );
    const single = await runTool(['validate', `${url}p.yaml`], {
      blobs: { [`${url}p.yaml`]: [{ path: 'p.yaml', text: wrong }] },
    });
    expect(single.output[0]).toMatch(
      /^https:\/\/account\.blob\.core\.windows\.net\/policies\/live\/p\.yaml:7:13: /,
    );
  });

  test('checks each path as a policy of its own, and files of a folder together', async () => {
    const world = {
      files: { 'a/one.yaml': policy, 'a/two.yaml': 'version: 1\nmode: audit\n', 'b.yaml': policy },
    };
    const { exitCode, output } = await runTool(['validate', 'b.yaml', 'a'], world);
    expect(exitCode).toBe(1);
    expect(output[0]).toMatch(/^b\.yaml loads/);
    expect(output[2]).toMatch(/^a\/two\.yaml:2:7: `mode` is already in one\.yaml:2/);
  });

  test('reports the same as JSON', async () => {
    const { exitCode, output } = await runTool(['validate', '--json', 'p.yaml'], {
      files: { 'p.yaml': 'version: 1\nrules: x' },
    });
    expect(exitCode).toBe(1);
    expect(JSON.parse(output.join('\n'))).toMatchObject({
      policies: [{ path: 'p.yaml', loads: false, problems: [{ path: 'p.yaml', line: 2, column: 8 }] }],
    });
  });
});

describe('test', () => {
  test('decides every case and shows which rules they cover', async () => {
    expect(await runTool(['test', 'p.yaml', '--threshold', '100'], { files })).toEqual({
      exitCode: 0,
      errors: [],
      output: [
        '3 cases: 3 passed, 0 failed',
        '1 approved case tried again with strangers: 0 approved',
        '',
        'rule   effect   matched  missed  failed',
        'zones  approve        2       0       0',
        'prod   hold           1       1       0',
        'old    delete         1       0       0',
        '',
        '3 of 3 rules matched in some case (100 %)',
      ],
    });
  });

  test('shows a failing case with the expected and the actual decision, and each rule', async () => {
    const wrong = cases
      .replace('effect: delete', 'effect: hold\n    rule: [zones, prod]')
      .replace('rule: prod', 'rule: zones');
    const { exitCode, output } = await runTool(['test', 'p.yaml'], {
      files: { ...files, 'p.cases.yaml': wrong },
    });
    expect(exitCode).toBe(1);
    expect(output.slice(0, 11)).toEqual([
      'FAILED p.cases.yaml:6: production waits',
      '    expected hold by zones',
      '    actual   hold by prod: Rule prod matched',
      '    matched  zones (approve)',
      '    matched  prod (hold)',
      '',
      'FAILED p.cases.yaml:10: old leftovers go',
      '    expected hold by prod, zones',
      '    actual   delete by old: Rule old matched',
      '    matched  old (delete)',
      '',
    ]);
  });

  test('a case may say when the approval ends, and one that says nothing does not care', async () => {
    const when = (end: string): string =>
      cases.replace('rule: zones', `rule: zones\n    expireAfter: ${end}`);
    const run = async (text: string, about: string) =>
      runTool(['test', 'p.yaml'], { files: { 'p.yaml': about, 'p.cases.yaml': text } });
    for (const [text, about] of [
      [when('168h'), timed],
      [when('7d'), timed],
      [when('none'), policy],
      [cases, timed],
    ] as const)
      expect(await run(text, about)).toMatchObject({ exitCode: 0 });

    const longer = await run(when('24h'), timed);
    expect(longer.exitCode).toBe(1);
    expect(longer.output.slice(0, 3)).toEqual([
      'FAILED p.cases.yaml:3: a zone is let in',
      '    expected approve, expires after 24h, by zones',
      '    actual   approve, expires after 168h, by zones: In a zone',
    ]);
    expect((await run(when('none'), timed)).output.slice(1, 3)).toEqual([
      '    expected approve by zones, without expiry',
      '    actual   approve, expires after 168h, by zones: In a zone',
    ]);
    expect((await run(when('7d'), policy)).output.slice(1, 3)).toEqual([
      '    expected approve, expires after 168h, by zones',
      '    actual   approve by zones: In a zone',
    ]);
  });

  describe('strangers ask each approved case again', () => {
    const zone = '11111111-1111-1111-1111-111111111111';
    const one = (when: string, more = ''): string =>
      `version: 1\nmode: enforce\nrules:\n  - name: one\n    effect: approve\n    when: '${when}'\n${more}`;
    const asks = `cases:\n  - name: let in\n    facts:\n      connection: { message: CHG1234567 }\n      endpoint: { subscriptionId: ${zone}, resourceGroup: rg-hub, name: pe-pay, tags: { owner: web }, virtualNetworkId: /subscriptions/${zone}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub }\n    effect: approve\n`;
    const run = (when: string, more?: string) =>
      runTool(['test', 'p.yaml'], { files: { 'p.yaml': one(when, more), 'p.cases.yaml': asks } });

    test.each([
      ['endpoint.resourceGroup == "rg-hub"', 'with everything else copied'],
      ['endpoint.name == "pe-pay"', 'with everything else copied'],
      ['endpoint.tags.owner == "web"', 'with everything else copied'],
      ['ticket(connection.message, "CHG[0-9]{7}")', 'with everything else copied'],
      ['endpoint.virtualNetworkId.endsWith("/hub")', 'with everything else copied'],
      ['true', 'with everything else copied'],
      [
        `endpoint.id.contains("${zone}")`,
        'with a resource group and an endpoint named after the approved subscription',
      ],
      [
        `endpoint.id.split("/").exists(x, x == "${zone}")`,
        'with a resource group and an endpoint named after the approved subscription',
      ],
      ['endpoint.subscriptionId.startsWith("11111111-")', 'whose id begins like the approved one'],
      ['endpoint.subscriptionId.endsWith("-111111111111")', 'whose id ends like the approved one'],
    ])('and are approved by %s', async (when, who) => {
      const { exitCode, output } = await run(when);
      expect(exitCode).toBe(1);
      expect(output.slice(0, 6)).toEqual([
        'STRANGER p.cases.yaml:2: let in',
        expect.stringMatching(new RegExp(`^    request  from subscription [0-9a-f-]{36}, ${who}$`)),
        '    expected anything but approve, unless the rule states `approvesAnyone: true`',
        '    actual   approve by one: Rule one matched',
        '',
        '1 case: 1 passed, 0 failed',
      ]);
      expect(output[6]).toBe('1 approved case tried again with strangers: 1 approved');
      expect(output[1]).not.toContain(zone);
    });

    test.each([
      `endpoint.subscriptionId == "${zone}"`,
      `endpoint.id.startsWith("/subscriptions/${zone}/")`,
      `glob(endpoint.virtualNetworkId, "/subscriptions/${zone}/**")`,
    ])('and are not by %s', async (when) => {
      expect(await run(when)).toMatchObject({ exitCode: 0 });
    });

    test('unless the rule states approvesAnyone; another rule beside it is still reported', async () => {
      expect(await run('target.type != ""', '    approvesAnyone: true\n')).toMatchObject({ exitCode: 0 });
      const two =
        '    approvesAnyone: true\n  - { name: two, effect: approve, when: endpoint.name == "pe-pay" }\n';
      expect(await run('target.type != ""', two)).toMatchObject({ exitCode: 1 });
    });

    test('and the JSON output says so', async () => {
      const world = { files: { 'p.yaml': one('endpoint.name == "pe-pay"'), 'p.cases.yaml': asks } };
      const { exitCode, output } = await runTool(['test', 'p.yaml', '--json'], world);
      expect(exitCode).toBe(1);
      expect(JSON.parse(output.join('\n'))).toMatchObject({
        passed: false,
        strangers: [{ path: 'p.cases.yaml', line: 2, name: 'let in', approved: true, rules: ['one'] }],
        cases: [{ passed: true }],
      });
    });
  });

  test('fails when too few rules are reached, and names the others', async () => {
    const few = cases.split('  - name: production')[0] ?? '';
    const world = { files: { ...files, 'p.cases.yaml': few } };
    const { exitCode, output } = await runTool(['test', 'p.yaml', '--threshold', '50'], world);
    expect(exitCode).toBe(1);
    expect(output.slice(-3)).toEqual([
      '1 of 3 rules matched in some case (33.3 %), below the threshold of 50 %',
      '  never matched: prod',
      '  never matched: old',
    ]);
    expect((await runTool(['test', 'p.yaml', '--threshold', '33'], world)).exitCode).toBe(0);
  });

  test('lists of the cases replace those of the policy', async () => {
    const other = `lists: { zones: [22222222-2222-2222-2222-222222222222] }\ncases:\n  - { name: held, effect: hold, rule: [] }\n`;
    expect((await runTool(['test', 'p.yaml'], { files: { ...files, 'p.cases.yaml': other } })).exitCode).toBe(
      0,
    );
  });

  test.each<[string, string, string]>([
    [
      'an unknown key',
      'cases:\n  - { name: a, efect: hold }',
      'p.cases.yaml:2:16: unknown key `efect`: remove or correct it',
    ],
    [
      'an unknown fact',
      'facts: { target: { colour: red } }\ncases: [{ name: a, effect: hold }]',
      'p.cases.yaml:1:20: unknown key `colour`: remove or correct it',
    ],
    [
      'a wrong effect',
      'cases:\n  - name: a\n    effect: allow',
      'p.cases.yaml:3:5: `cases.0.effect`: must be approve, reject, delete or hold, or none if no rule applies to the status',
    ],
    ['no cases', 'cases: []', 'p.cases.yaml:1:1: `cases`: has no entries: begin each case with `- name:`'],
    [
      'an end that is no time',
      'cases:\n  - name: a\n    effect: approve\n    expireAfter: 7 days',
      'p.cases.yaml:4:5: `cases.0.expireAfter`: `7 days` is not a time: write `7d`',
    ],
    [
      'an end that no approval can have',
      'cases:\n  - name: a\n    effect: approve\n    expireAfter: 1m',
      'p.cases.yaml:4:5: `cases.0.expireAfter`: an approval lasts at least 10 minutes: write `10m` or more',
    ],
    [
      'an end that is a number',
      'cases:\n  - name: a\n    effect: approve\n    expireAfter: 7',
      'p.cases.yaml:4:5: `cases.0.expireAfter`: must be a time such as `168h`, or `none` for an approval that does not expire',
    ],
    [
      'an end of what is no approval',
      'cases:\n  - name: a\n    effect: hold\n    expireAfter: 7d',
      'p.cases.yaml:4:5: only an approval can expire, but this case expects hold: remove `expireAfter`',
    ],
    [
      'a list that the policy lacks',
      'lists: { zone: [a] }\ncases: [{ name: a, effect: hold }]',
      'p.cases.yaml:1:10: the policy has no list `zone`: use the name of a list in the policy',
    ],
    [
      'an id that is none',
      'cases:\n  - name: a\n    effect: hold\n    facts: { endpoint: { id: pe-1 } }',
      'p.cases.yaml:4:5: it does not begin with /: "pe-1"',
    ],
    [
      'a time that is none',
      'now: yesterday\ncases: [{ name: a, effect: hold }]',
      'p.cases.yaml:1:1: `now`: must be an instant such as "2026-01-31T00:00:00Z"',
    ],
  ])('%s is reported with its location', async (_, text, reported) => {
    const run = await runTool(['test', 'p.yaml'], { files: { ...files, 'p.cases.yaml': text } });
    expect(run).toMatchObject({ exitCode: 2, output: [] });
    expect(run.errors.filter((shown) => shown.startsWith('p.cases'))).toContain(reported);
  });

  test.each([[['--threshold', '101']], [['--threshold', 'all']], [['other.yaml']]])(
    '%j is wrong usage',
    async (more) => {
      expect(await runTool(['test', 'p.yaml', ...more], { files })).toMatchObject({ exitCode: 2 });
    },
  );

  test('a policy without test cases is wrong usage', async () => {
    expect(await runTool(['test', 'p.yaml'], { files: { 'p.yaml': policy } })).toMatchObject({ exitCode: 2 });
  });
});

describe('explain', () => {
  const armBody = {
    id: '/subscriptions/99999999-9999-9999-9999-999999999999/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-a/privateEndpointConnections/kv-a.1',
    properties: {
      privateEndpoint: {
        id: '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe',
      },
      privateLinkServiceConnectionState: { status: 'Pending', description: '', actionsRequired: 'None' },
    },
  };
  const world = { files: { ...files, 'c.json': JSON.stringify(armBody) } };
  const explain = ['explain', 'c.json', '--policy', 'p.yaml'];

  test('shows each rule with the values it read, for a connection as ARM sends it', async () => {
    const { exitCode, output } = await runTool([...explain, '--target-tag', 'Env=test'], world);
    expect(exitCode).toBe(0);
    expect(output).toEqual([
      'Connection  kv-a.1 (Pending) of Microsoft.KeyVault/vaults kv-a',
      expect.stringMatching(/^Policy {6}[0-9a-f]{12}, mode enforce$/),
      'Outcome     approve by zones: In a zone',
      'Why         The matching rules say approve, and no rule with a stronger effect matched.',
      '',
      'matched  zones (approve)  p.yaml:6',
      '    when endpoint.subscriptionId in lists.zones',
      '    endpoint.subscriptionId = "11111111-1111-1111-1111-111111111111"',
      '    lists.zones = ["11111111-1111-1111-1111-111111111111"]',
      '',
      'missed   prod (hold)  p.yaml:10',
      '    when has(target.tags) && target.tags.env == "prod" && connection.message == ""',
      '    false: target.tags.env == "prod"',
      '    target.tags = {"env":"test"}',
      '    target.tags.env = "test"',
      '    connection.message = ""',
      '',
      '1 rule for other statuses:',
      '  old (Disconnected)',
    ]);
  });

  test('shows when an approval expires, as text and as JSON', async () => {
    const ending = { files: { ...world.files, 'p.yaml': timed } };
    const { output } = await runTool([...explain, '--target-tag', 'env=test'], ending);
    expect(output[2]).toBe('Outcome     approve, expires after 168h, by zones: In a zone');
    expect(output[5]).toBe('matched  zones (approve, expires after 168h)  p.yaml:6');
    const machines = await runTool([...explain, '--target-tag', 'env=test', '--json'], ending);
    expect(JSON.parse(machines.output.join('\n'))).toMatchObject({
      effect: 'approve',
      expireAfterSeconds: 604_800,
      rules: [{ rule: 'zones', expireAfterSeconds: 604_800 }, { rule: 'prod' }, { rule: 'old' }],
    });
  });

  test('an approval that another rule overrides has no end', async () => {
    const ending = { files: { ...world.files, 'p.yaml': timed } };
    const run = await runTool([...explain, '--target-tag', 'env=prod', '--json'], ending);
    expect(JSON.parse(run.output.join('\n'))).toMatchObject({ effect: 'hold' });
    expect(JSON.parse(run.output.join('\n'))).not.toHaveProperty('expireAfterSeconds');
  });

  test('says which rule overrides which', async () => {
    const { output } = await runTool([...explain, '--target-tag', 'env=prod'], world);
    expect(output.slice(2, 4)).toEqual([
      'Outcome     hold by prod: Rule prod matched',
      'Why         Hold beats delete, delete beats reject, reject beats approve: hold overrides zones (approve).',
    ]);
  });

  test('says that a rule which cannot be evaluated holds', async () => {
    const strict = policy.replace('has(target.tags) && ', '');
    const { output } = await runTool(explain, { files: { ...world.files, 'p.yaml': strict } });
    expect(output[3]).toBe(
      'Why         A rule could not be evaluated. That holds the connection, whatever the other rules say.',
    );
    expect(output).toContain(
      '    could not be evaluated: `target.tags` is absent; check it with `has()` first',
    );
    expect(output).toContain('    target.tags.env = (absent)');
  });

  test.each([
    ['Approved', [], 'No rule applies to a connection that is Approved, so it is left alone.'],
    ['Disconnected', [], 'No rule matched, so the connection is held for a person.'],
    [
      'Disconnected',
      ['--age', '8d'],
      'The matching rules say delete, and no rule with a stronger effect matched.',
    ],
  ])('of a %s connection, with %j, says why', async (status, more, why) => {
    const text = JSON.stringify(armBody).replace('Pending', status);
    const { output } = await runTool([...explain, ...more], { files: { ...files, 'c.json': text } });
    expect(output[3]).toBe(`Why         ${why}`);
  });

  test('a message that would fool a terminal is spelled out, for people and for machines', async () => {
    const text = JSON.stringify(armBody).replace('"description":""', '"description":"\\u001b[2J\\u202eevil"');
    const hostile = {
      files: {
        'p.yaml': policy.replace('has(target.tags) && target.tags.env == "prod" && ', ''),
        'c.json': text,
      },
    };
    const people = await runTool(explain, hostile);
    const machines = await runTool([...explain, '--json'], hostile);
    for (const { output } of [people, machines]) expect(output.join('')).not.toMatch(/[\u001b\u202e]/);
    expect(machines.output.join('\n')).toContain('\\u001b[2J\\u202eevil');
  });

  test('a file that is neither is reported with its location', async () => {
    const run = await runTool(explain, {
      files: { ...files, 'c.json': '{"connection":{"stat":"Pending"}}' },
    });
    expect(run.exitCode).toBe(2);
    expect(run.errors[0]).toBe('c.json:1:16: unknown key `stat`: remove or correct it');
  });

  test.each([
    [[]],
    [['a', 'b']],
    [['c.json', '--target-tag', 'env']],
    [['c.json', '--now', 'soon']],
    [['no.json', '--policy', 'p.yaml']],
  ])('%j is wrong usage', async (args) => {
    expect(await runTool(['explain', ...args], world)).toMatchObject({ exitCode: 2, output: [] });
  });
});

test('JSON for machines is harmless and means the same', () => {
  const value = { text: 'a\u001b\u202e\u2028\u{e0041}\ud800\u007f ü 👍\n' };
  const text = safeJson(value, 2);
  expect(text).not.toMatch(/[\u001b\u202e\u2028\u{e0041}\u007f]/u);
  expect(JSON.parse(text)).toEqual(value);
});
