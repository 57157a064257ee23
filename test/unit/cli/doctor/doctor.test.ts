import { runCheck } from '../../../../src/cli/doctor/check';
import { forEachSome } from '../../../../src/cli/doctor/examination';
import { ok } from '../../../../src/cli/doctor/finding';
import type { DoctorSources } from '../../../../src/cli/doctor/sources';
import type { Environment } from '../../../../src/config/config';
import { ConfigError } from '../../../../src/config/config-error';
import { ArmError, PosternError } from '../../../../src/base/errors';
import { runTool, type CliRun } from '../../../support/rigs/cli';
import { armOf, found, wellDeployment } from '../../../support/rigs/doctor';
import { FakeOperationStore } from '../../../support/fakes';
import { now, policyOf, policyText } from '../../../support/samples/policy';
import {
  sampleConnection,
  sampleOperation,
  sampleRecord,
  sampleConnectionState,
  sampleTarget,
} from '../../../../dev/lib/samples';

const target = sampleTarget();
const subscription = target.subscriptionId;
const forbidden = new ArmError('ARM_FORBIDDEN', 'no', { action: 'Microsoft.X/y/read' });

const run = (change: Partial<DoctorSources> = {}, ...args: string[]): Promise<CliRun> =>
  runTool(['doctor', ...args], { doctorSources: () => wellDeployment(change) });

interface Report {
  readonly level: string;
  readonly checks: {
    name: string;
    level: string;
    findings: { level: string; place: string; message: string }[];
  }[];
}

async function report(change: Partial<DoctorSources>, ...args: string[]): Promise<Report> {
  return JSON.parse((await run(change, '--json', ...args)).output.join('\n')) as Report;
}

/** The findings of one check. */
async function findingsOf(check: string, change: Partial<DoctorSources>, ...args: string[]) {
  return (await report(change, '--only', check, ...args)).checks[0]?.findings ?? [];
}

function withArm(change: Partial<ReturnType<DoctorSources['arm']>>): Partial<DoctorSources> {
  const arm = { ...armOf(target), ...change };
  return { arm: () => arm };
}

function withRows(...rows: readonly Parameters<typeof sampleConnectionState>[0][]): FakeOperationStore {
  const operations = new FakeOperationStore();
  operations.seed(target, rows.map(sampleConnectionState));
  return operations;
}

function withRecords(change: Partial<ReturnType<DoctorSources['records']>>): Partial<DoctorSources> {
  const records = { ...wellDeployment().records(), ...change };
  return { records: () => records };
}

