import { accessOf, type CelNode, literalText, sourceOf } from '../cel/ast';

/** A tag that an author wrote after a dot although its name is not an identifier. */
export interface TagName {
  readonly root: string;
  readonly name: string;
}

/**
 * Says how to write `has()` for one fact. For a tag that cannot follow a dot, says how to check for
 * it without `has()`.
 */
export function hasFix(args: readonly CelNode[]): string {
  const [argument] = args;
  const tag = argument && (tagInBrackets(argument) ?? tagWithDashes(argument));
  if (tag === undefined)
    return '`has()` takes one fact: write `has(endpoint.tags)` or `has(target.tags.env)`';
  return `\`has()\` cannot check for a tag with this name: write \`${JSON.stringify(tag.name)} in ${tag.root}.tags\``;
}

/** Says how to read a tag that cannot follow a dot. */
export function bracketFix({ root, name }: TagName): string {
  const quoted = JSON.stringify(name);
  return `a tag with this name needs brackets: write \`${root}.tags[${quoted}]\`, and \`${quoted} in ${root}.tags\` to check for it`;
}

/** Finds a tag in `target.tags["cost-center"]`. */
function tagInBrackets(node: CelNode): TagName | undefined {
  if (node.op !== '[]') return undefined;
  const [map, key] = node.args;
  const access = accessOf(map);
  const name = literalText(key);
  return access?.field === 'tags' && name !== undefined ? { root: access.root, name } : undefined;
}

/** Finds a tag in `target.tags.cost-center`, which CEL parses as a subtraction. */
export function tagWithDashes(node: CelNode): TagName | undefined {
  const [, root, name = ''] = /^(target|endpoint)\.tags\.([\w.-]+)$/.exec(sourceOf(node)) ?? [];
  return root === undefined || !name.includes('-') ? undefined : { root, name };
}

/**
 * Finds a tag around the offset `at` in a text that CEL cannot parse, such as
 * `target.tags.owner:team`.
 */
export function tagAround(text: string, at: number): (TagName & { start: number; end: number }) | undefined {
  for (const match of text.matchAll(/\b(target|endpoint)\.tags\.([^\s()[\]{}&|=!<>,"'`+?]+)/g)) {
    const [whole, root = '', name = ''] = match;
    const end = match.index + whole.length;
    const isPlain = /^[A-Za-z_]\w*$/.test(name) && !celWords.has(name);
    if (match.index <= at && at <= end && !isPlain) return { root, name, start: match.index, end };
  }
  return undefined;
}

const celWords: ReadonlySet<string> = new Set([
  'in',
  'true',
  'false',
  'null',
  'as',
  'for',
  'if',
  'else',
  'loop',
  'while',
  'var',
  'let',
  'const',
  'import',
  'package',
  'namespace',
  'return',
  'function',
  'void',
  'break',
  'continue',
]);
