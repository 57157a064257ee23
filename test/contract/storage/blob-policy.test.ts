import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlobClient, BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { createBlobPolicyReader } from '../../../src/azure/storage/blob-policy-reader';
import { openBlobAnnouncements } from '../../../src/cli/live/live-announcements';
import { createLivePolicy } from '../../../src/cli/live/live-azure';
import { createPolicySource } from '../../../src/policy/source/policy-source';
import { azuriteKey, startAzurite, type RunningAzurite } from '../../../dev/lib/azurite';
import { FakeClock } from '../../support/fakes';

let azurite: RunningAzurite;
let container: ContainerClient;
const credential = { getToken: () => Promise.reject(new Error('no token is wanted here')) };

beforeAll(async () => {
  azurite = await startAzurite();
  container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient('policies');
  await container.create();
});
afterAll(() => azurite.close());

async function put(name: string, text: string): Promise<void> {
  await container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text));
}

function readerOf(path: string) {
  const access = { kind: 'connectionString' as const, connectionString: azurite.connectionString };
  return createBlobPolicyReader({ url: `${container.url}${path}`, access, credential });
}

const rule = (name: string): string =>
  `version: 1\nmode: enforce\nrules:\n  - name: ${name}\n    effect: hold\n    when: "true"\n`;

test('a folder of blobs is followed by ETag, and a broken version keeps the good one', async () => {
  await put('live/a.yaml', rule('one'));
  await put('live/a.cases.yaml', 'not: policy');
  await put('elsewhere/b.yaml', rule('two'));
  const clock = new FakeClock();
  const source = createPolicySource({ path: 'blob', clock, reader: readerOf('/live') });
  const first = await source.current();
  expect(first).toMatchObject({ kind: 'loaded', policy: { ruleCount: 1 } });
  const good = first.kind === 'loaded' ? first.policy.digest : '';

  await put('live/a.yaml', 'version: 1\nrules: [oops');
  clock.advance(11);
  const second = await source.current();
  expect(second).toMatchObject({ kind: 'loaded', policy: { digest: good } });
  expect(second.kind === 'loaded' && second.refusedUpdate?.problems[0]?.path).toBe('a.yaml');

  await put('live/a.yaml', rule('three'));
  clock.advance(11);
  const third = await source.current();
  expect(third).toMatchObject({ kind: 'loaded', policy: { ruleCount: 1 } });
  expect(third.kind === 'loaded' && third.policy.digest).not.toBe(good);
  expect(third.kind === 'loaded' && third.refusedUpdate).toBe(undefined);
});

test('while the container is away, the good policy stays and the refusal names the URL', async () => {
  await put('away/a.yaml', rule('one'));
  const clock = new FakeClock();
  const source = createPolicySource({ path: 'blob', clock, reader: readerOf('/away') });
  expect((await source.current()).kind).toBe('loaded');
  await container.deleteBlob('away/a.yaml');
  clock.advance(11);
  const after = await source.current();
  expect(after.kind === 'loaded' && after.refusedUpdate?.problems).toHaveLength(1);
});

