import { accessOf, type CelNode, literalText, sourceOf } from '../cel/ast';

/** A tag whose name is no plain word, as somebody wrote it behind a dot. */
export interface TagName {
  readonly root: string;
  readonly name: string;
}

/** How to ask `has()` for one fact; for a tag that cannot stand behind a dot, how to ask for it without. */
export function hasMend(args: readonly CelNode[]): string {
  const [asked] = args;
  const tag = asked && (tagInBrackets(asked) ?? tagWithDashes(asked));
  if (tag === undefined)
    return '`has()` asks for one fact: write `has(endpoint.tags)` or `has(target.tags.env)`';
  return `\`has()\` cannot ask for such a tag: write \`${JSON.stringify(tag.name)} in ${tag.root}.tags\``;
}

/** How to read a tag that cannot stand behind a dot. */
export function bracketMend({ root, name }: TagName): string {
  const quoted = JSON.stringify(name);
  return `such a tag stands in brackets: write \`${root}.tags[${quoted}]\`, and \`${quoted} in ${root}.tags\` to ask for it`;
}

/** Finds `target.tags["cost-center"]`. */
function tagInBrackets(node: CelNode): TagName | undefined {
  if (node.op !== '[]') return undefined;
  const [map, key] = node.args;
  const access = accessOf(map);
  const name = literalText(key);
  return access?.field === 'tags' && name !== undefined ? { root: access.root, name } : undefined;
}

/** Finds `target.tags.cost-center`, which is a subtraction to CEL. */
export function tagWithDashes(node: CelNode): TagName | undefined {
  const [, root, name = ''] = /^(target|endpoint)\.tags\.([\w.-]+)$/.exec(sourceOf(node)) ?? [];
  return root === undefined || !name.includes('-') ? undefined : { root, name };
}

/** Finds a tag in a text that CEL cannot read, such as `target.tags.owner:team`, if `at` lies in it. */
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
