import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createDiskAssets } from '../../../../src/console/http/disk-assets';
import { chooseEncoding, isUnchanged } from '../../../../src/console/http/encoding';
import { createConsoleUnderTest } from '../../../support/console/console-under-test';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'));
  await mkdir(join(folder, 'page/assets'), { recursive: true });
  const files = {
    'secret.txt': 'secret',
    'page/index.html': '<html>',
    'page/index.html.br': 'br html',
    'page/secret.html': 'secret',
    'page/assets/page-ABCDEFGH.js': 'script',
    'page/assets/page-ABCDEFGH.js.br': 'br script',
    'page/assets/page-ABCDEFGH.js.gz': 'gz script',
    'page/assets/page-ABCDEFGH.css': 'style',
    'page/assets/page-ABCDEFGH.js.map': 'secret',
    'page/assets/.env': 'secret',
    'page/assets/page.js': 'secret',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});

afterAll(() => rm(folder, { recursive: true }));

const underTest = () => createConsoleUnderTest({ assets: createDiskAssets(join(folder, 'page')) });
const textOf = (body: string | Uint8Array | undefined): string => Buffer.from(body ?? '').toString();

test('the page is checked again each time, its files never', async () => {
  const { ask } = await underTest();
  const page = await ask('/console/');
  expect([page.status, textOf(page.body)]).toEqual([200, '<html>']);
  expect(page.headers).toMatchObject({
    'cache-control': 'no-cache',
    'content-type': 'text/html; charset=utf-8',
    vary: 'Accept-Encoding',
  });
  const script = await ask('/console/assets/page-ABCDEFGH.js');
  expect(script.headers).toMatchObject({
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': 'text/javascript; charset=utf-8',
  });
  const style = await ask('/console/assets/page-ABCDEFGH.css');
  expect(style.headers['content-type']).toBe('text/css; charset=utf-8');
});

test('the page without its slash is redirected', async () => {
  const { ask } = await underTest();
  expect(await ask('/console')).toMatchObject({ status: 308, headers: { location: '/console/' } });
});

test.each([
  ['br, gzip', 'br script', 'br'],
  ['gzip, deflate', 'gz script', 'gzip'],
  ['br;q=0, gzip;q=0.5', 'gz script', 'gzip'],
  ['*', 'br script', 'br'],
  ['identity', 'script', undefined],
  ['', 'script', undefined],
  ['br;q=x', 'script', undefined],
])('with Accept-Encoding %j the file is sent as %s', async (accepted, body, encoding) => {
  const { ask } = await underTest();
  const reply = await ask('/console/assets/page-ABCDEFGH.js', { headers: { 'accept-encoding': accepted } });
  expect([textOf(reply.body), reply.headers['content-encoding']]).toEqual([body, encoding]);
});

test('a file that the browser has is not sent again, unless in another encoding', async () => {
  const { ask } = await underTest();
  const path = '/console/assets/page-ABCDEFGH.js';
  const { headers } = await ask(path, { headers: { 'accept-encoding': 'br' } });
  const has = { 'if-none-match': `"x", W/${headers.etag}`, 'accept-encoding': 'br' };
  const again = await ask(path, { headers: has });
  expect([again.status, again.body, again.headers.etag]).toEqual([304, undefined, headers.etag]);
  expect(again.headers).toHaveProperty('content-security-policy');
  expect(await ask(path, { headers: { ...has, 'accept-encoding': 'gzip' } })).toMatchObject({ status: 200 });
});

test.each([
  'index.html',
  'secret.html',
  'secret.txt',
  '../secret.txt',
  '%2e%2e/secret.txt',
  'assets/../../secret.txt',
  'assets/..%2f..%2fsecret.txt',
  'assets/page.js',
  'assets/.env',
  'assets/page-ABCDEFGH.js.map',
  'assets/page-ABCDEFGH.js.br',
  'assets/page-IJKLMNOP.js',
  'assets/',
  'assets',
])('no other file is served: %s', async (path) => {
  const { ask } = await underTest();
  const reply = await ask(`/console/${path}`);
  expect([reply.status, textOf(reply.body)]).toEqual([404, expect.not.stringContaining('secret')]);
});

test('whatever the path, no secret is served', async () => {
  const { ask } = await underTest();
  const part = fc.constantFrom('..', '.', 'assets', 'secret.txt', 'page', '%2e%2e', '%5c', 'index.html', '');
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
      const reply = await ask(`/console/${parts.join('/')}`);
      expect(textOf(reply.body)).not.toContain('secret');
    }),
  );
});

test('if the page was not built, that is an error with the safe headers', async () => {
  const { ask } = await createConsoleUnderTest({ assets: createDiskAssets(join(folder, 'nowhere')) });
  const reply = await ask('/console/');
  expect(reply.status).toBe(500);
  expect(reply.headers).toHaveProperty('content-security-policy');
});

test('an encoding is chosen only if it is stored and accepted', () => {
  const stored = new Set(['identity', 'gzip'] as const);
  fc.assert(
    fc.property(fc.string(), (accepted) => {
      const chosen = chooseEncoding(accepted, stored);
      expect(['identity', 'gzip']).toContain(chosen);
      if (chosen === 'gzip') expect(accepted.toLowerCase()).toMatch(/gzip|\*/);
    }),
  );
  expect(isUnchanged('*', '"a"')).toBe(true);
  expect(isUnchanged(undefined, '"a"')).toBe(false);
});