describe('while the storage of the policy', () => {
  let server: Server;
  let answer: (response: ServerResponse) => void;

  beforeAll(async () => {
    server = createServer((_request, response) => answer(response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  test.each<[string, typeof answer, string]>([
    ['lets nobody in', (response) => response.writeHead(403).end(), 'RestError'],
    ['never answers', () => undefined, 'abort'],
  ])('%s, nothing is decided, and soon it is said why', async (_, behave, why) => {
    answer = behave;
    const { port } = server.address() as AddressInfo;
    const at = `http://127.0.0.1:${port}/devstoreaccount1`;
    const connectionString = `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${azuriteKey};BlobEndpoint=${at};`;
    const access = { kind: 'connectionString' as const, connectionString };
    const reader = createBlobPolicyReader({ url: `${at}/policies`, access, credential, timeoutMs: 500 });
    const loaded = await createPolicySource({ path: 'blob', clock: new FakeClock(), reader }).current();
    expect(loaded).toMatchObject({ kind: 'refused', problems: [{ message: expect.stringContaining(why) }] });
  });
});

test('one blob can be the whole policy', async () => {
  await put('single.yaml', rule('one'));
  await put('single.yaml.bak/x.yaml', rule('two'));
  expect(await readerOf('/single.yaml').read()).toEqual([{ path: 'single.yaml', text: rule('one') }]);
});

test('the tools read the same policy, with the key that their own settings have for that account', async () => {
  await put('tools/a.yaml', rule('one'));
  await put('tools/a.cases.yaml', 'not: policy');
  const environment = { AzureWebJobsStorage: azurite.connectionString };
  expect(await createLivePolicy(`${container.url}/tools`, environment).read()).toEqual([
    { path: 'a.yaml', text: rule('one') },
  ]);
});

test('a container that is not there is a problem of the policy, with its URL', async () => {
  const access = { kind: 'connectionString' as const, connectionString: azurite.connectionString };
  const url = container.url.replace('policies', 'nowhere');
  await expect(createBlobPolicyReader({ url, access, credential }).version()).rejects.toMatchObject({
    code: 'POLICY_INVALID',
    message: expect.stringContaining(url),
  });
});

test('a policy over plain http is refused unless it is the app’s own storage', async () => {
  const access = { kind: 'connectionString' as const, connectionString: azurite.connectionString };
  const url = 'http://somewhere.example/policies';
  await expect(createBlobPolicyReader({ url, access, credential }).version()).rejects.toThrow(
    'must begin with https://',
  );
});

describe('announcements in blob storage', () => {
  const environment = (): Record<string, string> => ({ AzureWebJobsStorage: azurite.connectionString });
  const open = (folder: string) => openBlobAnnouncements(`${container.url}/${folder}`, environment());

  test('are written once, listed beside the policy, and removed', async () => {
    await put('announced/a.yaml', rule('one'));
    await put('announced/deeper/x.expected.yaml', 'version: 1');
    const folder = await open('announced');
    expect(await folder.create('x.expected.yaml', 'version: 1\nexpected: []\n')).toBe(true);
    expect(await folder.create('x.expected.yaml', 'version: 2\n')).toBe(false);
    expect(await folder.names()).toEqual(['x.expected.yaml']);
    const files = await readerOf('/announced').read();
    expect(files.map(({ path }) => path)).toEqual(['a.yaml', 'deeper/x.expected.yaml', 'x.expected.yaml']);
    expect(files[2]?.text).toBe('version: 1\nexpected: []\n');
    await folder.remove('x.expected.yaml');
    await folder.remove('x.expected.yaml');
    expect(await folder.names()).toEqual([]);
  });

  test('that are no text, or too large, stop nothing', async () => {
    await put('odd/a.yaml', rule('one'));
    const bytes = Buffer.from([0x76, 0xff, 0xfe]);
    await container.getBlockBlobClient('odd/x.expected.yaml').upload(bytes, bytes.length);
    await put('odd/y.expected.yaml', ' '.repeat(1024 * 1024 + 1));
    const source = createPolicySource({ path: 'blob', clock: new FakeClock(), reader: readerOf('/odd') });
    const load = await source.current();
    expect(load).toMatchObject({ kind: 'loaded', policy: { ruleCount: 1, expected: { requests: [] } } });
    const problems = load.kind === 'loaded' ? load.policy.expected.problems : [];
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('not UTF-8'),
      expect.stringContaining('larger than'),
    ]);
  });

  test('are refused with a sentence where the folder is a file, or is not there', async () => {
    await expect(open('announced/a.yaml')).rejects.toThrow('announcements lie in the folder');
    const nowhere = await openBlobAnnouncements(`${container.url}-missing/x`, environment());
    await expect(nowhere.names()).rejects.toThrow(/cannot be used: HTTP 404 ContainerNotFound/);
  });

  test('only what has changed is downloaded again', async () => {
    await put('cached/a.yaml', rule('one'));
    await put('cached/x.expected.yaml', 'version: 1\nexpected: []\n');
    const reader = readerOf('/cached');
    await reader.read();
    const downloads = jest.spyOn(BlobClient.prototype, 'downloadToBuffer');
    try {
      await put('cached/x.expected.yaml', 'version: 1\nexpected: [] # again\n');
      const files = await reader.read();
      expect(files[1]?.text).toContain('again');
      expect(downloads).toHaveBeenCalledTimes(1);
    } finally {
      downloads.mockRestore();
    }
  });
});
