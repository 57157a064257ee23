import { type Document, isAlias, isMap, isScalar, type Node, parseDocument, visit } from 'yaml';
import type { PolicyProblem } from '../policy';
import type { SourceText } from './source-text';
import { oddCharactersInStructure } from './yaml-characters';

/** The result of parsing a YAML file. */
export type YamlParse =
  | { readonly kind: 'parsed'; readonly document: Document.Parsed }
  | { readonly kind: 'refused'; readonly problems: readonly PolicyProblem[] };

const maxProblems = 20;

/**
 * Parses one YAML 1.2 document, strictly: no aliases (they can expand to huge documents), no tags,
 * no other YAML version (in YAML 1.1 `on` is a boolean), and only text keys. Never throws.
 */
export function parseYaml(source: SourceText): YamlParse {
  const document = parse(source);
  if (document === undefined) {
    return refused([
      source.problem({ offset: 0, length: 1 }, 'the file is nested too deeply to be a policy'),
    ]);
  }
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos: [start, end] }) =>
    source.problem({ offset: start, length: end - start }, cutFix(source, start) ?? yamlFix(code, message)),
  );
  problems.push(...versionProblems(document, source), ...nodeProblems(document, source));
  if (problems.length === 0) return { kind: 'parsed', document };
  const signs = oddCharactersInStructure(source);
  return refused(signs.length > 0 ? signs : problems);
}

function refused(problems: readonly PolicyProblem[]): YamlParse {
  return { kind: 'refused', problems: problems.slice(0, maxProblems) };
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

const fixes: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'this key appears twice: keep one',
  TAB_AS_INDENT: 'this line is indented with a tab: use spaces',
  MULTIPLE_DOCS: 'a second YAML document begins here: keep one document in a file',
  TAG_RESOLVE_FAILED: 'YAML reads a value that begins with `!` as a tag: put the whole value in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'YAML reads `: ` in this value as a key: put the whole value in quotes',
  MISSING_CHAR: 'something that opens here is not closed',
  BAD_SCALAR_START: 'this character has a special meaning in YAML: put the whole value in quotes',
  BAD_ALIAS: 'YAML reads `*` as an alias: put the whole value in quotes',
};

function yamlFix(code: string, message: string): string {
  if (code === 'UNEXPECTED_TOKEN' && message.includes('at node end')) {
    return 'YAML ends the value before this: put the whole value in quotes, of the kind that it does not contain';
  }
  const fix = fixes[code];
  if (code === 'TAG_RESOLVE_FAILED') return fixes[code] ?? message;
  return fix === undefined ? `not valid YAML: ${message}` : `${fix} (${message})`;
}

/** Explains an error in the line after an unquoted value with a comment: the author goes on, but the value has ended. */
function cutFix({ text }: SourceText, at: number): string | undefined {
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const [indent = ''] = /^ */.exec(text.slice(line)) ?? [];
  const above = text.slice(text.lastIndexOf('\n', line - 2) + 1, line);
  const [, before] = /^( *(?:- +)?)[\w-]+: +[^\s"'|>#].*[ \t]#/.exec(above) ?? [];
  if (before === undefined || indent.length <= before.length) return undefined;
  return 'YAML ends the value at the comment in the line above: put the whole value in quotes, or remove the comment';
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
        add(node, 'aliases are not supported: write the value out, or make it a list under `lists`');
      else if (isTagged(node) && document.warnings.length === 0)
        add(node, 'tags are not supported: remove what begins with `!`');
    },
    Pair: (_, pair) => {
      if (!isScalar(pair.key)) add(pair.key as Node, 'a key must be plain text');
      else if (typeof pair.key.value !== 'string') add(pair.key, 'a key must be text: put it in quotes');
    },
  });
  return problems;
}

/** Returns whether the text states a tag. The parser itself sets tags only for maps with merge keys. */
function isTagged(node: Node): boolean {
  return 'tag' in node && typeof node.tag === 'string' && (isScalar(node) || isMap(node) || 'items' in node);
}
