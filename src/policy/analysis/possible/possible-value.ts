import { foldText, raiseText } from '../../../connections/fold-text';
import type { CelNode } from '../../cel/ast';
import { shapesMeet } from '../shapes/shapes-meet';
import { anyText, either, ownText, row, type Shape, textShape } from '../shapes/text-shape';

/** What a part of a condition can be, as far as that is known without facts. Errs towards more. */
export type Value =
  | TextValue
  | { readonly kind: 'truth'; readonly canBeTrue: boolean; readonly canBeFalse: boolean }
  | ListValue
  | { readonly kind: 'number'; readonly least: number; readonly most: number }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Value, Value])[] }
  | { readonly kind: 'tags'; readonly tag: TextValue }
  | { readonly kind: 'unknown' };

export interface TextValue {
  readonly kind: 'text';
  readonly shape: Shape;
  /** The text itself, where it is known. */
  readonly literal?: string | undefined;
  /** Literals and entries of lists that it is made of. */
  readonly origins: readonly Origin[];
  /** The fact that it is, or is a part of, where Azure makes it in a known shape. */
  readonly fact?: string | undefined;
  /** The texts of which it is one, where the facts say which. */
  readonly parts?: readonly TextValue[] | undefined;
  /** Whether its letters are capitals. */
  readonly isUpper?: boolean | undefined;
  /** Whether it is the fact as a whole. */
  readonly whole?: boolean | undefined;
}

export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Item[];
  /** What further entries can be, where their number is not known. */
  readonly others?: Value | undefined;
}

export interface Item {
  readonly value: Value;
  /** Whether it is there whatever the facts are. */
  readonly certain: boolean;
}

/** Where the author wrote a text. */
export type Origin =
  | { readonly kind: 'literal'; readonly node: CelNode }
  | { readonly kind: 'entry'; readonly list: string; readonly index: number };

export type TruthValue = Extract<Value, { kind: 'truth' }>;

export const maybe: TruthValue = { kind: 'truth', canBeTrue: true, canBeFalse: true };
export const unknown: Value = { kind: 'unknown' };
/** A tag of a target: free text, but none of a stranger's. */
export const ownersText: TextValue = { kind: 'text', shape: ownText, origins: [] };
export const freeText: TextValue = { kind: 'text', shape: anyText, origins: [] };
export const anyCount: Value = { kind: 'number', least: 0, most: Infinity };

export function truth(canBeTrue: boolean, canBeFalse: boolean): TruthValue {
  return { kind: 'truth', canBeTrue, canBeFalse };
}

/** What is no truth value may be either. */
export function truthOf(value: Value): TruthValue {
  return value.kind === 'truth' ? value : maybe;
}

export function inverse({ canBeTrue, canBeFalse }: TruthValue): TruthValue {
  return truth(canBeFalse, canBeTrue);
}

/** One of both. */
export function unite(one: Value, other: Value): Value {
  if (one.kind === 'text' && other.kind === 'text') return oneOfTexts([one, other]);
  if (one.kind === 'truth' && other.kind === 'truth')
    return truth(one.canBeTrue || other.canBeTrue, one.canBeFalse || other.canBeFalse);
  if (one.kind === 'number' && other.kind === 'number')
    return { kind: 'number', least: Math.min(one.least, other.least), most: Math.max(one.most, other.most) };
  if (one.kind === 'list' && other.kind === 'list') {
    const others =
      one.others === undefined || other.others === undefined ? (one.others ?? other.others) : unknown;
    return {
      kind: 'list',
      items: [...one.items, ...other.items].map(({ value }) => ({ value, certain: false })),
      others,
    };
  }
  return unknown;
}

function oneOfTexts(texts: readonly TextValue[]): TextValue {
  const parts = texts.flatMap(textsOf);
  const [first] = parts;
  const fact = parts.every((part) => part.fact === first?.fact) ? first?.fact : undefined;
  const shape = either(...parts.map((part) => part.shape));
  return { kind: 'text', shape, parts, origins: parts.flatMap(({ origins }) => origins), fact };
}

/** The texts of which a value is one. */
export function textsOf(value: Value): readonly TextValue[] {
  return value.kind === 'text' ? (value.parts ?? [value]) : [];
}

export function joinTexts(one: TextValue, other: TextValue): TextValue {
  const literal =
    one.literal === undefined || other.literal === undefined ? undefined : one.literal + other.literal;
  const origins = [...one.origins, ...other.origins];
  return { kind: 'text', shape: row(one.shape, other.shape), literal, origins, fact: one.fact ?? other.fact };
}

