import type { Expression } from './syntax';

/** What an expression comes to, as far as it can be known without Azure. */
export type Value =
  string | number | boolean | null | Value[] | { [name: string]: Value } | Unknown | Reference;

/** Something that only a deployment knows: a parameter without a default, a resource's id. */
export class Unknown {
  constructor(
    /** The expression. */
    readonly text: string,
    /** What it can be, if that is known. */
    readonly options: readonly Value[] = [],
  ) {}

  toString(): string {
    return `‹${this.text}›`;
  }
}

/** A resource or module of the file. */
export class Reference extends Unknown {
  constructor(
    symbol: string,
    readonly member: (name: string) => Value,
  ) {
    super(symbol);
  }
}

export function isUnknown(value: Value | undefined): value is Unknown {
  return value instanceof Unknown;
}

export function isObject(value: Value | undefined): value is { [name: string]: Value } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isUnknown(value);
}

/** A value inside a text. */
export function shown(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  return isUnknown(value) ? value.toString() : JSON.stringify(value ?? null);
}

/** As JSON; what is unknown becomes a text in `‹›`. */
export function plain(value: Value): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner: unknown) => (inner instanceof Unknown ? inner.toString() : inner)),
  ) as unknown;
}

/** An expression in short, for people. */
export function textOf(expression: Expression): string {
  switch (expression.kind) {
    case 'text':
      return `'${expression.parts.join('${…}')}'`;
    case 'literal':
      return String(expression.value);
    case 'name':
      return expression.name;
    case 'member':
      return `${textOf(expression.object)}.${expression.name}`;
    case 'nested':
      return `${textOf(expression.object)}::${expression.name}`;
    case 'index':
      return `${textOf(expression.object)}[${textOf(expression.index)}]`;
    case 'call':
      return `${expression.name}(${expression.args.map(textOf).join(', ')})`;
    case 'binary':
      return `${textOf(expression.left)} ${expression.operator} ${textOf(expression.right)}`;
    case 'unary':
      return `${expression.operator}${textOf(expression.operand)}`;
    case 'ternary':
      return `${textOf(expression.condition)} ? … : …`;
    default:
      return expression.kind;
  }
}
