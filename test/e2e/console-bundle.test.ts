import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { projectRoot } from '../support/repo/project';

const { outputs } = JSON.parse(readFileSync(join(projectRoot, 'dist/app.meta.json'), 'utf8')) as Metafile;

/** The files that load with an entry point, without what it imports later. */
function loadedWith(entryPoint: string): ReadonlySet<string> {
  const start = Object.keys(outputs).find((path) => outputs[path]?.entryPoint === entryPoint);
  if (start === undefined) throw new Error(`${entryPoint} is no entry point`);
  const loaded = new Set<string>();
  const load = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { path: next, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && next in outputs) load(next);
    }
  };
  load(start);
  return loaded;
}

function sourcesIn(files: ReadonlySet<string>): string[] {
  return [...files].flatMap((file) =>
    Object.entries(outputs[file]?.inputs ?? {}).flatMap(([source, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [source] : [],
    ),
  );
}

const isOfConsole = (source: string): boolean =>
  /^src\/(console\/|compose-console)|^functions\/console|node_modules\/(jose|preact)\//.test(source);

test.each(['functions/register.ts', 'src/composition.ts'])(
  'an app without the console loads nothing of it with %s',
  (entryPoint) => {
    const sources = sourcesIn(loadedWith(entryPoint));
    expect(sources.length).toBeGreaterThan(5);
    expect(sources.filter(isOfConsole)).toEqual([]);
  },
);

test('the console is in chunks of its own', () => {
  expect(sourcesIn(loadedWith('src/compose-console.ts')).filter(isOfConsole).length).toBeGreaterThan(20);
});
