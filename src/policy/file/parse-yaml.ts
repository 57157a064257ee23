import { type Document, isAlias, isMap, isScalar, type Node, parseDocument, visit } from 'yaml';
import type { PolicyProblem } from '../policy';
import type { SourceText } from './source-text';
import { oddSignsInStructure } from './yaml-signs';

export type YamlParse =
  | { readonly kind: 'parsed'; readonly document: Document.Parsed }
  | { readonly kind: 'refused'; readonly problems: readonly PolicyProblem[] };

const mostProblems = 20;

/**
 * Parses one YAML 1.2 document, strictly: no anchors' aliases (they can blow up), no tags, no other YAML version (in
 * 1.1 `on` is a boolean), text keys only. Never throws.
 */
export function parseYaml(source: SourceText): YamlParse {
  const document = parse(source);
  if (document === undefined) {
    return refused([
      source.problem({ offset: 0, length: 1 }, 'the file is nested too deeply to be a policy'),
    ]);
  }
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos: [start, end] }) =>
    source.problem({ offset: start, length: end - start }, yamlMend(code, message)),
  );
  problems.push(...versionProblems(document, source), ...nodeProblems(document, source));
  if (problems.length === 0) return { kind: 'parsed', document };
  const signs = oddSignsInStructure(source);
  return refused(signs.length > 0 ? signs : problems);
}

function refused(problems: readonly PolicyProblem[]): YamlParse {
  return { kind: 'refused', problems: problems.slice(0, mostProblems) };
}

function parse(source: SourceText): Document.Parsed | undefined {
  try {
    return parseDocument(source.text, {
      version: '1.2',
      schema: 'core',
      prettyErrors: false,
      logLevel: 'warn',
    });
  } catch {
    return undefined;
  }
}

const mends: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key is there twice: keep one',
  TAB_AS_INDENT: 'a tab indents this line: YAML wants spaces',
  MULTIPLE_DOCS: 'a second YAML document begins here: keep one document in a file',
  TAG_RESOLVE_FAILED: 'YAML reads a value that begins with `!` as a tag: put the whole value in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'YAML reads `: ` in this value as a key: put the whole value in quotes',
  MISSING_CHAR: 'something that was opened here is not closed',
  BAD_SCALAR_START: 'YAML gives this character a meaning of its own: put the whole value in quotes',
  BAD_ALIAS: 'YAML reads `*` as an alias: put the whole value in quotes',
};

function yamlMend(code: string, message: string): string {
  if (code === 'UNEXPECTED_TOKEN' && message.includes('at node end')) {
    return 'YAML ends the value before this: put the whole value in quotes, of the other kind than inside it';
  }
  const mend = mends[code];
  if (code === 'TAG_RESOLVE_FAILED') return mends[code] ?? message;
  return mend === undefined ? `not valid YAML: ${message}` : `${mend} (${message})`;
}

function versionProblems(document: Document.Parsed, source: SourceText): PolicyProblem[] {
  const { explicit, version } = document.directives.yaml;
  if (explicit !== true || version === '1.2') return [];
  return [
    source.problem(
      { offset: 0, length: 5 },
      `YAML ${version} reads words such as \`on\` as booleans: remove the %YAML line`,
    ),
  ];
}

function nodeProblems(document: Document.Parsed, source: SourceText): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const add = (node: Node, message: string): void => {
    const [start, end] = node.range ?? [0, 1];
    problems.push(source.problem({ offset: start, length: end - start }, message));
  };
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node))
        add(node, 'aliases are not taken: write the value out, or make it a list under `lists`');
      else if (isTagged(node) && document.warnings.length === 0)
        add(node, 'tags are not taken: remove what begins with `!`');
    },
    Pair: (_, pair) => {
      if (!isScalar(pair.key)) add(pair.key as Node, 'a key must be plain text');
      else if (typeof pair.key.value !== 'string') add(pair.key, 'a key must be text: put it in quotes');
    },
  });
  return problems;
}

/** A tag that the text states; the parser sets none by itself, but for maps with merge keys. */
function isTagged(node: Node): boolean {
  return 'tag' in node && typeof node.tag === 'string' && (isScalar(node) || isMap(node) || 'items' in node);
}
