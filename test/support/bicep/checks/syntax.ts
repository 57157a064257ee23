import { readFileSync } from 'node:fs';
import { Language, Parser, type Node } from 'web-tree-sitter';
import { findingOf, type BicepProject, type Finding } from '../project';

/** What our own reading of Bicep's grammar refuses. */
export function syntaxFindings({ files, parameterFiles }: BicepProject): Finding[] {
  return [...files.values(), ...parameterFiles.values()].flatMap(({ path, problems }) =>
    problems.map(({ at, message }) => findingOf(path, at, message)),
  );
}

/** A second reader, which shares nothing with ours: tree-sitter's grammar of Bicep. */
export async function createTreeSitter(): Promise<(path: string, source: string) => Finding[]> {
  await Parser.init();
  const grammar = readFileSync(require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm'));
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return (path, source) => {
    const tree = parser.parse(source);
    if (tree === null) throw new Error('tree-sitter has no grammar');
    const findings = tree.rootNode.hasError ? faultsBelow(tree.rootNode, path) : [];
    tree.delete();
    return findings;
  };
}

function faultsBelow(node: Node, path: string): Finding[] {
  if (node.isError || node.isMissing) {
    const { row, column } = node.startPosition;
    const message = node.isMissing ? `${node.type} is missing` : `cannot be read: ${node.text.slice(0, 60)}`;
    return [findingOf(path, { line: row + 1, column: column + 1 }, message)];
  }
  return node.children.flatMap((child) => (child === null ? [] : faultsBelow(child, path)));
}
