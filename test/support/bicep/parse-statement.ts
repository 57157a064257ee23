import { parseArguments, parseCondition, parseExpression, parseText } from './parse-expression';
import { parseObject } from './parse-object';
import { parseType } from './parse-type';
import {
  BicepProblem,
  type Call,
  type Decorator,
  type Expression,
  type Import,
  type Resource,
  type Statement,
} from './syntax';
import type { TokenReader } from './token-reader';

/** Which of the two languages: in a parameters file `param` gives a value. */
export type Dialect = 'bicep' | 'bicepparam';

/** One statement with its decorators; `import` can declare several names. @throws BicepProblem */
export function parseStatement(reader: TokenReader, dialect: Dialect): Statement[] {
  const decorators = parseDecorators(reader);
  const keyword = reader.peek();
  switch (keyword.text) {
    case 'resource':
      return [parseResource(reader, decorators)];
    case 'module':
      return [parseModule(reader, decorators)];
    case 'import':
      return parseImport(reader, decorators);
    case 'func':
      return [parseFunction(reader, decorators)];
    case 'targetScope':
    case 'using':
      return [parseSetting(reader, decorators, keyword.text)];
    case 'param':
      if (dialect === 'bicepparam') return [parseValue(reader, decorators, 'var')];
      return [parseParameter(reader, decorators)];
    case 'var':
    case 'metadata':
      return [parseValue(reader, decorators, keyword.text)];
    case 'type':
      return [parseUserType(reader, decorators)];
    case 'output':
      return [parseOutput(reader, decorators)];
    default:
      throw reader.problem('expected a declaration');
  }
}

/** Each on lines of its own. */
export function parseDecorators(reader: TokenReader): Decorator[] {
  const decorators: Decorator[] = [];
  while (reader.accept('@')) {
    decorators.push(parseDecorator(reader));
    if (!reader.isNewline()) throw reader.problem('expected the end of the line');
    reader.skipNewlines();
  }
  return decorators;
}

function parseDecorator(reader: TokenReader): Call {
  const first = reader.name('the name of a decorator');
  const isQualified = reader.accept('.');
  const { text: name, at } = isQualified ? reader.name('the name of a decorator') : first;
  return { kind: 'call', name, args: parseArguments(reader), on: undefined, at };
}

export function parseResource(reader: TokenReader, decorators: readonly Decorator[]): Resource {
  reader.expect('resource');
  const { text: name, at } = reader.name('the name of a resource');
  const [type = '', apiVersion] = plainText(parseText(reader)).split('@');
  const existing = reader.accept('existing');
  reader.expect('=');
  return { kind: 'resource', name, type, apiVersion, existing, body: parseBody(reader), decorators, at };
}

function parseModule(reader: TokenReader, decorators: readonly Decorator[]): Statement {
  reader.expect('module');
  const { text: name, at } = reader.name('the name of a module');
  const path = plainText(parseText(reader));
  reader.expect('=');
  return { kind: 'module', name, path, body: parseBody(reader), decorators, at };
}

function parseBody(reader: TokenReader): Expression {
  if (reader.isAfterNewlines('if')) {
    reader.skipNewlines();
    return parseCondition(reader);
  }
  if (reader.is('{')) return parseObject(reader);
  const { at } = reader.peek();
  const body = parseExpression(reader);
  if (body.kind !== 'loop') throw new BicepProblem('expected an object, a condition or a loop', at);
  if (body.body.kind !== 'object' && body.body.kind !== 'if')
    throw new BicepProblem('expected an object or a condition in the loop', body.body.at);
  return body;
}

function parseParameter(reader: TokenReader, decorators: readonly Decorator[]): Statement {
  reader.expect('param');
  const { text: name, at } = reader.name('the name of a parameter');
  const type = parseType(reader);
  const value = reader.accept('=') ? parseExpression(reader) : undefined;
  return { kind: 'param', name, type, default: value, decorators, at };
}

function parseOutput(reader: TokenReader, decorators: readonly Decorator[]): Statement {
  reader.expect('output');
  const { text: name, at } = reader.name('the name of an output');
  const type = parseType(reader);
  reader.expect('=');
  return { kind: 'output', name, type, value: parseExpression(reader), decorators, at };
}

function parseValue(
  reader: TokenReader,
  decorators: readonly Decorator[],
  kind: 'var' | 'metadata',
): Statement {
  reader.take();
  const { text: name, at } = reader.name('a name');
  if (!reader.is('=') && kind === 'var') parseType(reader);
  reader.expect('=');
  return { kind, name, value: parseExpression(reader), decorators, at };
}

function parseUserType(reader: TokenReader, decorators: readonly Decorator[]): Statement {
  reader.expect('type');
  const { text: name, at } = reader.name('the name of a type');
  reader.expect('=');
  return { kind: 'type', name, type: parseType(reader), decorators, at };
}

function parseFunction(reader: TokenReader, decorators: readonly Decorator[]): Statement {
  reader.expect('func');
  const { text: name, at } = reader.name('the name of a function');
  reader.expect('(');
  reader.skipNewlines();
  const parameters = [];
  while (!reader.is(')')) {
    const { text } = reader.name('the name of a parameter');
    parameters.push({ name: text, type: parseType(reader) });
    reader.accept(',');
    reader.skipNewlines();
  }
  reader.expect(')');
  const returns = parseType(reader);
  reader.expect('=>');
  reader.skipNewlines();
  return { kind: 'func', name, parameters, returns, body: parseExpression(reader), decorators, at };
}

function parseSetting(
  reader: TokenReader,
  decorators: readonly Decorator[],
  kind: 'targetScope' | 'using',
): Statement {
  const { at } = reader.take();
  if (kind === 'targetScope') reader.expect('=');
  return { kind, name: kind, value: parseExpression(reader), decorators, at };
}

function parseImport(reader: TokenReader, decorators: readonly Decorator[]): Import[] {
  const { at } = reader.expect('import');
  const names: { original: string; name: string }[] = [];
  if (reader.accept('*')) {
    reader.expect('as');
    names.push({ original: '*', name: reader.name('a name').text });
  } else {
    reader.expect('{');
    reader.skipNewlines();
    while (!reader.accept('}')) {
      const original = reader.name('what to import').text;
      names.push({ original, name: reader.accept('as') ? reader.name('a name').text : original });
      reader.accept(',');
      reader.skipNewlines();
    }
  }
  reader.expect('from');
  const path = plainText(parseText(reader));
  return names.map((one) => ({ kind: 'import', ...one, path, decorators, at }));
}

function plainText(text: Extract<Expression, { kind: 'text' }>): string {
  if (text.holes.length > 0) throw new BicepProblem('expected a text without interpolation', text.at);
  return text.parts.join('');
}
