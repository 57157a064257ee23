import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { createBlobPolicyReader } from '../../src/azure/blob-policy-reader';
import { createPolicySource } from '../../src/policy/policy-source';
import { startAzurite, type RunningAzurite } from '../support/azurite';
import { FakeClock } from '../support/fakes';

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

test('one blob can be the whole policy', async () => {
  await put('single.yaml', rule('one'));
  await put('single.yaml.bak/x.yaml', rule('two'));
  expect(await readerOf('/single.yaml').read()).toEqual([{ path: 'single.yaml', text: rule('one') }]);
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
