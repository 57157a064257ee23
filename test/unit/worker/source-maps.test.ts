import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { encode } from '@jridgewell/sourcemap-codec';
import { showSources } from '../../../src/worker/source-maps';

let app: string;

/** A bundled file whose third line, from column 5 on, comes from line 41 of `src/review.ts`. */
beforeEach(async () => {
  app = await realpath(await mkdtemp(join(tmpdir(), 'postern app ')));
  await mkdir(join(app, 'dist/chunks'), { recursive: true });
  const mappings = encode([[], [], [[4, 0, 40, 8]]]);
  const map = { version: 3, sources: ['../../src/review.ts'], names: [], mappings };
  await writeFile(join(app, 'dist/chunks/one.mjs.map'), JSON.stringify(map));
});

afterEach(() => rm(app, { recursive: true }));

function placeIn(path: string): string {
  return `${pathToFileURL(path).href}:3:5`;
}

function failure(stack: string, cause?: unknown): Error {
  return Object.assign(new Error('away', { cause }), { stack });
}

async function shown(stack: string): Promise<string | undefined> {
  const error = failure(stack);
  await showSources(error, app);
  return error.stack;
}

test('every place of a mapped file becomes its place in the sources, and nothing else changes', async () => {
  const bundled = placeIn(join(app, 'dist/chunks/one.mjs'));
  const stack = `Error: away\n    at review (${bundled})\n    at async ${bundled}\n    at node:internal/timers:5:1`;
  expect(await shown(stack)).toBe(
    'Error: away\n    at review (src/review.ts:41:9)\n    at async src/review.ts:41:9\n    at node:internal/timers:5:1',
  );
});

test('causes are shown, too, and a cause that is its own cause ends', async () => {
  const stack = `Error\n    at ${placeIn(join(app, 'dist/chunks/one.mjs'))}`;
  const cause = failure(stack);
  cause.cause = cause;
  await showSources(failure('Error', cause), app);
  expect(cause.stack).toBe('Error\n    at src/review.ts:41:9');
});

test('a file outside of the app is not looked for, whatever a message says', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'postern-outside-'));
  await writeFile(
    join(outside, 'one.mjs.map'),
    '{"version":3,"sources":["x.ts"],"names":[],"mappings":"AAAA"}',
  );
  const stack = `Error: see ${placeIn(join(outside, 'one.mjs'))}`;
  expect(await shown(stack)).toBe(stack);
  await rm(outside, { recursive: true });
});

test.each([
  ['the file has no map', async () => undefined],
  ['the map is broken', () => writeFile(join(app, 'dist/two.mjs.map'), '{"version":')],
  [
    'the map knows no such place',
    () => writeFile(join(app, 'dist/two.mjs.map'), '{"version":3,"sources":[],"names":[],"mappings":""}'),
  ],
])('if %s, the stack stays as it is', async (_, prepare) => {
  await prepare();
  const stack = `Error: away\n    at ${placeIn(join(app, 'dist/two.mjs'))}`;
  expect(await shown(stack)).toBe(stack);
});

test('what is no error, or cannot be changed, is left alone', async () => {
  await expect(showSources('a text', app)).resolves.toBeUndefined();
  const frozen = Object.freeze(failure(`Error\n    at ${placeIn(join(app, 'dist/chunks/one.mjs'))}`));
  await expect(showSources(frozen, app)).resolves.toBeUndefined();
});