export function equality(one: Value, other: Value): TruthValue {
  if (one.kind === 'text' && other.kind === 'text') return textEquality(one, other);
  if (one.kind === 'truth' && other.kind === 'truth') {
    const equal = (one.canBeTrue && other.canBeTrue) || (one.canBeFalse && other.canBeFalse);
    return truth(equal, (one.canBeTrue && other.canBeFalse) || (one.canBeFalse && other.canBeTrue));
  }
  if (one.kind === 'list' && other.kind === 'list')
    return equality(sizeOf(one), sizeOf(other)).canBeTrue ? ofLists(one, other) : truth(false, true);
  if (one.kind !== 'number' || other.kind !== 'number') return maybe;
  const apart = one.most < other.least || other.most < one.least;
  return truth(!apart, !(isExact(one) && isExact(other) && one.least === other.least));
}

/** Two lists that are empty whatever the facts are, are equal. */
function ofLists(one: ListValue, other: ListValue): TruthValue {
  const empty = [one, other].every(({ items, others }) => items.length === 0 && others === undefined);
  return truth(true, !empty);
}

function textEquality(one: TextValue, other: TextValue): TruthValue {
  if (differInCase(one, other) || differInCase(other, one)) return truth(false, true);
  if (one.literal !== undefined && other.literal !== undefined)
    return truth(foldText(one.literal) === foldText(other.literal), one.literal !== other.literal);
  return truth(shapesMeet(one.shape, other.shape), true);
}

/** Whether the one has capitals only, and the other is a text with small letters. */
export function differInCase(one: TextValue, { literal, isUpper }: TextValue): boolean {
  return one.isUpper === true && isUpper !== true && literal !== undefined && raiseText(literal) !== literal;
}

export function isLess(one: Value, other: Value, orEqual: boolean): TruthValue {
  if (one.kind !== 'number' || other.kind !== 'number') return maybe;
  return orEqual
    ? truth(one.least <= other.most, one.most > other.least)
    : truth(one.least < other.most, one.most >= other.least);
}

export function sizeOf(value: Value): Value {
  if (value.kind === 'text') {
    const { literal } = value;
    return literal === undefined ? anyCount : { kind: 'number', least: literal.length, most: literal.length };
  }
  if (value.kind !== 'list') return anyCount;
  const certain = value.items.filter((item) => item.certain).length;
  return { kind: 'number', least: certain, most: value.others === undefined ? value.items.length : Infinity };
}

function isExact({ least, most }: Extract<Value, { kind: 'number' }>): boolean {
  return least === most;
}

/** What an entry of a list can be; `undefined` for a list without entries. */
export function entryOf(list: Value): Value | undefined {
  if (list.kind !== 'list') return unknown;
  const all = [...list.items.map(({ value }) => value), ...(list.others === undefined ? [] : [list.others])];
  const texts = all.filter((value) => value.kind === 'text');
  if (texts.length === all.length && texts.length > 1) return oneOfTexts(texts);
  const [first, ...more] = all;
  return first && more.reduce(unite, first);
}

/** What a literal is. */
export function literalValue(node: CelNode & { op: 'value' }): Value {
  const { args } = node as { args: unknown };
  if (typeof args === 'boolean') return truth(args, !args);
  if (typeof args === 'bigint' || typeof args === 'number')
    return { kind: 'number', least: Number(args), most: Number(args) };
  if (typeof args !== 'string') return unknown;
  return {
    kind: 'text',
    shape: textShape(foldText(args)),
    literal: args,
    origins: [{ kind: 'literal', node }],
  };
}

/** What `+` makes of both. */
export function added(left: Value, right: Value): Value {
  if (left.kind === 'text' && right.kind === 'text') return joinTexts(left, right);
  if (left.kind === 'list' && right.kind === 'list') {
    const others =
      left.others === undefined || right.others === undefined ? (left.others ?? right.others) : unknown;
    return { kind: 'list', items: [...left.items, ...right.items], others };
  }
  return unknown;
}

/** Whether all of them are true. */
export function allOf(parts: readonly TruthValue[]): TruthValue {
  return truth(
    parts.every(({ canBeTrue }) => canBeTrue),
    parts.some(({ canBeFalse }) => canBeFalse),
  );
}
