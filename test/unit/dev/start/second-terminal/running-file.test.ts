import { mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  chooseRunning,
  readRunning,
  writeRunning,
  type Running,
} from '../../../../../dev/start/second-terminal/running-file';

const running = (armPort: number): Running => ({
  pid: process.pid,
  armPort,
  armUrl: `https://localhost:${armPort}`,
  identityUrl: 'http://127.0.0.1:1/msi/token',
  identitySecret: 'secret',
  certFile: '/tmp/x.pem',
  hostUrl: 'http://127.0.0.1:2',
  page: 'http://127.0.0.1:2/console/',
  toolSettings: {},
});

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'postern-test-'));
  folder = join(parent, 'running');
});
afterEach(() => rm(parent, { recursive: true }));

test('a running system is found until it ends, and nobody else can read its secret', async () => {
  const remove = await writeRunning(running(8443), folder);
  expect(await readRunning(folder)).toEqual([running(8443)]);
  const modes = [folder, join(folder, `${process.pid}.json`)].map(
    async (path) => (await stat(path)).mode & 0o777,
  );
  expect(await Promise.all(modes)).toEqual([0o700, 0o600]);
  await remove();
  expect(await readRunning(folder)).toEqual([]);
});

test('without a folder nothing runs', async () => {
  expect(await readRunning(folder)).toEqual([]);
});

test('the file of a process that was killed is removed, and other files are left alone', async () => {
  await writeRunning(running(8443), folder);
  // The highest id that Linux gives is 4194304.
  await writeFile(join(folder, '99999999.json'), '{}');
  await writeFile(join(folder, 'notes.txt'), 'mine');
  expect(await readRunning(folder)).toHaveLength(1);
  expect((await readdir(folder)).sort()).toEqual([`${process.pid}.json`, 'notes.txt'].sort());
});

test('a link in place of the folder is refused', async () => {
  await symlink(parent, folder);
  await expect(writeRunning(running(8443), folder)).rejects.toThrow(/belongs to somebody else: remove it/);
});

describe('which one is meant', () => {
  test.each<[string, number[], number | undefined, RegExp | number]>([
    ['none runs', [], undefined, /^No local Azure runs: begin one with `npm start`/],
    ['one runs', [8443], undefined, 8443],
    [
      'two run',
      [8443, 9443],
      undefined,
      /^Several local Azures run: choose one with --arm-port, one of 8443, 9443$/,
    ],
    ['two run, and one is named', [8443, 9443], 9443, 9443],
    ['another is named', [8443], 1234, /^No local Azure runs on port 1234: --arm-port is one of 8443$/],
  ])('%s', (_, ports, armPort, expected) => {
    const choose = () => chooseRunning(ports.map(running), armPort).armPort;
    if (typeof expected === 'number') expect(choose()).toBe(expected);
    else expect(choose).toThrow(expected);
  });
});
