import {
  createBlobPolicyReader,
  type BlobPolicyOptions,
} from '../../../../src/azure/storage/blob-policy-reader';
import { createLivePolicy } from '../../../../src/cli/live/live-azure';

/** What a token was asked for; nobody gets one. */
function watchedCredential(): { credential: BlobPolicyOptions['credential']; asked: unknown[] } {
  const asked: unknown[] = [];
  const credential = {
    getToken: (scopes: unknown) => {
      asked.push(scopes);
      return Promise.reject(new Error('no token today'));
    },
  };
  return { credential, asked };
}

const own = 'https://private.example:8443';
const identity = (credential: BlobPolicyOptions['credential']): BlobPolicyOptions['access'] => ({
  kind: 'identity',
  blobServiceUri: `${own}/`,
  queueServiceUri: own,
  tableServiceUri: own,
  credential,
});

describe('the storage token', () => {
  test.each([
    'https://evil.example/policies',
    'https://account.blob.core.windows.net.evil.example/policies',
    'https://account.blob.core.windows.net:8443/policies',
    'https://account.blob.core.windows.net@evil.example/policies',
    'https://private.example/policies',
  ])('is not even asked for, for %s', async (url) => {
    for (const withAccess of [true, false]) {
      const { credential, asked } = watchedCredential();
      const access = withAccess ? identity(credential) : undefined;
      const reader = createBlobPolicyReader({ url, access, credential });
      for (const read of [reader.version(), reader.read()]) {
        await expect(read).rejects.toMatchObject({
          code: 'POLICY_INVALID',
          message: expect.stringMatching(
            /is not in the blob service of a storage account.*https:\/\/ACCOUNT/s,
          ),
        });
      }
      expect(asked).toEqual([]);
    }
  });

  test.each([`${own}/policies`, 'https://account.blob.core.windows.net/policies'])(
    'is asked for, for %s',
    async (url) => {
      const { credential, asked } = watchedCredential();
      const reader = createBlobPolicyReader({
        url,
        access: identity(credential),
        credential,
        timeoutMs: 300,
      });
      await expect(reader.version()).rejects.toMatchObject({ code: 'POLICY_INVALID' });
      expect(asked).toEqual([['https://storage.azure.com/.default']].slice(0, asked.length));
      expect(asked.length).toBeGreaterThan(0);
    },
  );

  test('does not go where a connection string names another account', async () => {
    const { credential, asked } = watchedCredential();
    const connectionString = `DefaultEndpointsProtocol=https;AccountName=own;AccountKey=${btoa('key')};EndpointSuffix=core.windows.net`;
    const access = { kind: 'connectionString' as const, connectionString };
    const reader = createBlobPolicyReader({ url: 'https://evil.example/p', access, credential });
    await expect(reader.version()).rejects.toThrow('is not in the blob service of a storage account');
    expect(asked).toEqual([]);
  });
});

test('the tools refuse a stranger’s URL before they sign in', async () => {
  await expect(createLivePolicy('https://evil.example/p', {}).read()).rejects.toMatchObject({
    code: 'POLICY_INVALID',
    message: expect.stringContaining(
      'https://evil.example/p is not in the blob service of a storage account',
    ),
  });
});
