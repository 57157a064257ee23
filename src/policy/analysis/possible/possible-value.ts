import { foldText, raiseText } from '../../../connections/fold-text';
import type { CelNode } from '../../cel/ast';
import { shapesOverlap } from '../shapes/shapes-overlap';
import { anyText, either, ownText, row, type Shape, textShape } from '../shapes/text-shape';

/**
 * The possible values of a part of a condition, as far as they are known without facts. May include
 * impossible values.
 */
export type Value =
  | TextValue
  | { readonly kind: 'truth'; readonly canBeTrue: boolean; readonly canBeFalse: boolean }
  | ListValue
  | { readonly kind: 'number'; readonly least: number; readonly most: number }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Value, Value])[] }
  | { readonly kind: 'tags'; readonly tag: TextValue }
  | { readonly kind: 'unknown' };

/** A possible text. */
export interface TextValue {
  readonly kind: 'text';
  readonly shape: Shape;
  /** The text itself, if it is known. */
  readonly literal?: string | undefined;
  /** The literals and list entries that it consists of. */
  readonly origins: readonly Origin[];
  /** The path of the fact that it is, or is a part of, if the fact has a known shape. */
  readonly fact?: string | undefined;
  /** The texts of which it is one, if that depends on the facts. */
  readonly parts?: readonly TextValue[] | undefined;
  /** Whether `upperAscii()` was applied. */
  readonly isUpper?: boolean | undefined;
  /** Whether it is the whole fact. */
  readonly whole?: boolean | undefined;
}

/** A possible list. */
export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Item[];
  /** The possible values of further entries, if their number is not known. */
  readonly others?: Value | undefined;
}

/** A possible entry of a list. */
export interface Item {
  readonly value: Value;
  /** Whether the entry is present for all facts. */
  readonly certain: boolean;
}

/** The place where the author wrote a text. */
export type Origin =
  | { readonly kind: 'literal'; readonly node: CelNode }
  | { readonly kind: 'entry'; readonly list: string; readonly index: number };

/** A possible boolean. */
export type TruthValue = Extract<Value, { kind: 'truth' }>;

/** A boolean that can be true and can be false. */
export const maybe: TruthValue = { kind: 'truth', canBeTrue: true, canBeFalse: true };
/** A value about which nothing is known. */
export const unknown: Value = { kind: 'unknown' };
/** The value of a target's tag: free text that no stranger chose. */
export const ownersText: TextValue = { kind: 'text', shape: ownText, origins: [] };
/** Any text. */
export const freeText: TextValue = { kind: 'text', shape: anyText, origins: [] };
/** Any number from 0. */
export const anyCount: Value = { kind: 'number', least: 0, most: Infinity };

/** Creates a boolean value. */
export function truth(canBeTrue: boolean, canBeFalse: boolean): TruthValue {
  return { kind: 'truth', canBeTrue, canBeFalse };
}

/** Returns a boolean value as it is, and `maybe` for any other value. */
export function truthOf(value: Value): TruthValue {
  return value.kind === 'truth' ? value : maybe;
}

/** Returns the value of `!x`. */
export function inverse({ canBeTrue, canBeFalse }: TruthValue): TruthValue {
  return truth(canBeFalse, canBeTrue);
}

/** Returns the value of a part that is either one value or the other. */
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

/** Returns the texts of which a value is one. Empty for a value that is not a text. */
export function textsOf(value: Value): readonly TextValue[] {
  return value.kind === 'text' ? (value.parts ?? [value]) : [];
}

/** Returns the concatenation of two texts. */
export function joinTexts(one: TextValue, other: TextValue): TextValue {
  const literal =
    one.literal === undefined || other.literal === undefined ? undefined : one.literal + other.literal;
  const origins = [...one.origins, ...other.origins];
  return { kind: 'text', shape: row(one.shape, other.shape), literal, origins, fact: one.fact ?? other.fact };
}

/** Returns the value of `one == other`. */
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

/** Lists of which the sizes can be equal. Only lists that are always empty are certainly equal. */
function ofLists(one: ListValue, other: ListValue): TruthValue {
  const empty = [one, other].every(({ items, others }) => items.length === 0 && others === undefined);
  return truth(true, !empty);
}

function textEquality(one: TextValue, other: TextValue): TruthValue {
  if (differInCase(one, other) || differInCase(other, one)) return truth(false, true);
  if (one.literal !== undefined && other.literal !== undefined)
    return truth(foldText(one.literal) === foldText(other.literal), one.literal !== other.literal);
  return truth(shapesOverlap(one.shape, other.shape), true);
}

/** Returns whether `one` is in upper case and the other text has lowercase letters. */
export function differInCase(one: TextValue, { literal, isUpper }: TextValue): boolean {
  return one.isUpper === true && isUpper !== true && literal !== undefined && raiseText(literal) !== literal;
}

/** Returns the value of `one < other`, or of `one <= other`. */
export function isLess(one: Value, other: Value, orEqual: boolean): TruthValue {
  if (one.kind !== 'number' || other.kind !== 'number') return maybe;
  return orEqual
    ? truth(one.least <= other.most, one.most > other.least)
    : truth(one.least < other.most, one.most >= other.least);
}

/** Returns the value of `size(value)`. */
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

/** Returns the possible values of an entry of a list. Undefined for a list without entries. */
export function entryOf(list: Value): Value | undefined {
  if (list.kind !== 'list') return unknown;
  const all = [...list.items.map(({ value }) => value), ...(list.others === undefined ? [] : [list.others])];
  const texts = all.filter((value) => value.kind === 'text');
  if (texts.length === all.length && texts.length > 1) return oneOfTexts(texts);
  const [first, ...more] = all;
  return first && more.reduce(unite, first);
}

/** Returns the value of a literal. */
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

/** Returns the value of `left + right`. */
export function added(left: Value, right: Value): Value {
  if (left.kind === 'text' && right.kind === 'text') return joinTexts(left, right);
  if (left.kind === 'list' && right.kind === 'list') {
    const others =
      left.others === undefined || right.others === undefined ? (left.others ?? right.others) : unknown;
    return { kind: 'list', items: [...left.items, ...right.items], others };
  }
  return unknown;
}

/** Returns the value of `a && b && c`. */
export function allOf(parts: readonly TruthValue[]): TruthValue {
  return truth(
    parts.every(({ canBeTrue }) => canBeTrue),
    parts.some(({ canBeFalse }) => canBeFalse),
  );
}
