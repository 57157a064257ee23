import fc from 'fast-check';
import type { LiveAzure } from '../../../../src/cli/facts/read-live-facts';
import { subjectFrom } from '../../../../src/cli/facts/find-connection';
import { createReadOnlyStore } from '../../../../src/cli/live/read-only-store';
import type { ConnectionRecords } from '../../../../src/cli/show/connection-records';
import { ArmError, PosternError } from '../../../../src/base/errors';
import type { AuditRecord } from '../../../../src/audit/audit-record';
import type { ConnectionState } from '../../../../src/operations/operation';
import { loadPolicy } from '../../../../src/policy/compile-policy';
import { ownStoreTypes } from '../../../../src/connections/target-type';
import { parseTargetId, type TargetId } from '../../../../src/connections/resource-id';
import { FakeArm, type SeededConnection } from '../../../support/fakes/fake-arm';
import { FakeManagedEndpoints } from '../../../support/fakes/fake-managed-endpoints';
import { FakeOperationStore } from '../../../support/fakes';
import { type CliWorld, runTool } from '../../../support/rigs/cli';
import {
  sampleConnection,
  sampleConnectionState,
  sampleOperation,
  sampleRecord,
  sampleTarget,
} from '../../../../dev/lib/samples';

const other = parseTargetId(
  '/subscriptions/99999999-9999-4999-8999-999999999999/resourceGroups/rg-two/providers/Microsoft.KeyVault/vaults/VAULT-ONE',
);

/** A tenant whose targets have these connections. */
function tenant(seeds: ReadonlyMap<TargetId, readonly SeededConnection[]>): {
  live: LiveAzure;
  arms: FakeArm[];
} {
  const arms = [...seeds].map(([target, connections]) => {
    const arm = new FakeArm(target);
    connections.forEach((each) => arm.seed(each));
    return arm;
  });
  const armOf = (target: TargetId): FakeArm | undefined => arms.find((arm) => arm.target.key === target.key);
  const [first = new FakeArm(sampleTarget())] = arms;
  async function* find() {
    for (const arm of arms) {
      yield { targetId: arm.target };
      yield { targetId: arm.target };
    }
  }
  const connections = createReadOnlyStore({
    list: async (target) => armOf(target)?.list(),
    get: async (id) => armOf(id.target)?.get(id),
    write: () => Promise.reject(new Error('nothing is written')),
  });
  const live = {
    connections,
    resources: first,
    tenants: first,
    ownSubscriptions: first,
    managedEndpoints: new FakeManagedEndpoints(),
    finder: { find },
    types: ownStoreTypes,
  };
  return { live, arms };
}

const one = new Map([[sampleTarget(), [{ name: 'conn-1' }, { name: 'conn-2', status: 'Approved' }]]]);

function recordsOf(
  history: readonly AuditRecord[],
  rows: readonly ConnectionState[] = [],
  policyDigest: string | undefined = 'ab'.repeat(32),
): ConnectionRecords {
  const operations = new FakeOperationStore();
  if (rows.length > 0) operations.seed(sampleTarget(), rows);
  return { operations, history: async () => history, policyDigest: async () => policyDigest };
}

const held = sampleRecord({
  effect: 'hold',
  rules: ['production-wants-a-change'],
  reason: 'Production wants a change number in the request message',
  operation: undefined,
});
const world = (more: CliWorld = {}): CliWorld => ({ live: tenant(one).live, ...more });

