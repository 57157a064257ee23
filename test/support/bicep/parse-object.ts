import { parseElements, parseExpression, parseText } from './parse-expression';
import { parseDecorators, parseResource } from './parse-statement';
import type { ObjectNode, TextNode } from './syntax';
import type { TokenReader } from './token-reader';

/** An object, with the resources that are declared in it. @throws BicepProblem */
export function parseObject(reader: TokenReader): ObjectNode {
  const { at } = reader.expect('{');
  return { kind: 'object', entries: parseElements(reader, '}', () => parseEntry(reader)), at };
}

function parseEntry(reader: TokenReader): ObjectNode['entries'][number] {
  const { at } = reader.peek();
  if (reader.accept('...')) return { kind: 'spread', value: parseExpression(reader), at };
  const declares = reader.is('resource') && reader.peek(1).kind === 'name';
  if (declares || reader.is('@')) return parseResource(reader, parseDecorators(reader));
  const key = parseKey(reader);
  reader.expect(':');
  return { kind: 'property', key, value: parseExpression(reader), at };
}

function parseKey(reader: TokenReader): TextNode {
  if (reader.peek().kind === 'text') return parseText(reader);
  const { text, at } = reader.name('the name of a property');
  return { kind: 'text', parts: [text], holes: [], at };
}
