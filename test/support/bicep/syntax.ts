/** Where something stands in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

interface Node {
  readonly at: Position;
}

export interface TextNode extends Node {
  readonly kind: 'text';
  /** One more than there are holes. */
  readonly parts: readonly string[];
  readonly holes: readonly Expression[];
}

export interface Property extends Node {
  readonly kind: 'property';
  readonly key: TextNode;
  readonly value: Expression;
}

export interface Spread extends Node {
  readonly kind: 'spread';
  readonly value: Expression;
}

export interface ObjectNode extends Node {
  readonly kind: 'object';
  readonly entries: readonly (Property | Spread | Resource)[];
}

export interface Call extends Node {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  /** What stands before the dot: a namespace, or a resource. */
  readonly on: Expression | undefined;
}

export interface Loop extends Node {
  readonly kind: 'loop';
  readonly names: readonly string[];
  readonly source: Expression;
  readonly body: Expression;
}

export interface Conditional extends Node {
  readonly kind: 'if';
  readonly condition: Expression;
  readonly body: Expression;
}

export interface Lambda extends Node {
  readonly kind: 'lambda';
  readonly names: readonly string[];
  readonly body: Expression;
}

export type Expression =
  | TextNode
  | ObjectNode
  | Call
  | Loop
  | Conditional
  | Lambda
  | (Node & { readonly kind: 'literal'; readonly value: number | boolean | null })
  | (Node & { readonly kind: 'name'; readonly name: string })
  | (Node & { readonly kind: 'array'; readonly items: readonly (Expression | Spread)[] })
  | (Node & { readonly kind: 'member'; readonly object: Expression; readonly name: string; safe: boolean })
  | (Node & { readonly kind: 'nested'; readonly object: Expression; readonly name: string })
  | (Node & {
      readonly kind: 'index';
      readonly object: Expression;
      readonly index: Expression;
      safe: boolean;
    })
  | (Node & { readonly kind: 'unary'; readonly operator: string; readonly operand: Expression })
  | (Node & {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    })
  | (Node & {
      readonly kind: 'ternary';
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    });

/** A type, as far as it matters here: what it is called, and which names it uses. */
export interface TypeNode extends Node {
  /** As written, without spaces and line ends. */
  readonly text: string;
  readonly uses: readonly { readonly name: string; readonly at: Position }[];
  readonly nullable: boolean;
}

export type Decorator = Call;

interface Declaration extends Node {
  readonly name: string;
  readonly decorators: readonly Decorator[];
}

export interface Parameter extends Declaration {
  readonly kind: 'param';
  readonly type: TypeNode;
  readonly default: Expression | undefined;
}

export interface Variable extends Declaration {
  readonly kind: 'var';
  readonly value: Expression;
}

export interface Output extends Declaration {
  readonly kind: 'output';
  readonly type: TypeNode;
  readonly value: Expression;
}

export interface Resource extends Declaration {
  readonly kind: 'resource';
  /** E.g. `Microsoft.Web/sites`; below another resource the last segment alone. */
  readonly type: string;
  /** `undefined` only below another resource. */
  readonly apiVersion: string | undefined;
  readonly existing: boolean;
  /** An object; or a loop, or a condition, around one. */
  readonly body: Expression;
}

export interface Module extends Declaration {
  readonly kind: 'module';
  readonly path: string;
  readonly body: Expression;
}

export interface UserFunction extends Declaration {
  readonly kind: 'func';
  readonly parameters: readonly { readonly name: string; readonly type: TypeNode }[];
  readonly returns: TypeNode;
  readonly body: Expression;
}

export interface UserType extends Declaration {
  readonly kind: 'type';
  readonly type: TypeNode;
}

export interface Import extends Declaration {
  readonly kind: 'import';
  /** What it is called there; `*` for all. */
  readonly original: string;
  readonly path: string;
}

export type SettingKind = 'targetScope' | 'metadata' | 'using';

export interface Setting<K extends SettingKind> extends Declaration {
  readonly kind: K;
  readonly value: Expression;
}

export type Statement =
  | Parameter
  | Variable
  | Output
  | Resource
  | Module
  | UserFunction
  | UserType
  | Import
  | Setting<'targetScope'>
  | Setting<'metadata'>
  | Setting<'using'>;

/** Something that is wrong in a file. */
export class BicepProblem extends Error {
  constructor(
    message: string,
    readonly at: Position,
  ) {
    super(message);
  }
}