describe('postern show', () => {
  test.each([
    sampleConnection().id,
    '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/consumers/providers/Microsoft.Network/privateEndpoints/pe-conn-1',
    'vault-one/pe-conn-1',
    'VAULT-ONE/PE-CONN-1',
    'vault-one/conn-1',
  ])('finds a connection by %s', async (argument) => {
    const { exitCode, output } = await runTool(
      ['show', argument, '--json'],
      world({ records: recordsOf([held]) }),
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(output.join('\n'))).toMatchObject({
      connection: sampleConnection().id,
      status: 'Pending',
      decision: { effect: 'hold', rules: ['production-wants-a-change'] },
      policyDigest: 'ab'.repeat(32),
      problems: [],
    });
  });

  test('shows status, decision, policy, operation, next step and history', async () => {
    const row = sampleConnectionState({ operation: sampleOperation({ dueAt: '2026-03-01T12:00:30.000Z' }) });
    const applied = sampleRecord({
      id: 'd1.1|end',
      kind: 'applied',
      at: '2026-01-05T12:01:00.000Z',
      by: 'Ada (1)',
    });
    const { exitCode, output } = await runTool(
      ['show', 'vault-one/pe-conn-1'],
      world({ records: recordsOf([applied, held], [row]) }),
    );
    expect(exitCode).toBe(0);
    expect(output).toEqual([
      'Connection  conn-1 of Key Vault vault-one',
      `            ${sampleConnection().id}`,
      'Endpoint    /subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/consumers/providers/Microsoft.Network/privateEndpoints/pe-conn-1',
      'Status      Pending, seen since 2026-01-05T11:59:00.000Z',
      'Decision    hold by production-wants-a-change, 2026-01-05T12:00:00.000Z',
      '            Production wants a change number in the request message',
      'Policy      abababababab is in force',
      'Operation   approve, running, attempt 1, begun 2026-01-05T12:00:01.000Z, 3',
      '            polls, last HTTP status 202',
      'Next        the next poll, 2026-03-01T12:00:30.000Z (in 1 min)',
      '',
      'History',
      '2026-01-05T12:00:00.000Z  decided   hold by production-wants-a-change:',
      '                                    Production wants a change number in the',
      '                                    request message',
      '2026-01-05T12:01:00.000Z  applied   approve by Ada (1): The endpoint is in a',
      '                                    landing zone',
    ]);
  });

  test.each([
    [
      {
        state: 'planned',
        limit: { state: 'held', lifts: 0, heldAt: '2026-03-01T11:00:00Z' },
        effect: 'reject',
      },
      'postern lift rejects --yes',
    ],
    [{ state: 'planned', dueAt: '2026-03-01T12:10:00Z' }, 'the write, 2026-03-01T12:10:00Z (in 10 min)'],
    [{ state: 'abandoned' }, 'postern retry'],
    [{ state: 'failed', retryAt: '2026-03-01T18:00:00Z' }, 'the next attempt, 2026-03-01T18:00:00Z (in 6 h)'],
  ] as const)('says what happens next: %j', async (operation, wanted) => {
    const row = sampleConnectionState({ operation: sampleOperation(operation) });
    const { output } = await runTool(
      ['show', 'vault-one/conn-1'],
      world({ records: recordsOf([held], [row]) }),
    );
    expect(output.join(' ').replace(/\s+/g, ' ')).toContain(wanted);
  });

  test('says when the last decision was made by another policy than that in force', async () => {
    const records = recordsOf([held], [], 'cd'.repeat(32));
    const { output } = await runTool(['show', 'vault-one/conn-1'], world({ records }));
    expect(output.join(' ')).toContain('cdcdcdcdcdcd is in force; the decision was made by abababababab');
  });

  test('lists the connections if the name fits several, and shows none', async () => {
    const several = tenant(new Map([...one, [other, [{ name: 'conn-1' }]]]));
    const { exitCode, output } = await runTool(['show', 'vault-one/pe-conn-1'], { live: several.live });
    expect(exitCode).toBe(1);
    expect(output).toEqual([
      '2 connections fit. Pass the id of one:',
      'vault-one/pe-conn-1 (Pending), Microsoft.KeyVault/vaults',
      `  ${sampleConnection().id}`,
      'VAULT-ONE/pe-conn-1 (Pending), Microsoft.KeyVault/vaults',
      `  ${other.id}/privateEndpointConnections/conn-1`,
    ]);
    const json = await runTool(['show', 'vault-one/pe-conn-1', '--json'], { live: several.live });
    expect(JSON.parse(json.output.join('\n'))).toMatchObject({
      matches: [sampleConnection().id, {}] as unknown[],
    });
  });

  test.each([
    ['vault-two/pe-1', 'no target with connections is called "vault-two"'],
    ['vault-one/pe-9', '"vault-one" has no connection of "pe-9"; it has "pe-conn-1", "pe-conn-2"'],
    [
      'vault-one',
      'this names no connection: pass the id of a connection or of an endpoint, or target/endpoint, such as kv-shop/pe-web',
    ],
    [
      'a/b/c',
      'this names no connection: pass the id of a connection or of an endpoint, or target/endpoint, such as kv-shop/pe-web',
    ],
  ])('%s is wrong usage that says what there is', async (argument, message) => {
    expect(await runTool(['show', argument], world())).toEqual({
      exitCode: 2,
      output: [],
      errors: [message],
    });
  });

  test('an endpoint that may not be read is found by its targets', async () => {
    const { live, arms } = tenant(one);
    const endpoint =
      '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/consumers/providers/Microsoft.Network/privateEndpoints/pe-conn-2';
    for (const arm of arms) arm.endpoints.set(endpoint, new ArmError('ARM_FORBIDDEN', 'no'));
    const { output } = await runTool(['show', endpoint, '--json'], { live, records: recordsOf([]) });
    expect(JSON.parse(output.join('\n'))).toMatchObject({ connection: sampleConnection('conn-2').id });
    const gone = endpoint.replace('conn-2', 'gone');
    expect((await runTool(['show', gone], { live })).errors).toEqual([
      `no target has a connection of the endpoint ${gone}`,
    ]);
  });

  test('a connection that is gone has its history; one that nobody knows is a finding', async () => {
    const { id } = sampleConnection('gone');
    const shown = await runTool(['show', id], world({ records: recordsOf([held]) }));
    expect(shown.exitCode).toBe(0);
    expect(shown.output).toContain('Status      not listed by Azure');
    expect(await runTool(['show', id], world({ records: recordsOf([]) }))).toMatchObject({ exitCode: 1 });
  });

  test('the ledger is read by the spelling of Azure, or of the row, whatever a person types', async () => {
    const asked: string[] = [];
    const records = {
      ...recordsOf([], [sampleConnectionState({ connection: sampleConnection('gone') })]),
      history: async ({ id }: { readonly id: string }) => {
        asked.push(id);
        return [];
      },
    };
    for (const name of ['conn-1', 'gone'])
      await runTool(
        ['show', sampleConnection(name).id.toUpperCase().replace('/SUB', '/sub')],
        world({ records }),
      );
    expect(asked).toEqual([sampleConnection().id, sampleConnection('gone').id]);
  });

  test('what cannot be read is said, and the rest is shown', async () => {
    const { live, arms } = tenant(one);
    arms.forEach((arm) => (arm.listFailure = new ArmError('ARM_FORBIDDEN', 'no rights')));
    const broken: ConnectionRecords = {
      ...recordsOf([held]),
      policyDigest: () => Promise.reject(new PosternError('STORE_UNAVAILABLE', 'no table')),
    };
    const { exitCode, output } = await runTool(['show', sampleConnection().id, '--json'], {
      live,
      records: broken,
    });
    expect(exitCode).toBe(0);
    expect(JSON.parse(output.join('\n'))).toMatchObject({
      decision: { effect: 'hold' },
      problems: [
        'Azure could not be asked: ARM_FORBIDDEN: no rights',
        'the policy in force could not be read: STORE_UNAVAILABLE: no table',
      ],
    });
    const alone = await runTool(['show', 'vault-one/conn-1'], world());
    expect(alone.output.join(' ')).toContain('storage is not set');
  });

  test('shows the last records, and all with --all', async () => {
    const many = Array.from({ length: 25 }, (_, index) =>
      sampleRecord({
        id: `r${index}`,
        at: `2026-01-05T12:00:${String(index).padStart(2, '0')}.000Z`,
        reason: 'x',
      }),
    );
    const short = await runTool(['show', 'vault-one/conn-1'], world({ records: recordsOf(many) }));
    expect(short.output.filter((line) => line.includes('decided '))).toHaveLength(20);
    expect(short.output).toContain('History, the last 20 of 25 records; --all shows all');
    const all = await runTool(['show', 'vault-one/conn-1', '--all'], world({ records: recordsOf(many) }));
    expect(all.output.filter((line) => line.includes('decided '))).toHaveLength(25);
  });

  test('no line is wider than 80 characters but for words that are, and none carries a command', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 300 }),
          fc.constantFrom('##vso[task.complete]', '\u202eevil', 'a\nb', '::error::x', 'x '.repeat(200)),
        ),
        async (text) => {
          const record = {
            ...held,
            reason: text,
            rules: [text],
            by: text,
            operation: { attempt: 1, polls: 0, error: text },
          };
          const row = sampleConnectionState({ operation: sampleOperation({ error: text }) });
          const { output } = await runTool(
            ['show', 'vault-one/conn-1'],
            world({ records: recordsOf([record], [row]) }),
          );
          for (const line of output) {
            expect(line).not.toMatch(/##vso\[|^\s*::|\p{Cc}|\u202e/u);
            // What a runner would take as a command is spelled out, which makes a line longer.
            if (line.length > 80 && !line.includes('\\u{'))
              expect(
                line
                  .trim()
                  .split(' ')
                  .some((word) => word.length > 40),
              ).toBe(true);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

test('any text is an id, two names, or no subject', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (target, endpoint) => {
      const subject = subjectFrom(`${target}/${endpoint}`);
      if (subject?.kind !== 'names') return;
      expect(`${subject.target}/${subject.other}`).toBe(`${target}/${endpoint}`.trim());
      expect(subject.target + subject.other).not.toMatch(/[/\\\p{Cc}]/u);
    }),
    {
      examples: [
        ['0', '\0'],
        ['a', '\u202e'],
        ['a', 'b\n'],
      ],
    },
  );
});

