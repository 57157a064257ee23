import { armOriginFrom, isTrusted } from '../../../../src/azure/arm/origin';
import { PosternError } from '../../../../src/base/errors';

describe('the origin of ARM_ENDPOINT', () => {
  test.each([
    ['https://management.azure.com', 'https://management.azure.com'],
    ['https://management.azure.com/', 'https://management.azure.com'],
    ['https://MANAGEMENT.azure.com:443/x', 'https://management.azure.com'],
    ['https://localhost:8443', 'https://localhost:8443'],
  ])('%s is %s', (endpoint, origin) => {
    expect(armOriginFrom(endpoint)).toBe(origin);
  });

  test.each([
    'http://management.azure.com',
    'management.azure.com',
    '',
    'https://user:pw@management.azure.com',
  ])('%p is refused', (endpoint) => {
    expect(() => armOriginFrom(endpoint)).toThrow(PosternError);
  });
});

describe('a URL that came in a reply', () => {
  const origin = 'https://management.azure.com';

  test.each([
    `${origin}/subscriptions/x?api-version=1`,
    `${origin}:443/x`,
    'https://Management.Azure.com/x',
    `${origin}/${'x'.repeat(4096)}`,
  ])('%.60s is trusted', (url) => {
    expect(isTrusted(origin, url)).toBe(true);
  });

  test.each([
    ['another host', 'https://some.endpoint.com/x'],
    ['another port', `${origin}:8443/x`],
    ['plain http', 'http://management.azure.com/x'],
    ['a host that begins alike', 'https://management.azure.com.evil.test/x'],
    ['credentials that look like the host', 'https://management.azure.com@evil.test/x'],
    ['credentials', 'https://user@management.azure.com/x'],
    ['a relative path', '/subscriptions/x'],
    ['a scheme-relative path', '//management.azure.com/x'],
    ['no text', ''],
    ['no URL', 'https://'],
    ['a line break', 'https://management.azure.com/x\r\ny'],
    ['a tab that a parser would drop', 'https://management.azure.com\t/x'],
    ['a backslash', 'https:\\\\management.azure.com\\x'],
    ['a leading space', ' https://management.azure.com/x'],
    ['letters that only look alike', 'https://managemеnt.azure.com/x'],
    ['more than 8 KiB', `${origin}/${'x'.repeat(8192)}`],
    ['a script', 'javascript:alert(1)'],
  ])('with %s is not trusted', (_title, url) => {
    expect(isTrusted(origin, url)).toBe(false);
  });
});
