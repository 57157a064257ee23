import { foldText, raiseText } from '../../../connections/fold-text';
import type { CelNode } from '../../cel/ast';
import { placedShape, testShape, type TextTest } from '../shapes/pattern-shape';
import {
  differInCase,
  freeText,
  type Item,
  maybe,
  sizeOf,
  textsOf,
  type TextValue,
  truth,
  unite,
  unknown,
  type Value,
} from './possible-value';
import { shapesOverlap } from '../shapes/shapes-overlap';
import { isAnyText, many, noSlash, one, row, type Shape, textShape, widthOf } from '../shapes/text-shape';

/** A comparison of one text with another. */
export interface TextComparison {
  readonly node: CelNode;
  readonly test: TextTest | '==';
  /**
   * How the comparison affects the condition: if it passes, more connections match (1), fewer (-1),
   * or either (0).
   */
  readonly sign: 1 | 0 | -1;
  readonly subject: TextValue;
  readonly object: TextValue;
  /** Whether the comparison can pass. */
  readonly passes: boolean;
  /** The texts that pass. Set for tests, not for equality. */
  readonly passing?: Shape | undefined;
}

interface Place {
  readonly node: CelNode;
  readonly sign: 1 | 0 | -1;
  readonly onComparison: ((comparison: TextComparison) => void) | undefined;
}

/** Computes the possible values of a function call. */
export function callOf(
  name: string,
  [first = unknown, second = unknown]: readonly Value[],
  place: Place,
): Value {
  if (name === 'size') return sizeOf(first);
  if (name === 'string') return first.kind === 'text' ? first : freeText;
  if (name === 'glob') return tested('glob', first, second, place);
  return name === 'ticket' ? maybe : unknown;
}

/** Computes the possible values of a method call. */
export function methodOf(name: string, subject: Value, args: readonly Value[], place: Place): Value {
  const [first = unknown] = args;
  switch (name) {
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'matches':
      return tested(name, subject, first, place);
    case 'lowerAscii':
      return subject.kind === 'text' ? { ...subject, isUpper: false } : subject;
    case 'upperAscii':
      return subject.kind === 'text' ? raised(subject) : subject;
    case 'trim':
      return subject.kind === 'text' && subject.literal !== undefined
        ? withLiteral(subject, subject.literal.trim())
        : subject;
    case 'substring':
      return subject.kind === 'text' ? partOf(subject, args) : freeText;
    case 'split':
      return split(subject, first);
    case 'size':
      return sizeOf(subject);
    case 'indexOf':
    case 'lastIndexOf': {
      const found = tested('contains', subject, first, { ...place, onComparison: undefined });
      return { kind: 'number', least: -1, most: found.kind === 'truth' && !found.canBeTrue ? -1 : Infinity };
    }
    default:
      return unknown;
  }
}

function tested(test: TextTest, subject: Value, object: Value, place: Place): Value {
  if (subject.kind !== 'text' || object.kind !== 'text') return maybe;
  const answers = textsOf(object).flatMap((against) =>
    textsOf(subject).map((text) => testedOne(test, text, against, place)),
  );
  return answers.reduce(unite);
}

function testedOne(
  test: TextTest,
  subject: TextValue,
  object: TextValue,
  { node, sign, onComparison }: Place,
): Value {
  const passing = passingShape(test, object);
  if (passing === undefined) return maybe;
  const isCased = test !== 'glob' && test !== 'matches' && differInCase(subject, object);
  const passes = !isCased && shapesOverlap(subject.shape, passing);
  onComparison?.({ node, test, sign, subject, object, passes, passing });
  if (subject.literal === undefined || object.literal === undefined) return truth(passes, true);
  return truth(passes, !passes);
}

function raised(text: TextValue): TextValue {
  const { literal } = text;
  return { ...text, isUpper: true, ...(literal === undefined ? {} : { literal: raiseText(literal) }) };
}

/** Returns the texts that pass a test, undefined if they are not known. */
function passingShape(test: TextTest, object: TextValue): Shape | undefined {
  if (object.literal !== undefined) return testShape(test, object.literal);
  return test === 'glob' || test === 'matches' ? undefined : placedShape(test, object.shape);
}

function withLiteral(text: TextValue, literal: string): TextValue {
  return { ...text, literal, shape: textShape(foldText(literal)) };
}

/** Returns a substring if it is the same part of every such text, otherwise any text. */
function partOf(text: TextValue, args: readonly Value[]): Value {
  const [from, to] = args.map((value) =>
    value.kind === 'number' && value.least === value.most ? value.least : undefined,
  );
  if (isAnyText(text.shape)) return { ...text, whole: false };
  if (text.literal !== undefined && from !== undefined)
    return withLiteral(text, text.literal.slice(from, args.length > 1 ? to : undefined));
  const parts = text.shape.kind === 'row' ? text.shape.parts : [text.shape];
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const width = widthOf(part);
    if (at === from && width !== undefined && to === at + width)
      return { ...text, shape: part, whole: false };
    if (at === from && args.length === 1) return { ...text, shape: row(...parts.slice(index)), whole: false };
    if (width === undefined) break;
    at += width;
  }
  return freeText;
}

/** Splits a text. The segments of an id are known one by one; other parts may be any text. */
function split(subject: Value, by: Value): Value {
  const known = subject.kind === 'text' && isAnyText(subject.shape) ? subject : freeText;
  const anything: Value = { kind: 'list', items: [], others: known };
  if (subject.kind !== 'text' || by.kind !== 'text' || by.literal === undefined) return anything;
  const { literal: separator } = by;
  if (subject.literal !== undefined)
    return certainly(subject.literal.split(separator).map((part) => withLiteral(subject, part)));
  if (separator !== '/' || subject.fact === undefined) return anything;
  const shapes = segmentsOf(subject.shape);
  if (shapes === undefined)
    return { kind: 'list', items: [], others: { ...subject, shape: many(one(noSlash), 0), whole: false } };
  return certainly(shapes.map((shape): Value => ({ ...subject, shape, whole: false })));
}

function certainly(values: readonly Value[]): Value {
  return { kind: 'list', items: values.map((value): Item => ({ value, certain: true })) };
}

/** Returns the shapes of the segments between slashes, undefined if their number varies. */
function segmentsOf(shape: Shape): readonly Shape[] | undefined {
  const segments: Shape[][] = [[]];
  for (const part of shape.kind === 'row' ? shape.parts : [shape]) {
    if (part.kind === 'either' || (part.kind === 'many' && shapesOverlap(part, textShape('/'))))
      return undefined;
    if (part.kind !== 'text') segments.at(-1)?.push(part);
    else
      part.text.split('/').forEach((text, index) => {
        if (index > 0) segments.push([]);
        segments.at(-1)?.push(textShape(text));
      });
  }
  return segments.map((parts) => row(...parts));
}
