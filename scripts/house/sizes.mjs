import ts from 'typescript';
import { beginning, docText } from '../lint/first-word.mjs';
import { circles, importGraph } from './imports.mjs';
import { groupBy } from './sources.mjs';
import { commentLines, exportedFunctions, walk } from './syntax.mjs';

/** Measures parsed source files: how large files, functions and folders are, and how well they are commented. */
export function measure(sources) {
  const files = sources.map(measureFile);
  const functions = files.flatMap((file) => file.functions);
  const docs = files.flatMap((file) => file.docs);
  const folders = [...groupBy(sources, ({ folder }) => folder).values()];
  const groups = circles(importGraph(sources));
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  return {
    files: { count: files.length, lines: spread(files.map(({ lines }) => lines)) },
    smallFiles: files.filter(({ lines }) => lines <= 25).length,
    functions: { count: functions.length, lines: spread(functions.map(({ lines }) => lines)) },
    manyParameters: functions.filter(({ parameters }) => parameters >= 4).length,
    commentsPer100: Number(((100 * sum('comments')) / (sum('lines') || 1)).toFixed(1)),
    folders: { count: folders.length, files: spread(folders.map(({ length }) => length)) },
    circles: { count: groups.length, largest: groups[0]?.length ?? 0 },
    anys: sum('anys'),
    exported: {
      count: docs.length,
      ...Object.fromEntries([...groupBy(docs, (kind) => kind)].map(([kind, { length }]) => [kind, length])),
    },
  };
}

function measureFile({ text, tree }) {
  const lineOf = (position) => tree.getLineAndCharacterOfPosition(position).line;
  const functions = [];
  let anys = 0;
  walk(tree, (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) anys += 1;
    if (!ts.isFunctionLike(node) || !node.body || !ts.isBlock(node.body)) return;
    functions.push({
      lines: lineOf(node.end) - lineOf(node.getStart()) + 1,
      parameters: node.parameters.length,
    });
  });
  const docs = exportedFunctions(tree).map(({ name, comment = '' }) => {
    const doc = docText(comment);
    return doc ? beginning(doc, name) : 'undocumented';
  });
  return {
    lines: lineOf(text.trimEnd().length) + 1,
    comments: commentLines(text).length,
    functions,
    anys,
    docs,
  };
}

function spread(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { median: at(0.5), p90: at(0.9), max: at(1) };
}
