import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../../src/config/config';
import { sweepSchedule, type Environment } from '../../../src/config/registration';
import { settingsThatConfigReads } from '../../support/samples/config-settings';
import { projectRoot } from '../../support/repo/project';

const guide = readFileSync(join(projectRoot, 'docs/settings.md'), 'utf8');

/** The cells of each row that begins with a setting. */
const rows = guide
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
const ofThePlatform = rows.filter((cells) => cells.length === 2);
const own = rows
  .filter((cells) => cells.length === 6)
  .map(([name = '', meaning = '', standard = '', allowed = '', example = '', effect = '']) => ({
    name: codeIn(name) ?? '',
    meaning,
    standard,
    allowed,
    example: codeIn(example) ?? '',
    effect,
  }));

function codeIn(cell: string): string | undefined {
  return /^`([^`]+)`/.exec(cell)?.[1];
}

/** What the app makes of its environment. */
function settingsFrom(environment: Environment): unknown {
  return { ...readConfig(environment), schedule: sweepSchedule(environment) };
}

const withKey = { AzureWebJobsStorage: 'UseDevelopmentStorage=true' };
const withIdentity = { AzureWebJobsStorage__accountName: 'stother' };
const consoleIds = {
  CONSOLE_CLIENT_ID: '11111111-1111-4111-8111-111111111111',
  CONSOLE_TENANT_ID: '22222222-2222-4222-8222-222222222222',
};
const baseOf = (name: string): Record<string, string> => {
  if (name.startsWith('CONSOLE_')) return { ...withKey, ...consoleIds };
  return name.startsWith('AzureWebJobsStorage__') ? withIdentity : withKey;
};

describe('the page of settings', () => {
  test('has every setting that the app reads, once, and no other', () => {
    const names = [...own.map(({ name }) => name), ...ofThePlatform.flatMap(namesIn)];
    expect(names).toEqual([...new Set(names)]);
    const others = ['AzureWebJobsStorage__credential', 'FUNCTIONS_WORKER_RUNTIME', 'IDENTITY_HEADER'];
    expect(names.sort()).toEqual([...settingsThatConfigReads(), ...others].sort());
  });

  test('leaves no cell empty', () => {
    for (const row of rows) expect(row).not.toContain('');
  });

  test.each(own.map((row) => [row.name, row] as const))('%s: its example is allowed', (name, { example }) => {
    expect(() => settingsFrom({ ...baseOf(name), [name]: example })).not.toThrow();
  });

  test.each(
    own.filter(({ name, example }) => baseOf(name)[name] !== example).map((row) => [row.name, row] as const),
  )('%s: its example changes something', (name, { example }) => {
    const base = baseOf(name);
    expect(settingsFrom({ ...base, [name]: example })).not.toEqual(settingsFrom(base));
  });

  test.each(
    own.flatMap(({ name, standard }) => {
      const value = codeIn(standard);
      return value === undefined ? [] : [[name, value] as const];
    }),
  )('%s: its default is %s', (name, value) => {
    const base = baseOf(name);
    const stated = settingsFrom({ ...base, [name]: value }) as Record<string, unknown>;
    const { reserveShare = 0.25, ...rest } = settingsFrom(base) as Record<string, unknown>;
    expect(stated).toEqual({ ...rest, reserveShare: stated['reserveShare'] });
    if (name === 'ARM_RESERVE_PERCENT') expect(stated['reserveShare']).toBe(reserveShare);
  });

  test.each([
    ['POLICY_MODE', 'dry-run'],
    ['POLL_FLOOR_SECONDS', '0'],
    ['POLL_FLOOR_SECONDS', '3601'],
    ['ARM_RESERVE_PERCENT', '96'],
    ['ARM_ENDPOINT', 'https://management.azure.com/path'],
    ['SWEEP_SUBSCRIPTIONS', 'mine'],
    ['SWEEP_SCHEDULE', 'hourly'],
    ['AZURE_CLIENT_ID', 'mine'],
    ['EVENT_TOPIC_ENDPOINT', 'http://topic'],
    ['CONSOLE_CLIENT_ID', 'mine'],
    ['CONSOLE_AUTHORITY', 'http://login.microsoftonline.com'],
    ['APPLICATIONINSIGHTS_CONNECTION_STRING', 'https://x'],
    ['AzureWebJobsStorage__accountName', 'St'],
  ])('%s=%s is not allowed, as the page says', (name, value) => {
    const base = name.endsWith('accountName') ? {} : baseOf(name);
    expect(() => settingsFrom({ ...base, [name]: value })).toThrow(name);
  });
});

test('the sample of local settings names settings of the page, and is understood', () => {
  const sample = JSON.parse(readFileSync(join(projectRoot, 'local.settings.sample.json'), 'utf8')) as {
    Values: Record<string, string>;
  };
  const known = [...own.map(({ name }) => name), ...ofThePlatform.flatMap(namesIn)];
  expect(Object.keys(sample.Values).filter((name) => !known.includes(name))).toEqual([]);
  expect(() => settingsFrom(sample.Values)).not.toThrow();
});

function namesIn([cell = '']: string[]): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}
