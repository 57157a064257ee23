import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { createBlobPolicyReader } from '../../../src/azure/storage/blob-policy-reader';
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
