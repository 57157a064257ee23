import { openDiskAnnouncements } from '../../../src/cli/expect/disk-announcements';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { sampleTarget } from '../../../dev/lib/samples';
import type { CliHost } from '../../../src/cli/cli-host';
import { createLiveAzure, createLivePolicy } from '../../../src/cli/live/live-azure';
import { createNodeHost, linesOf, longestLine } from '../../../src/cli/node-host';
import { diskOutputFiles } from '../../../src/cli/disk-output-files';
import { FakeArm } from '../../support/fakes/fake-arm';

let folder: string;
const stdout = new PassThrough();
const host: CliHost = createNodeHost({
  stdout,
  stderr: new PassThrough(),
  live: () => {
    throw new Error('not asked for');
  },
  announcements: openDiskAnnouncements,
  livePolicy: (url) => ({
    version: async () => url,
    read: async () => [{ path: 'a.yaml', text: `# ${url}` }],
  }),
  deployment: () => {
    throw new Error('not asked for');
  },
  doctorSources: () => {
    throw new Error('not asked for');
  },
  withOwnTypes: (settings) => Promise.resolve(settings),
  outputFiles: diskOutputFiles,
  typeInfos: () => {
    throw new Error('not asked for');
  },
  watch: () => {
    throw new Error('not asked for');
  },
  report: { ledger: () => undefined, page: async () => '' },
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-cli-'));
  await mkdir(join(folder, 'sub'));
  for (const name of ['a.yaml', 'a.cases.yaml', 'b.yaml', 'sub/c.cases.yaml']) {
    await writeFile(join(folder, name), `# ${name}\n`);
  }
  await writeFile(join(folder, 'lines.jsonl'), 'one\r\n\ntwo');
  await writeFile(join(folder, 'large.yaml'), 'x'.repeat(1024 * 1024 + 1));
});
afterAll(() => rm(folder, { recursive: true }));

test('test cases are beside their policy, in its folder, or at the given path', async () => {
  const pathsOf = async (path: string): Promise<string[]> =>
    (await host.readCases(join(folder, path))).map((file) => file.path.slice(folder.length + 1));
  expect(await pathsOf('a.yaml')).toEqual(['a.cases.yaml']);
  expect(await pathsOf('b.yaml')).toEqual([]);
  expect(await pathsOf('')).toEqual(['a.cases.yaml', 'sub/c.cases.yaml']);
  expect(await pathsOf('sub/c.cases.yaml')).toEqual(['sub/c.cases.yaml']);
  await expect(pathsOf('none.yaml')).rejects.toThrow('cannot read the test cases');
});

test('a policy is read as the app reads it: without its test cases', async () => {
  expect(await host.readPolicy(join(folder, 'a.yaml'))).toEqual([{ path: 'a.yaml', text: '# a.yaml\n' }]);
  await expect(host.readPolicy(join(folder, 'none'))).rejects.toMatchObject({ code: 'POLICY_INVALID' });
});

test('a policy at a URL is read from blob storage, and has no test cases beside it', async () => {
  const url = 'https://account.blob.core.windows.net/policies/live';
  expect(await host.readPolicy(url)).toEqual([{ path: 'a.yaml', text: `# ${url}` }]);
  await expect(host.readCases(url)).rejects.toThrow('pass their path with --cases <path>');
});

test('a missing or too large file is reported', async () => {
  await expect(host.readText(join(folder, 'none'))).rejects.toThrow(/^cannot read .*none: /);
  await expect(host.readText(join(folder, 'large.yaml'))).rejects.toThrow('larger than 1024 KiB');
});

test('files are read as Windows makes them, whole and line by line', async () => {
  const file = join(folder, 'windows.jsonl');
  await writeFile(file, Buffer.from('\ufeffgröße\r\ntwo\r\n', 'utf16le'));
  expect(await host.readText(file)).toBe('größe\r\ntwo\r\n');
  const lines: string[] = [];
  for await (const line of host.readLines(file)) lines.push(line);
  expect(lines).toEqual(['größe', 'two']);
  await writeFile(file, Buffer.from('one\ngr\xf6\xdfe\n', 'latin1'));
  const reported = `${file} is not UTF-8 text (byte 0xF6 in line 2): save it as UTF-8`;
  await expect(host.readText(file)).rejects.toThrow(reported);
  await expect(host.readLines(file)[Symbol.asyncIterator]().next()).rejects.toThrow(reported);
  await expect(host.readText(folder)).rejects.toThrow('it is a folder');
});

