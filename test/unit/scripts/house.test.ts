import { brokenLaws } from '../../../scripts/house/laws.mjs';
import { readSources, sourceOf } from '../../../scripts/house/sources.mjs';
import { projectRoot } from '../../support/repo/project';

const broken = (files: Readonly<Record<string, string>>): string[] =>
  brokenLaws(Object.entries(files).map(([path, text]) => sourceOf(path, text)));
const many = (folder: string, count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${folder}/file-${index}.ts`, '']));

test('this project keeps the laws of its house', () => {
  const sources = readSources(projectRoot);
  expect(sources.length).toBeGreaterThan(500);
  expect(brokenLaws(sources)).toEqual([]);
});

test('a folder of src, dev or bench holds at most 14 files', () => {
  expect(
    broken({ ...many('src/policy', 14), ...many('src/policy/cel', 14), ...many('test/unit', 20) }),
  ).toEqual([]);
  expect(broken({ ...many('dev/azure', 15), ...many('bench', 16) })).toEqual([
    'dev/azure holds 15 files; 14 is the most.',
    'bench holds 16 files; 14 is the most.',
  ]);
});

test('files do not import one another in a circle, not even types or on demand', () => {
  expect(
    broken({
      'src/a.ts': "import { b } from './deep/b';",
      'src/deep/b.ts': "export type { C } from '../c/index';",
      'src/c/index.ts': "const a = await import('../a');",
      'src/d.ts': "import { a } from './a';\nimport './d.css';\nimport 'node:fs';",
      'test/x.test.ts': "import * as y from './y';",
      'test/y.ts': "import type { x } from './x.test';",
    }),
  ).toEqual([
    'Import circle: src/a.ts, src/c/index.ts, src/deep/b.ts.',
    'Import circle: test/x.test.ts, test/y.ts.',
  ]);
});

test('two circles that share a file are one', () => {
  const files = {
    'dev/a.ts': "import './b';\nimport './c';",
    'dev/b.ts': "import './a';",
    'dev/c.ts': "import './a.js';",
  };
  expect(broken(files)).toEqual(['Import circle: dev/a.ts, dev/b.ts, dev/c.ts.']);
});

test('files that import one another in one direction only are no circle', () => {
  const files = {
    'src/a.ts': "import './b';\nimport './c';",
    'src/b.ts': "import './c';",
    'src/c.ts': '// import "./a"\nexport const text = "import \'./a\'";',
  };
  expect(broken(files)).toEqual([]);
});

test('bench imports nothing of test', () => {
  const files = {
    'bench/flow/run.ts': "import { rig } from '../../test/support/rig';",
    'dev/run.ts': "import { rig } from '../test/support/rig';",
    'test/support/rig.ts': 'export const rig = 1;',
  };
  expect(broken(files)).toEqual([
    'bench/flow/run.ts imports test/support/rig.ts; bench must not depend on test.',
  ]);
});