describe('postern doctor', () => {
  test('prints each check, and exits with 0 if nothing is wrong', async () => {
    const { exitCode, output, errors } = await run();
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: [] });
    expect(output.filter((line) => line !== '' && !line.startsWith(' '))).toEqual([
      'Settings',
      'Identity',
      'Storage',
      'Policy',
      'API versions',
      'Permissions on targets',
      'Permissions on endpoints',
      'Management groups and lists',
      'Event subscriptions',
      'Deployment',
      'Console',
      'Last sweep',
      'Operations',
      'Oldest Pending',
      'All checks passed.',
    ]);
    expect(output).toContain(
      '  ok       token: signed in to Azure Resource Manager as client aa, object bb, tenant cc',
    );
  });

  test('a warning is no problem, and has its fix below', async () => {
    const policy = wellDeployment().policy();
    const load = await policy.source.current();
    if (load.kind !== 'loaded') throw new Error('the policy of the test must load');
    const source = { current: async () => ({ ...load, policy: { ...load.policy, mode: 'audit' as const } }) };
    const { exitCode, output } = await run({ policy: () => ({ ...policy, source }) }, '--only', 'policy');
    expect(exitCode).toBe(0);
    expect(output.slice(2)).toEqual([
      '  warning  p.yaml: in audit mode, so Postern decides and records, but writes nothing',
      '           fix: set mode: enforce',
      '',
      '0 problems, 1 warning.',
    ]);
  });

  test('a check that fails does not stop the others, and is a problem', async () => {
    const broken = (): never => {
      throw new PosternError('STORE_UNAVAILABLE', 'storage is away: HTTP 403');
    };
    const { level, checks } = await report({ records: broken, storage: broken });
    expect(level).toBe('problem');
    expect(checks.map(({ name, level: each }) => `${name} ${each}`)).toEqual([
      'settings ok',
      'identity ok',
      'storage problem',
      'policy ok',
      'versions ok',
      'permissions ok',
      'requesters problem',
      'groups ok',
      'events ok',
      'deployment ok',
      'console ok',
      'sweep problem',
      'operations problem',
      'pending problem',
    ]);
    expect((await run({ storage: broken })).exitCode).toBe(1);
  });

  test('what is wrong alike in many places is one finding for people, with three places, and all of it for machines', async () => {
    const storage = () => ({ inspect: () => Promise.reject(new PosternError('STORE_UNAVAILABLE', 'away')) });
    const { output } = await run({ storage }, '--only', 'storage');
    expect(output.slice(1, 7)).toEqual([
      '  problem  7 places: not checked: STORE_UNAVAILABLE: away',
      '             container leases',
      '             queue reviews',
      '             queue operations',
      '             and 4 more (--all shows them)',
      expect.stringMatching(/^ {11}fix: /),
    ]);
    expect(output.at(-1)).toBe('7 problems, 0 warnings.');
    expect(await findingsOf('storage', { storage })).toHaveLength(7);

    const all = await run({ storage }, '--only', 'storage', '--all');
    expect(all.output).toContain('             table ledger');
    expect(all.output.join('\n')).not.toContain('more');
  });

  test('a missing setting counts once, however many checks need it', async () => {
    const missing = (): never => {
      throw new ConfigError([{ setting: 'AzureWebJobsStorage', problem: 'is missing' }]);
    };
    const both = { records: missing, storage: missing };
    const problems = [{ setting: 'AzureWebJobsStorage', problem: 'is missing' }];
    const settings = { ...wellDeployment().settings, config: undefined, problems };
    expect((await run({ ...both, settings })).output.at(-1)).toMatch(/^1 problem, /);
    expect((await run(both, '--only', 'storage,sweep')).output.at(-1)).toMatch(/^1 problem, /);
  });

  test('while a policy does not load, the version that goes on deciding is named', async () => {
    const load = { kind: 'refused' as const, digest: 'ffff', problems: [] };
    const policy = () => ({ path: 'p.yaml', source: { current: async () => load }, files: async () => [] });
    const { output } = await run({ policy }, '--only', 'policy');
    expect(output.join('\n')).toContain(
      'have loaded the version with digest aaaaaaaaaaaa go on deciding by it',
    );
    const reading = (policyDigest: () => Promise<string | undefined>) =>
      run({ policy, ...withRecords({ policyDigest }) }, '--only', 'policy');
    expect((await reading(async () => undefined)).output.join('\n')).toContain('so nothing is decided');
    const away = await reading(() => Promise.reject(new PosternError('STORE_UNAVAILABLE', 'away')));
    expect(away.output.join('\n')).toContain('which version goes on deciding was not read: ');
  });

  test('prints nothing that a terminal would act on', async () => {
    const whoAmI = async () => ({
      clientId: '\u001b[31mred\u202e',
      objectId: undefined,
      tenantId: undefined,
      isPerson: false,
    });
    const { output } = await run({ identity: () => ({ whoAmI }) });
    expect(output.join('\n')).not.toMatch(/[\u001b\u202e]/);
  });

  test('settings of a file go over those of the environment', async () => {
    const asked: Environment[] = [];
    const files = {
      'local.settings.json': '{"IsEncrypted":false,"Values":{"A":"b","ON":true}}',
      'app.json': '[{"name":"A","slotSetting":false,"value":"c"},{"name":"B","value":null}]',
    };
    const doctorSources = (settings: Environment): DoctorSources => {
      asked.push(settings);
      return wellDeployment();
    };
    for (const file of Object.keys(files))
      await runTool(['doctor', '--settings', file], { files, doctorSources });
    expect(asked).toEqual([
      { A: 'b', ON: 'true' },
      { A: 'c', B: undefined },
    ]);
  });

  test.each([
    [['--settings', 'none.json'], /^cannot read none\.json: /],
    [['--settings', 'odd.json'], /is not a settings file: use a local\.settings\.json/],
    [['--settings', 'text.json'], /^text\.json is not valid JSON$/],
    [['--settings', 'secret.json'], /is encrypted: run func settings decrypt/],
    [['--subscription', 'mine'], /^--subscription must be a comma-separated list of subscription ids/],
    [['--function-app', '/subscriptions/x'], /^--function-app must be a resource id/],
    [['--pending-minutes', '1.5'], /whole number/],
    [['--only', 'heart'], /^there is no check "heart": use one of settings, identity/],
    [['--fast'], /There is no option --fast: /],
  ])('%j is wrong usage', async (args, message) => {
    const files = {
      'odd.json': '{"secret":"pass"}',
      'text.json': 'pass',
      'secret.json': '{"IsEncrypted":true,"Values":{"A":"pass"}}',
    };
    const doctorSources = (): DoctorSources => wellDeployment();
    const { exitCode, output, errors } = await runTool(['doctor', ...args], { files, doctorSources });
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: [] });
    expect(errors[0]).toMatch(message);
    expect(errors.join('')).not.toContain('pass');
  });
});