test('a file is read line by line', async () => {
  const lines: string[] = [];
  for await (const line of host.readLines(join(folder, 'lines.jsonl'))) lines.push(line);
  expect(lines).toEqual(['one', '', 'two']);
  await expect(host.readLines(join(folder, 'none'))[Symbol.asyncIterator]().next()).rejects.toThrow(
    /^cannot read .*none: /,
  );
});

test('output goes to the stream', async () => {
  await host.write('hello\n');
  expect(String(stdout.read())).toBe('hello\n');
});

test('lines are the same however the text is cut into chunks', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r\n') })),
      async (chunks) => {
        async function* source(): AsyncGenerator<string> {
          yield* chunks;
        }
        const lines: string[] = [];
        for await (const line of linesOf(source())) lines.push(line);
        const whole = chunks
          .join('')
          .split('\n')
          .map((line) => line.replace(/\r$/, ''));
        if (whole.at(-1) === '') whole.pop();
        expect(lines).toEqual(whole);
      },
    ),
  );
});

test('of a line without an end no more than a bound is held', async () => {
  async function* source(): AsyncGenerator<string> {
    for (let count = 0; count < 40; count += 1) yield 'x'.repeat(65_536);
  }
  const lines: string[] = [];
  for await (const line of linesOf(source())) lines.push(line);
  expect(lines.map((line) => line.length)).toEqual([longestLine]);
});

describe('the tenant', () => {
  const environment = { ARM_ENDPOINT: 'https://localhost:1' };
  const onMalformed = (): void => undefined;

  test('needs no storage, and cannot be written to', async () => {
    const live = createLiveAzure({ environment, onMalformed });
    const connection = new FakeArm(sampleTarget()).seed({ name: 'c1' });
    const write = live.connections.write({ connection, effect: 'delete', description: '' }, () => undefined);
    await expect(write).rejects.toMatchObject({ code: 'ARM_REFUSED' });
  });

  test('gives no token to a policy that is not at an https URL', async () => {
    const environment = { ARM_ENDPOINT: 'https://localhost:1', IDENTITY_ENDPOINT: 'http://127.0.0.1:1' };
    await expect(createLivePolicy('http://127.0.0.1:1/policies', environment).read()).rejects.toMatchObject({
      code: 'POLICY_INVALID',
      message: 'http://127.0.0.1:1/policies must begin with https://',
    });
    await expect(createLivePolicy('https://', environment).read()).rejects.toThrow('https:// is not a URL');
  });

  test('is not read if the settings are wrong', () => {
    expect(() => createLiveAzure({ environment: { ARM_ENDPOINT: 'http://localhost' }, onMalformed })).toThrow(
      'ARM_ENDPOINT must be an https origin',
    );
  });
});

describe('the standard streams', () => {
  const hostWith = (streams: object): CliHost =>
    createNodeHost({ ...(host as unknown as Parameters<typeof createNodeHost>[0]), stdout, ...streams });
  const linesFrom = async (lines: AsyncIterable<string>): Promise<string[]> => {
    const all: string[] = [];
    for await (const line of lines) all.push(line);
    return all;
  };

  test('the path - is the standard input, in any encoding and in any pieces', async () => {
    const text = Buffer.from('\ufeff{"a":"ü"}\r\ntwo\n', 'utf16le');
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const byte of text) yield Uint8Array.of(byte);
    }
    const reading = hostWith({ stderr: new PassThrough(), stdin: pieces() });
    expect(await linesFrom(reading.readLines('-'))).toEqual(['{"a":"ü"}', 'two']);
  });

  test('input that is not text is refused by its name', async () => {
    const stdin = new PassThrough();
    stdin.end(Buffer.from([0x61, 0xff, 0x62]));
    const reading = hostWith({ stderr: new PassThrough(), stdin });
    await expect(linesFrom(reading.readLines('-'))).rejects.toThrow(/^the standard input /);
    await expect(linesFrom(host.readLines('-'))).rejects.toThrow('there is no standard input');
  });

  test('progress is shown only on a terminal', async () => {
    const stderr = Object.assign(new PassThrough(), { isTTY: true });
    await hostWith({ stderr }).showProgress?.('half');
    expect(String(stderr.read())).toBe('\rhalf\u001b[K');
    expect(hostWith({ stderr: new PassThrough() }).showProgress).toBeUndefined();
  });
});
