import { openDiskAnnouncements } from '../../../../src/cli/expect/disk-announcements';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { settingsFromFile } from '../../../../src/cli/doctor/settings-file';
import { createLiveDoctor } from '../../../../src/cli/live/live-doctor';
import { createNodeHost } from '../../../../src/cli/node-host';
import { diskOutputFiles } from '../../../../src/cli/disk-output-files';
import { runCli } from '../../../../src/cli/run-cli';

const wanted = { AzureWebJobsStorage__accountName: 'stpostern', POLICY_PATH: 'policies' };
const list = Object.entries(wanted).map(([name, value]) => ({ name, slotSetting: false, value }));
const pascal = list.map(({ name, value }) => ({ Name: name, Value: value }));

describe('settings in a file', () => {
  test.each([
    ['a local.settings.json', { IsEncrypted: false, Values: wanted }],
    ['what az functionapp config appsettings list prints', list],
    ['the same of Windows PowerShell', { value: list, Count: 2 }],
    ['a list of Az PowerShell', pascal],
    ['an app of Az PowerShell', { Name: 'func', SiteConfig: { AppSettings: pascal } }],
    ['what Get-AzFunctionAppSetting makes', wanted],
    ['what ARM answers', { id: '/subscriptions/…', properties: wanted }],
  ])('are read from %s', (_, value) => {
    expect(settingsFromFile('s.json', JSON.stringify(value))).toEqual(wanted);
  });

  test('are read with comments, trailing commas, and one of them alone', () => {
    const text = `// local\n{ /* not for git */ "Values": {\n  "POLICY_PATH": "a//b", // here\n  "ON": true,\n},\n}`;
    expect(settingsFromFile('s.json', text)).toEqual({ POLICY_PATH: 'a//b', ON: 'true' });
    expect(settingsFromFile('s.json', '{"name":"POLICY_PATH","value":"a"}')).toEqual({ POLICY_PATH: 'a' });
  });

  test.each([
    ['', 'is not valid JSON\n  the text is empty'],
    ['{"Values": {"A": "secret"', 'the text ends too early, in line 1'],
    ['Name   Value\nA      secret', 'unexpected "m" in line 1, column 3'],
    ['WARNING: secret\n[]', 'unexpected "W" in line 1'],
    ['{"Values": {\n"A": secret}}', 'unexpected "s" in line 2, column 6'],
    ['{"Values": {"A": {"nested": "secret"}}}', 'is not a settings file: use a local.settings.json'],
    ['{"secret": "secret"}', 'is not a settings file'],
    ['"secret"', 'is not a settings file'],
    ['[{"name": "A", "value": null}]', 'has names but no values'],
    ['{"isEncrypted": true, "Values": {"A": "secret"}}', 'is encrypted'],
  ])('%j is refused with the wrong character, and without a value', (text, reported) => {
    expect(() => settingsFromFile('s.json', text)).toThrow(reported);
    expect(() => settingsFromFile('s.json', text)).not.toThrow('secret');
  });
});

describe('doctor reads a file of Windows PowerShell', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postern-settings-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each([
    ['UTF-16 with a mark', Buffer.from(`\ufeff${JSON.stringify(list, undefined, 4)}\r\n`, 'utf16le')],
    ['UTF-16 without one', Buffer.from(JSON.stringify(list), 'utf16le')],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${JSON.stringify(list)}`)],
  ])('in %s', async (_, bytes) => {
    const file = join(folder, 'settings.json');
    await writeFile(file, bytes);
    const reported: string[] = [];
    const stream = new Writable({
      write: (chunk, _, done) => {
        reported.push(String(chunk));
        done();
      },
    });
    const unasked = (): never => {
      throw new Error('not asked for');
    };
    const host = createNodeHost({
      stdout: stream,
      stderr: stream,
      live: unasked,
      livePolicy: unasked,
      deployment: unasked,
      announcements: openDiskAnnouncements,
      outputFiles: diskOutputFiles,
      typeInfos: unasked,
      watch: unasked,
      report: { ledger: unasked, page: unasked },
      withOwnTypes: (settings) => Promise.resolve(settings),
      doctorSources: (environment) => createLiveDoctor({ environment, onMalformed: unasked }),
    });
    expect(await runCli(['doctor', '--only', 'settings', '--settings', file], host)).toBe(0);
    expect(reported.join('')).toContain('every setting is valid');
  });
});