describe('explain by name', () => {
  const policy =
    'version: 1\nmode: enforce\nrules:\n  - {name: r, effect: approve, when: endpoint.name == "pe-conn-1"}\n';
  const files = { 'p.yaml': policy, 'app.yaml': policy.replace('mode: enforce', 'mode: audit') };

  test.each(['vault-one/pe-conn-1', sampleConnection().id])(
    '%s explains the connection',
    async (argument) => {
      const { exitCode, output } = await runTool(
        ['explain', argument, '--policy', 'p.yaml'],
        world({ files }),
      );
      expect(exitCode).toBe(0);
      expect(output).toContain('Outcome     approve by r: Rule r matched');
    },
  );

  test('uses the policy of POLICY_PATH, and --policy comes first', async () => {
    const run = async (...more: string[]) =>
      (await runTool(['explain', 'vault-one/conn-1', ...more], world({ files, policyPath: 'app.yaml' })))
        .output[1];
    expect(await run()).toMatch(/mode audit$/);
    expect(await run('--policy', 'p.yaml')).toMatch(/mode enforce$/);
  });

  test('warns if the app decides by another policy, and only then', async () => {
    const load = loadPolicy([{ path: 'p.yaml', text: policy }]);
    const same = load.kind === 'loaded' ? load.policy.digest : '';
    const notes = async (digest: string | undefined) => {
      const { output } = await runTool(
        ['explain', 'vault-one/conn-1', '--policy', 'p.yaml', '--json'],
        world({ files, records: { ...recordsOf([]), policyDigest: async () => digest } }),
      );
      return (JSON.parse(output.join('\n')) as { notes: string[] }).notes;
    };
    expect(await notes(same)).toEqual([]);
    expect(await notes(undefined)).toEqual([]);
    expect(await notes('ef'.repeat(32))).toEqual([
      expect.stringContaining('the app decides by another policy, efefefefefef; this is p.yaml'),
    ]);
  });

  test('a storage that does not answer is a note, not a failure', async () => {
    const records = {
      ...recordsOf([]),
      policyDigest: () => Promise.reject(new PosternError('STORE_UNAVAILABLE', 'down')),
    };
    const { exitCode, output } = await runTool(
      ['explain', 'vault-one/conn-1', '--policy', 'p.yaml'],
      world({ files, records }),
    );
    expect(exitCode).toBe(0);
    expect(output.join('\n')).toContain(
      'it is not known which policy the app decides by: STORE_UNAVAILABLE: down',
    );
  });

  test('lists the connections if the name fits several', async () => {
    const several = tenant(new Map([...one, [other, [{ name: 'conn-1' }]]]));
    const run = await runTool(['explain', 'vault-one/conn-1', '--policy', 'p.yaml'], {
      files,
      live: several.live,
    });
    expect(run.exitCode).toBe(1);
    expect(run.output[0]).toBe('2 connections fit. Pass the id of one:');
  });

  test('a file of that name comes first', async () => {
    const { output } = await runTool(
      ['explain', 'vault-one/pe-conn-1', '--policy', 'p.yaml'],
      world({ files: { ...files, 'vault-one/pe-conn-1': 'endpoint: {name: other}\n' } }),
    );
    expect(output).toContain('Outcome     hold: No rule matched');
  });

  test('a file that is missing is reported as one', async () => {
    const { exitCode, errors } = await runTool(
      ['explain', 'facts/none.yaml', '--policy', 'p.yaml'],
      world({ files }),
    );
    expect([exitCode, errors]).toEqual([2, ['cannot read facts/none.yaml: there is no such file']]);
  });
});

test.each(['show', 'undo'])('the help of %s fits 80 columns', async (name) => {
  const { output } = await runTool([name, '--help']);
  for (const line of output) expect(line.length).toBeLessThanOrEqual(80);
});
