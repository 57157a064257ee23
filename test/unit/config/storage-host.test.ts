import fc from 'fast-check';
import { isLoopback, isStorageUrl } from '../../../src/config/storage-host';
import { codePoint } from '../../support/arbitraries/code-point';

test.each([
  'https://account.blob.core.windows.net/policies/live',
  'https://ACCOUNT.Blob.Core.Windows.NET',
  'https://account-secondary.blob.core.windows.net',
  'https://account.blob.core.usgovcloudapi.net:443',
  'https://account.blob.core.chinacloudapi.cn',
  'https://account.blob.core.sovcloud-api.fr',
  'https://account.z07.blob.storage.azure.net',
])('%s is in the blob service of a storage account', (url) => {
  expect(isStorageUrl(url, 'blob')).toBe(true);
});

test.each([
  ['another host', 'https://evil.example/p'],
  ['the suffix with something behind it', 'https://account.blob.core.windows.net.evil.example/p'],
  ['the suffix without its dot', 'https://evilblob.core.windows.net/p'],
  ['the suffix alone', 'https://blob.core.windows.net/p'],
  ['the suffix in the path', 'https://evil.example/account.blob.core.windows.net'],
  ['the suffix before an @', 'https://account.blob.core.windows.net@evil.example/p'],
  ['a user before the host', 'https://user@account.blob.core.windows.net/p'],
  ['a backslash', 'https://evil.example\\.blob.core.windows.net/p'],
  ['another port', 'https://account.blob.core.windows.net:8443/p'],
  ['plain http', 'http://account.blob.core.windows.net/p'],
  ['another service', 'https://account.queue.core.windows.net/p'],
  ['a static website, which anybody fills', 'https://account.z6.web.core.windows.net/p'],
  ['a dot at the end', 'https://account.blob.core.windows.net./p'],
  ['no account', 'https://.blob.core.windows.net/p'],
  ['no URL', 'account.blob.core.windows.net'],
])('%s is not', (_, url) => {
  expect(isStorageUrl(url, 'blob')).toBe(false);
});

test('whatever stands before or behind the host, it is never another host than a storage account’s', () => {
  const part = fc.oneof(
    fc.string({ unit: codePoint, maxLength: 8 }),
    fc.constantFrom('@', '/', '\\', '?', '#', ':', '.', '%2e', '。', 'evil.example'),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), fc.array(part, { maxLength: 4 }), (before, behind) => {
      const text = `https://${before.join('')}account.blob.core.windows.net${behind.join('')}`;
      if (!isStorageUrl(text, 'blob')) return;
      const { hostname, port, username } = new URL(text);
      expect(hostname).toMatch(/^[a-z0-9.-]+\.blob\.core\.windows\.net$/);
      expect(port + username).toBe('');
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['https://127.0.0.1:10000/devstoreaccount1', true],
  ['https://localhost:10000', true],
  ['https://[::1]:10000', true],
  ['https://127.0.0.1.evil.example', false],
  ['https://localhost.evil.example', false],
  ['https://10.0.0.4', false],
  ['nothing', false],
])('%s is loopback: %p', (url, expected) => {
  expect(isLoopback(url)).toBe(expected);
});
