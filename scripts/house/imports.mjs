import { posix } from 'node:path';
import ts from 'typescript';

/** Maps each source file to the source files that it imports, types included. */
export function importGraph(sources) {
  const paths = new Set(sources.map(({ path }) => path));
  return new Map(
    sources.map(({ path, folder, text }) => {
      const names = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
      const found = names
        .filter((name) => name.startsWith('.'))
        .map((name) => fileFor(posix.join(folder, name), paths));
      return [path, [...new Set(found.filter((each) => each !== undefined))]];
    }),
  );
}

function fileFor(name, paths) {
  const endings = ['', '.ts', '.tsx', '.mts', '/index.ts'];
  return [...endings.map((ending) => name + ending), name.replace(/js$/, 'ts')].find((path) =>
    paths.has(path),
  );
}

/** Returns the import circles, the largest first. In a circle each file imports every other one, directly or through others. */
export function circles(graph) {
  const [order, low, stack, groups] = [new Map(), new Map(), [], []];
  for (const path of graph.keys()) if (!order.has(path)) visit(path);
  return groups.filter((group) => group.length > 1).sort((a, b) => b.length - a.length);

  // Tarjan's algorithm: a group is complete when none of its files imports one that was visited before the group.
  function visit(path) {
    order.set(path, order.size);
    low.set(path, order.get(path));
    stack.push(path);
    for (const next of graph.get(path)) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(path, Math.min(low.get(path), low.get(next)));
    }
    if (low.get(path) === order.get(path)) groups.push(stack.splice(stack.indexOf(path)).sort());
  }
}