describe('a check', () => {
  test('that times out keeps its findings, and says that some may be missing', async () => {
    const check = {
      name: 'slow',
      title: 'Slow',
      run: ({ report }: { report: (finding: ReturnType<typeof ok>) => void }) => {
        report(ok('a', 'b'));
        return new Promise<void>(() => undefined);
      },
    };
    const { findings } = await runCheck(check, 1);
    expect(findings.map(({ level, place }) => `${level} ${place}`)).toEqual(['ok a', 'problem slow']);
    expect(findings[1]?.message).toMatch(/^did not finish within 0\.001 s/);
  });

  test('that has ended reports nothing more', async () => {
    let tellLate: () => void = () => undefined;
    const check = {
      name: 'n',
      title: 'N',
      run: async ({ report }: { report: (finding: ReturnType<typeof ok>) => void }) => {
        tellLate = () => report(ok('late', 'b'));
      },
    };
    const { findings } = await runCheck(check, 1_000);
    tellLate();
    expect(findings).toEqual([]);
  });

  test('that the caller may not make is a warning that names the action', async () => {
    const check = { name: 'n', title: 'N', run: () => Promise.reject(forbidden) };
    expect((await runCheck(check, 1_000)).findings).toEqual([
      {
        level: 'warning',
        place: 'n',
        message: 'not checked: the identity that runs doctor lacks Microsoft.X/y/read',
        fix: 'to check this, give the identity that runs doctor the action Microsoft.X/y/read',
      },
    ]);
  });

  test('goes through many things until its time is over', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const many = Array.from({ length: 100 }, (_, index) => index);
    await forEachSome(many, controller.signal, async (index) => {
      seen.push(index);
      if (index === 20) controller.abort();
    });
    expect(seen).toHaveLength(24);
  });
});

