import { loadedOf, loadedTable } from '../../../bench/cold/loaded';
import { goalsOf, type Measured } from '../../../bench/cold/part';
import type { ColdMeasurement, Stage } from '../../../bench/cold/measurement';
import { isMet } from '../../../bench/report/part';
import { tableText } from '../../../bench/report/table';

const output = (bytes: number, inputs: Record<string, number>) => ({
  bytes,
  inputs: Object.fromEntries(
    Object.entries(inputs).map(([source, bytesInOutput]) => [source, { bytesInOutput }]),
  ),
});
const metafile = {
  outputs: {
    'dist/app/functions.mjs': output(500, { 'functions/index.ts': 400 }),
    'dist/app/chunks/a.mjs': output(9_000, {
      'src/app.ts': 1_000,
      'node_modules/zod/v4/core/schemas.js': 5_000,
      'node_modules/zod/v4/mini/schemas.js': 1_000,
      'node_modules/@azure/functions/dist/azure-functions.js': 1_900,
      'node_modules/left-out/index.js': 0,
    }),
    'dist/app/chunks/later.mjs': output(70_000, { 'node_modules/yaml/index.js': 70_000 }),
  },
};

test('what a cold start loads is summed up by package, without what is loaded later', () => {
  const loaded = loadedOf(metafile, ['dist/app/functions.mjs', 'dist/app/chunks/a.mjs']);
  expect(loaded).toEqual({
    files: 2,
    bytes: 9_500,
    packages: [
      ['zod', 6_000],
      ['@azure/functions', 1_900],
      ['Postern', 1_400],
    ],
  });
  expect(tableText(loadedTable(loaded))).toContain('| zod | 6 |');
});

test('a package in the node_modules of another one is counted by its own name', () => {
  const nested = { outputs: { x: output(10, { 'node_modules/outer/node_modules/@a/inner/i.js': 10 }) } };
  expect(loadedOf(nested, ['x']).packages).toEqual([['@a/inner', 10]]);
});

test('a loaded file that the build does not know is an error, not nothing', () => {
  expect(() => loadedOf(metafile, ['dist/app/chunks/old.mjs'])).toThrow('dist/app/chunks/old.mjs');
});

function stage(milliseconds: number): Stage {
  return { milliseconds, processorMilliseconds: milliseconds, residentMiB: 1 };
}
function started(entry: number, invocation: number, rest: number): ColdMeasurement {
  return { before: 1, entry: stage(entry), invocation: stage(invocation), rest: stage(rest) };
}
function measured(invocation: number): Measured {
  return {
    bundle: [started(20, invocation, 400), started(900, 900, 900), started(20, invocation, 400)],
    unbundled: [started(60, 140, 800)],
    empty: [started(13, 1, 0)],
  };
}

test.each([
  [44, [true, true]],
  [45, [true, false]],
  [181, [false, false]],
])('with a first invocation of %d ms the goals are met: %j', (invocation, met) => {
  expect(goalsOf(measured(invocation)).map(isMet)).toEqual(met);
});
