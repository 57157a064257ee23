import { parseElements, parseExpression, parseText } from './parse-expression';
import { parseDecorators } from './parse-statement';
import type { Expression, Position, TypeNode } from './syntax';
import type { TokenReader } from './token-reader';

interface Use {
  readonly name: string;
  readonly at: Position;
}

/** @throws BicepProblem */
export function parseType(reader: TokenReader): TypeNode {
  const { at } = reader.peek();
  const uses: Use[] = [];
  const text = parseUnion(reader, uses);
  return { text, uses, nullable: text.endsWith('?'), at };
}

/** A line may end before a `|`, not after it. */
function parseUnion(reader: TokenReader, uses: Use[]): string {
  const members: string[] = [];
  if (reader.isAfterNewlines('|')) takeBar(reader);
  for (;;) {
    members.push(parsePostfix(reader, uses));
    if (!reader.isAfterNewlines('|')) return members.join('|');
    takeBar(reader);
  }
}

function takeBar(reader: TokenReader): void {
  reader.skipNewlines();
  reader.expect('|');
}

function parsePostfix(reader: TokenReader, uses: Use[]): string {
  let text = parseBase(reader, uses);
  for (;;) {
    if (reader.accept('[')) {
      if (!reader.accept('*') && !reader.is(']')) parseExpression(reader);
      reader.expect(']');
      text += '[]';
    } else if (reader.accept('.')) {
      text += `.${reader.accept('*') ? '*' : reader.name('the name of a type').text}`;
    } else if (reader.accept('?')) {
      text += '?';
    } else if (!reader.accept('!')) {
      return text;
    }
  }
}

function parseBase(reader: TokenReader, uses: Use[]): string {
  const token = reader.peek();
  if (token.kind === 'text') return quoted(parseText(reader));
  if (token.kind === 'number') return reader.take().text;
  if (reader.accept('-') || reader.accept('!')) return `${token.text}${parseBase(reader, uses)}`;
  if (reader.accept('{'))
    return `{${parseElements(reader, '}', () => parseProperty(reader, uses)).join(';')}}`;
  if (reader.accept('[')) return `[${parseElements(reader, ']', () => parseItem(reader, uses)).join(';')}]`;
  if (reader.accept('(')) {
    const inner = parseUnion(reader, uses);
    reader.expect(')');
    return `(${inner})`;
  }
  const { text, at } = reader.name('a type');
  if (reader.accept('<')) return `${text}<${parseTypeArguments(reader, uses)}>`;
  if (text === 'resource' && reader.peek().kind === 'text') return `resource ${quoted(parseText(reader))}`;
  uses.push({ name: text, at });
  return text;
}

function parseTypeArguments(reader: TokenReader, uses: Use[]): string {
  const items: string[] = [];
  do items.push(parseUnion(reader, uses));
  while (reader.accept(','));
  reader.expect('>');
  return items.join(',');
}

function parseProperty(reader: TokenReader, uses: Use[]): string {
  parseDecorators(reader);
  const key = reader.accept('*')
    ? '*'
    : reader.peek().kind === 'text'
      ? quoted(parseText(reader))
      : reader.name('the name of a property').text;
  reader.expect(':');
  return `${key}:${parseUnion(reader, uses)}`;
}

function parseItem(reader: TokenReader, uses: Use[]): string {
  parseDecorators(reader);
  return parseUnion(reader, uses);
}

function quoted(text: Extract<Expression, { kind: 'text' }>): string {
  return `'${text.parts.join('${}')}'`;
}