describe('permissions', () => {
  test('what is missing on a target is a problem that names the actions', async () => {
    const permissionsOn = async () => [{ actions: ['*/write'], notActions: [] }];
    const findings = await findingsOf('permissions', withArm({ permissions: { permissionsOn } }));
    expect(findings.slice(1)).toMatchObject([
      {
        level: 'problem',
        place: target.id,
        message: 'Key Vault: the identity lacks Microsoft.KeyVault/vaults/read',
      },
    ]);
  });

  test('what is missing on a subscription itself is a warning', async () => {
    const needed = { ...armOf(target).needed, onSubscription: () => ['Microsoft.X/y/read'] };
    const permissionsOn = async (id: string) =>
      id === target.id ? [{ actions: ['*'], notActions: [] }] : [];
    const findings = await findingsOf('permissions', withArm({ needed, permissions: { permissionsOn } }));
    expect(findings.slice(1).map(({ level, place }) => `${level} ${place}`)).toEqual([
      `warning ${subscription}`,
      'ok targets',
    ]);
  });

  test('a caller who may not ask gets a warning for each target', async () => {
    const permissions = { permissionsOn: () => Promise.reject(forbidden) };
    const findings = await findingsOf('permissions', withArm({ permissions }));
    expect(findings.map(({ level }) => level)).toEqual(['ok', 'warning', 'warning']);
  });

  test('a named subscription without a visible target is reported', async () => {
    const other = '99999999-9999-9999-9999-999999999999';
    const findings = await findingsOf('permissions', {}, '--subscription', `${subscription},${other}`);
    expect(findings.filter(({ level }) => level === 'warning')).toMatchObject([{ place: other }]);
  });

  test('on endpoints are checked once for each subscription that was seen', async () => {
    const asked: string[] = [];
    const permissionsOn = async (id: string) => {
      asked.push(id);
      return [];
    };
    const elsewhere = '/subscriptions/99999999-9999-9999-9999-999999999999/resourcegroups/g/providers';
    const operations = withRows(
      { connection: sampleConnection('one') },
      { connection: sampleConnection('two') },
      { connection: sampleConnection('odd'), endpointKey: 'no id' },
      {
        connection: sampleConnection('three'),
        endpointKey: `${elsewhere}/microsoft.network/privateendpoints/pe`,
      },
    );
    const change = { ...withArm({ permissions: { permissionsOn } }), ...withRecords({ operations }) };
    const findings = await findingsOf('requesters', change);
    expect(asked).toHaveLength(2);
    expect(findings.map(({ level }) => level)).toEqual(['warning', 'warning']);
    expect(findings[0]?.message).toContain('Microsoft.Network/privateEndpoints/read');
  });

  test.each<[string, readonly string[]]>([
    ['endpoint.tags.team == "web"', ['Microsoft.Network/privateEndpoints/read']],
    [
      'size(endpoint.peeredNetworks) > 0',
      ['Microsoft.Network/privateEndpoints/read', 'Microsoft.Network/virtualNetworks/read'],
    ],
    ['requester.name == "x"', ['Microsoft.Search/searchServices/sharedPrivateLinkResources/read']],
    [
      '"corp" in requester.managementGroups',
      [
        'Microsoft.Resources/subscriptions/read',
        'Microsoft.Search/searchServices/sharedPrivateLinkResources/read',
      ],
    ],
  ])('need what the policy reads: %s', async (when, actions) => {
    const arm = { permissions: { permissionsOn: async () => [] } };
    const endpointKey =
      '/subscriptions/99999999-9999-9999-9999-999999999999/resourcegroups/g/providers/microsoft.network/privateendpoints/pe';
    const records = { operations: withRows({ connection: sampleConnection('one'), endpointKey }) };
    const policy = policyOf(policyText([{ name: 'one', effect: 'approve', when }], {}, {}));
    const source = { current: async () => ({ kind: 'loaded' as const, policy }) };
    const findings = await findingsOf('requesters', {
      ...withArm(arm),
      ...withRecords(records),
      policy: () => ({ ...wellDeployment().policy(), source }),
    });
    expect(findings.map(({ message }) => message)).toEqual([`the identity lacks ${actions.join(', ')}`]);
  });
});

describe('event subscriptions', () => {
  test('are checked in subscriptions with targets', async () => {
    const findings = await findingsOf('events', {});
    expect(findings.map(({ level, place }) => `${level} ${place}`)).toEqual([
      `ok ${subscription} Microsoft.Resources.Subscriptions`,
      `ok ${subscription} Microsoft.ResourceNotifications.Resources`,
    ]);
  });

  test('of another subscription’s topic do not count', async () => {
    const events = armOf(target).events;
    const topics = async (id: string) =>
      (await events.topics(id)).map((topic) => ({ ...topic, source: '/subscriptions/other' }));
    const findings = await findingsOf('events', withArm({ events: { ...events, topics } }));
    expect(findings.map(({ message }) => message)).toEqual([
      'there is no system topic',
      'there is no system topic',
    ]);
  });

  test('that may not be read are a warning, not a problem', async () => {
    const events = { ...armOf(target).events, topics: () => Promise.reject(forbidden) };
    expect((await report(withArm({ events }), '--only', 'events')).level).toBe('warning');
  });
});

