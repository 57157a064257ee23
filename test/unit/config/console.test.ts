import fc from 'fast-check';
import { ConfigError } from '../../../src/config/config-error';
import { readConfig } from '../../../src/config/config';
import { hasConsole } from '../../../src/config/registration';

const storage = { AzureWebJobsStorage__accountName: 'stpostern' };
const clientId = 'AAAAAAAA-1111-4111-8111-111111111111';
const tenantId = '22222222-2222-4222-8222-222222222222';
const ids = { CONSOLE_CLIENT_ID: clientId, CONSOLE_TENANT_ID: tenantId };

test('both ids make a console', () => {
  expect(readConfig({ ...storage, ...ids }).console).toEqual({
    clientId: clientId.toLowerCase(),
    tenantId,
    authority: 'https://login.microsoftonline.com',
    url: undefined,
  });
  expect(readConfig(storage).console).toBeUndefined();
  expect(readConfig({ ...storage, CONSOLE_CLIENT_ID: ' ', CONSOLE_TENANT_ID: '' }).console).toBeUndefined();
});

test.each(['CONSOLE_CLIENT_ID', 'CONSOLE_TENANT_ID'] as const)('%s alone is a mistake', (name) => {
  const [other] = Object.keys(ids).filter((each) => each !== name);
  expect(() => readConfig({ ...storage, [name]: ids[name] })).toThrow(`${other} must be set, too`);
});

test.each([
  'http://login.microsoftonline.com',
  'https://login.microsoftonline.com/common',
  'https://login.microsoftonline.com?x=1',
  'https://user:password@login.microsoftonline.com',
  'login.microsoftonline.com',
  'javascript:alert(1)',
  'https://login.microsoftonline.com; script-src *',
  'http://localhost.evil.test:1234',
])('CONSOLE_AUTHORITY=%s is refused', (authority) => {
  expect(() => readConfig({ ...storage, ...ids, CONSOLE_AUTHORITY: authority })).toThrow('CONSOLE_AUTHORITY');
});

test('the origin that goes into a header contains nothing but an origin', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.webUrl()), (authority) => {
      try {
        const { console } = readConfig({ ...storage, ...ids, CONSOLE_AUTHORITY: authority });
        expect(console?.authority).toMatch(/^https:\/\/[^\s;,'"/]+$/);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
    }),
  );
});

test.each([
  ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
  ['https://login.microsoftonline.us/', 'https://login.microsoftonline.us'],
])('CONSOLE_AUTHORITY=%s is allowed', (authority, origin) => {
  expect(readConfig({ ...storage, ...ids, CONSOLE_AUTHORITY: authority }).console?.authority).toBe(origin);
});

test.each([
  ['func-postern.azurewebsites.net', 'https://func-postern.azurewebsites.net/console/'],
  ['localhost:7071', 'http://localhost:7071/console/'],
  ['127.0.0.1:7071', 'http://127.0.0.1:7071/console/'],
  ['evil.test/path', undefined],
  ['', undefined],
  [undefined, undefined],
])('WEBSITE_HOSTNAME=%s makes links to %s', (host, url) => {
  expect(readConfig({ ...storage, ...ids, WEBSITE_HOSTNAME: host }).console?.url).toBe(url);
});

test('the function exists only with both ids', () => {
  expect(hasConsole(ids)).toBe(true);
  expect(hasConsole({ ...ids, CONSOLE_TENANT_ID: ' ' })).toBe(false);
  expect(hasConsole({ CONSOLE_CLIENT_ID: clientId })).toBe(false);
  expect(hasConsole({})).toBe(false);
});
