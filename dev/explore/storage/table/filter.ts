import { tableError } from '../errors';
import type { StoredRow } from './entity';

/** A parsed OData filter. */
export interface Filter {
  /** Tells whether a row matches. */
  matches(row: StoredRow): boolean;
  /** The only partition that can have matches; `undefined` when any can. */
  readonly partitionKey: string | undefined;
}

type Literal = string | number | boolean;
type Operator = (compared: number) => boolean;

/**
 * `columns` of a filter are `property operator literal`; no row matches by a column that it does not have.
 */
type Node =
  | { readonly kind: 'comparison'; readonly column: string; readonly name: string; readonly value: Literal }
  | { readonly kind: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'not'; readonly inner: Node };

const operators: Readonly<Record<string, Operator>> = {
  eq: (compared) => compared === 0,
  ne: (compared) => compared !== 0,
  lt: (compared) => compared < 0,
  le: (compared) => compared <= 0,
  gt: (compared) => compared > 0,
  ge: (compared) => compared >= 0,
};

const everything: Filter = { matches: () => true, partitionKey: undefined };

/**
 * Parses a filter of the form that tables take: comparisons of a property with a text, a number or a boolean,
 * joined by `and`, `or`, `not` and parentheses. @throws RestError InvalidInput
 */
export function parseFilter(text: string | undefined): Filter {
  if (text === undefined || text === '') return everything;
  const known = parsed.get(text) ?? parse(text);
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(text, known);
  return known;
}

/** Filters by their text: an app asks for the same rows again and again. */
const parsed = new Map<string, Filter>();
const mostParsed = 1_000;

function parse(text: string): Filter {
  const tokens = new Tokens(text);
  const node = parseOr(tokens);
  if (!tokens.isAtEnd()) throw invalidFilter();
  return { matches: predicateFrom(node), partitionKey: partitionKeyFrom(node) };
}

function parseOr(tokens: Tokens): Node {
  const left = parseAnd(tokens);
  return tokens.takes('or') ? { kind: 'or', left, right: parseOr(tokens) } : left;
}

function parseAnd(tokens: Tokens): Node {
  const left = parseUnary(tokens);
  return tokens.takes('and') ? { kind: 'and', left, right: parseAnd(tokens) } : left;
}

function parseUnary(tokens: Tokens): Node {
  if (tokens.takes('not')) return { kind: 'not', inner: parseUnary(tokens) };
  if (!tokens.takes('(')) return parseComparison(tokens);
  const inner = parseOr(tokens);
  if (!tokens.takes(')')) throw invalidFilter();
  return inner;
}

function parseComparison(tokens: Tokens): Node {
  const column = tokens.word();
  const name = tokens.word();
  if (operators[name] === undefined) throw invalidFilter();
  return { kind: 'comparison', column, name, value: tokens.literal() };
}

function predicateFrom(node: Node): (row: StoredRow) => boolean {
  switch (node.kind) {
    case 'not': {
      const inner = predicateFrom(node.inner);
      return (row) => !inner(row);
    }
    case 'and': {
      const [left, right] = [predicateFrom(node.left), predicateFrom(node.right)];
      return (row) => left(row) && right(row);
    }
    case 'or': {
      const [left, right] = [predicateFrom(node.left), predicateFrom(node.right)];
      return (row) => left(row) || right(row);
    }
    case 'comparison':
      return comparisonFrom(node);
  }
}

function comparisonFrom({
  column,
  name,
  value,
}: Extract<Node, { kind: 'comparison' }>): (row: StoredRow) => boolean {
  const field = fieldOf(column);
  const holds = operators[name];
  if (holds === undefined) throw invalidFilter();
  return (row) => {
    const present = row[field];
    if (typeof present !== typeof value || present === undefined) return false;
    return holds(present === value ? 0 : present < value ? -1 : 1);
  };
}

/** Returns the field of a stored row that holds a property of the service. */
function fieldOf(property: string): string {
  if (property === 'PartitionKey') return 'partitionKey';
  return property === 'RowKey' ? 'rowKey' : property;
}

function partitionKeyFrom(node: Node): string | undefined {
  if (node.kind === 'and') return partitionKeyFrom(node.left) ?? partitionKeyFrom(node.right);
  const isPlace = node.kind === 'comparison' && node.column === 'PartitionKey' && node.name === 'eq';
  return isPlace && typeof node.value === 'string' ? node.value : undefined;
}

/** The tokens of a filter, read from left to right. */
class Tokens {
  private readonly pattern =
    /\s*(?:(?<mark>[()])|'(?<text>(?:[^']|'')*)'|(?<number>[-+]?\d+(?:\.\d+)?)|(?<word>[A-Za-z_]\w*))/y;
  private present: Record<string, string | undefined> | undefined;

  constructor(private readonly source: string) {
    this.advance();
  }

  isAtEnd(): boolean {
    return this.present === undefined;
  }

  /** Takes the next token if it is this word or mark. */
  takes(expected: string): boolean {
    const found = this.present?.['word'] ?? this.present?.['mark'];
    if (found !== expected) return false;
    this.advance();
    return true;
  }

  word(): string {
    const word = this.present?.['word'];
    if (word === undefined) throw invalidFilter();
    this.advance();
    return word;
  }

  literal(): Literal {
    const { text, number, word } = this.present ?? {};
    this.advance();
    if (text !== undefined) return text.replaceAll("''", "'");
    if (number !== undefined) return Number(number);
    if (word === 'true' || word === 'false') return word === 'true';
    throw invalidFilter();
  }

  private advance(): void {
    const at = this.pattern.lastIndex;
    const groups = this.pattern.exec(this.source)?.groups;
    if (groups === undefined && this.source.slice(at).trim() !== '') throw invalidFilter();
    this.present = groups;
  }
}

function invalidFilter(): Error {
  return tableError({
    status: 400,
    code: 'InvalidInput',
    message: 'The query condition specified in the request is invalid.',
  });
}
