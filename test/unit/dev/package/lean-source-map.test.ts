import { SourceMap, type SourceMapPayload } from 'node:module';
import { encode } from '@jridgewell/sourcemap-codec';
import { leanSourceMap } from '../../../../dev/package/lean-source-map';

const full = {
  version: 3,
  sources: ['../../src/app.ts', '../../node_modules/tool/index.js'],
  sourcesContent: ['const secret = 1;', 'a();b();'],
  names: ['decide'],
  mappings: encode([
    [
      [0, 0, 10, 2, 0],
      [8, 0, 10, 9],
    ],
    [
      [0, 1, 20, 4],
      [6, 1, 20, 12],
    ],
    [
      [0, 1, 21, 2],
      [4, 0, 30, 6],
      [9, 1, 22, 3],
    ],
    [[3]],
  ]),
};
const lean = leanSourceMap(JSON.stringify(full));

/** As a stack counts: from 1. */
function placeOf(line: number, column: number): string {
  const entry = new SourceMap(JSON.parse(lean) as SourceMapPayload).findEntry(line - 1, column - 1);
  if (!('originalSource' in entry)) return 'nowhere';
  return `${entry.originalSource}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}

test('our own places are exact', () => {
  expect(placeOf(1, 1)).toBe('../../src/app.ts:11:3');
  expect(placeOf(1, 9)).toBe('../../src/app.ts:11:10');
  expect(placeOf(3, 6)).toBe('../../src/app.ts:31:7');
});

test('a package’s places are right to the line, also behind our own on the same line', () => {
  expect(placeOf(2, 9)).toBe('../../node_modules/tool/index.js:21:1');
  expect(placeOf(3, 2)).toBe('../../node_modules/tool/index.js:22:1');
  expect(placeOf(3, 12)).toBe('../../node_modules/tool/index.js:23:1');
});

test('no source text and no name is left', () => {
  expect(lean).not.toContain('secret');
  expect(lean).not.toContain('decide');
});