describe('operations', () => {
  test('abandoned, overdue and held ones are reported with their fixes', async () => {
    const held = { state: 'held', lifts: 0, heldAt: '2026-03-01T10:00:00.000Z' } as const;
    const operations = withRows(
      {
        connection: sampleConnection('one'),
        operation: sampleOperation({ state: 'abandoned', error: 'no' }),
      },
      { connection: sampleConnection('two'), operation: sampleOperation() },
      {
        connection: sampleConnection('three'),
        operation: sampleOperation({ state: 'planned', effect: 'reject', limit: held }),
      },
    );
    const findings = await findingsOf('operations', withRecords({ operations }));
    expect(findings).toMatchObject([
      {
        level: 'problem',
        place: sampleConnection('one').id,
        fix: `postern retry ${sampleConnection('one').id}`,
      },
      { level: 'problem', place: sampleConnection('two').id },
      { level: 'warning', place: sampleConnection('three').id, fix: 'postern lift' },
    ]);
  });

  test('of a great many, the oldest are reported', async () => {
    const operations = withRows(
      ...Array.from({ length: 9 }, (_, index) => ({
        connection: sampleConnection(`c${index}`),
        operation: sampleOperation({ state: 'abandoned', endedAt: `2026-01-05T12:0${9 - index}:00.000Z` }),
      })),
    );
    const findings = await findingsOf('operations', withRecords({ operations }));
    expect(findings).toHaveLength(6);
    expect(findings[0]?.place).toBe(sampleConnection('c8').id);
    expect(findings[5]?.message).toBe('and 4 more abandoned');
  });
});

describe('the oldest Pending', () => {
  const names = Array.from({ length: 8 }, (_, index) => `c${index}`);
  const minutesAgo = (minutes: number): string => new Date(now.getTime() - minutes * 60_000).toISOString();
  const pending = (...all: string[]) => ({
    graph: {
      find: () =>
        found(
          all.map((name) => ({
            targetId: target,
            status: 'Pending',
            connectionId: sampleConnection(name).id,
          })),
        ),
    },
  });
  const row = (name: string, minutes: number) => ({
    connection: sampleConnection(name),
    firstSeen: minutesAgo(minutes),
    operation: undefined,
  });
  const decisions = { read: async () => sampleRecord({ effect: 'hold', rules: ['r'], reason: 'because' }) };

  test('those that are young are only counted', async () => {
    const operations = withRows(row('c0', 59), row('c1', 61));
    const change = { ...withArm(pending('c0', 'c1')), ...withRecords({ operations, decisions }) };
    expect(await findingsOf('pending', change)).toMatchObject([
      { level: 'ok', message: '2 Pending, 1 of them for at most 60 minutes' },
      { level: 'warning', place: sampleConnection('c1').id },
    ]);
    expect(await findingsOf('pending', change, '--pending-minutes', '61')).toHaveLength(1);
  });

  test('five are reported, the oldest first, then the number of the others', async () => {
    const operations = withRows(...names.map((name, index) => row(name, 100 + index)));
    const change = { ...withArm(pending(...names, 'unseen')), ...withRecords({ operations, decisions }) };
    const findings = await findingsOf('pending', change);
    expect(findings.slice(1, 6).map(({ place }) => place)).toEqual(
      names
        .slice(3)
        .reverse()
        .map((name) => sampleConnection(name).id),
    );
    expect(findings[6]).toMatchObject({ message: 'and 4 more that are Pending for longer than 60 minutes' });
  });

  test('one that Postern knows in another status only was not seen as Pending', async () => {
    const operations = withRows({ ...row('c0', 61), status: 'Rejected' });
    const change = { ...withArm(pending('c0')), ...withRecords({ operations }) };
    expect((await findingsOf('pending', change))[1]?.message).toBe(
      'Postern has not seen this connection as Pending',
    );
  });

  test('a target whose rows cannot be read does not hide the others', async () => {
    const operations = withRows(row('c0', 61));
    const load = () => Promise.reject(new PosternError('STORE_UNREADABLE', 'row x'));
    const broken = Object.assign(operations, { load });
    const findings = await findingsOf('pending', {
      ...withArm(pending('c0')),
      ...withRecords({ operations: broken }),
    });
    expect(findings).toMatchObject([{ level: 'problem', place: target.id }, { level: 'ok' }]);
  });
});
