import { BicepProblem, type Expression, type Position, type Spread, type TextNode } from './syntax';
import { TokenReader } from './token-reader';
import type { Token } from './tokens';
import { parseObject } from './parse-object';

/** Bicep's own order; a higher number binds more tightly. */
const precedence: Readonly<Record<string, number>> = {
  '??': 1,
  '||': 2,
  '&&': 3,
  '==': 4,
  '!=': 4,
  '=~': 4,
  '!~': 4,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
};

/** Line ends are allowed before `?` and `:` only, and within brackets, as in Bicep. @throws BicepProblem */
export function parseExpression(reader: TokenReader): Expression {
  const { at } = reader.peek();
  const condition = parseBinary(reader, 0);
  if (!reader.isAfterNewlines('?')) return condition;
  reader.skipNewlines();
  reader.expect('?');
  const yes = parseExpression(reader);
  if (reader.isAfterNewlines(':')) reader.skipNewlines();
  reader.expect(':');
  return { kind: 'ternary', condition, yes, no: parseExpression(reader), at };
}

function parseBinary(reader: TokenReader, least: number): Expression {
  const { at } = reader.peek();
  let left = parseUnary(reader);
  for (;;) {
    const { kind, text: operator } = reader.peek();
    const strength = kind === 'sign' ? (precedence[operator] ?? 0) : 0;
    if (strength <= least) return left;
    reader.take();
    left = { kind: 'binary', operator, left, right: parseBinary(reader, strength), at };
  }
}

function parseUnary(reader: TokenReader): Expression {
  const { at, text: operator } = reader.peek();
  if (!reader.is('!') && !reader.is('-')) return parseMember(reader);
  reader.take();
  return { kind: 'unary', operator, operand: parseMember(reader), at };
}

function parseMember(reader: TokenReader): Expression {
  let object = parsePrimary(reader);
  for (;;) {
    const { at } = reader.peek();
    if (reader.accept('.')) {
      const safe = reader.accept('?');
      const name = reader.name('the name of a property').text;
      object = reader.is('(')
        ? { kind: 'call', name, args: parseArguments(reader), on: object, at }
        : { kind: 'member', object, name, safe, at };
    } else if (reader.accept('[')) {
      const safe = reader.accept('?');
      reader.accept('^');
      const index = parseExpression(reader);
      reader.expect(']');
      object = { kind: 'index', object, index, safe, at };
    } else if (reader.accept('::')) {
      object = { kind: 'nested', object, name: reader.name('the name of a resource').text, at };
    } else if (!reader.accept('!')) {
      return object;
    }
  }
}

function parsePrimary(reader: TokenReader): Expression {
  const token = reader.peek();
  const { at, text } = token;
  if (token.kind === 'text') return parseText(reader);
  if (token.kind === 'number') return { kind: 'literal', value: Number(reader.take().text), at };
  if (reader.is('{')) return parseObject(reader);
  if (reader.is('[')) return parseArray(reader);
  if (reader.is('(')) return parseParentheses(reader);
  if (token.kind !== 'name') throw reader.problem('expected an expression');
  reader.take();
  if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true', at };
  if (text === 'null') return { kind: 'literal', value: null, at };
  if (reader.is('(')) return { kind: 'call', name: text, args: parseArguments(reader), on: undefined, at };
  return reader.is('=>') ? parseLambda(reader, [text], at) : { kind: 'name', name: text, at };
}

/** A text with or without holes. */
export function parseText(reader: TokenReader): TextNode {
  const token = reader.peek();
  if (token.kind !== 'text') throw reader.problem('expected a text');
  reader.take();
  return {
    kind: 'text',
    parts: token.parts ?? [],
    holes: (token.holes ?? []).map((tokens) => parseHole(tokens)),
    at: token.at,
  };
}

function parseHole(tokens: readonly Token[]): Expression {
  const reader = new TokenReader(tokens);
  const value = parseExpression(reader);
  if (reader.peek().kind !== 'end') throw reader.problem('expected }');
  return value;
}

/** After a comma lines may end, and before the closing bracket; a comma there is refused. */
export function parseArguments(reader: TokenReader): Expression[] {
  reader.expect('(');
  const args: Expression[] = [];
  reader.skipNewlines();
  while (!reader.is(')')) {
    args.push(parseExpression(reader));
    if (reader.accept(',')) {
      reader.skipNewlines();
      if (reader.is(')')) throw reader.problem('expected an argument');
    } else {
      reader.skipNewlines();
      if (!reader.is(')')) throw reader.problem('expected , or )');
    }
  }
  reader.expect(')');
  return args;
}

function parseParentheses(reader: TokenReader): Expression {
  const { at } = reader.peek();
  const items = parseArguments(reader);
  if (reader.is('=>')) return parseLambda(reader, namesOf(items), at);
  const [item] = items;
  if (item === undefined || items.length > 1) throw new BicepProblem('expected one expression', at);
  return item;
}

function parseLambda(reader: TokenReader, names: readonly string[], at: Position): Expression {
  reader.expect('=>');
  reader.skipNewlines();
  return { kind: 'lambda', names, body: parseExpression(reader), at };
}

function namesOf(items: readonly Expression[]): string[] {
  return items.map((item) => {
    if (item.kind === 'name') return item.name;
    throw new BicepProblem('expected the name of a local variable', item.at);
  });
}

function parseArray(reader: TokenReader): Expression {
  const { at } = reader.expect('[');
  if (reader.isAfterNewlines('for')) return parseLoop(reader, at);
  const items = parseElements(reader, ']', (): Expression | Spread => {
    const { at: start } = reader.peek();
    if (!reader.accept('...')) return parseExpression(reader);
    return { kind: 'spread', value: parseExpression(reader), at: start };
  });
  return { kind: 'array', items, at };
}

function parseLoop(reader: TokenReader, at: Position): Expression {
  reader.skipNewlines();
  reader.expect('for');
  const names = reader.is('(') ? namesOf(parseArguments(reader)) : [reader.name('a loop variable').text];
  reader.expect('in');
  const source = parseExpression(reader);
  reader.expect(':');
  const body = reader.is('if') && reader.is('(', 1) ? parseCondition(reader) : parseExpression(reader);
  reader.skipNewlines();
  reader.expect(']');
  return { kind: 'loop', names, source, body, at };
}

/** `if (…) {…}`, before the body of a resource or a module. */
export function parseCondition(reader: TokenReader): Expression {
  const { at } = reader.expect('if');
  if (!reader.is('(')) throw reader.problem('expected (');
  const condition = parseParentheses(reader);
  return { kind: 'if', condition, body: parseObject(reader), at };
}

/** What is between brackets, parted by line ends or by commas, not by both. Takes the closing bracket. */
export function parseElements<T>(reader: TokenReader, close: string, parseOne: () => T): T[] {
  const items: T[] = [];
  reader.skipNewlines();
  while (!reader.accept(close)) {
    items.push(parseOne());
    if (reader.isNewline()) reader.skipNewlines();
    else if (reader.accept(',')) {
      if (reader.isNewline()) throw reader.problem('expected no line end after a comma');
    } else if (!reader.is(close)) throw reader.problem(`expected a line end, a comma or ${close}`);
  }
  return items;
}
