import { guidSource } from '../../../base/guid';
import { foldText } from '../../../connections/fold-text';
import { anyText, many, noSlash, one, row, type Shape, textShape } from './text-shape';
import { regexShape } from './regex-shape';

/** A test whether a text contains or matches something. */
export type TextTest = 'contains' | 'startsWith' | 'endsWith' | 'glob' | 'matches';

/** Returns the texts that pass a test with a literal. Unsupported parts of a pattern match any text. */
export function testShape(test: TextTest, literal: string): Shape {
  switch (test) {
    case 'glob':
      return globShape(foldText(literal));
    case 'matches':
      return regexShape(literal);
    default:
      return placedShape(test, textShape(foldText(literal)));
  }
}

/** Returns the texts that contain `part` at the place that the test requires. */
export function placedShape(test: Exclude<TextTest, 'glob' | 'matches'>, part: Shape): Shape {
  if (test === 'startsWith') return row(part, anyText);
  return test === 'endsWith' ? row(anyText, part) : row(anyText, part, anyText);
}

function globShape(pattern: string): Shape {
  const parts = pattern.match(/\*\*+|\*|\?|[^*?]+/g) ?? [];
  return row(
    ...parts.map((part) => {
      if (part === '*') return many(one(noSlash), 0);
      if (part === '?') return one(noSlash);
      return part.startsWith('**') ? anyText : textShape(part);
    }),
  );
}

/**
 * Finds the end of a test of an id that is not at the end of a name: the beginning of
 * `contains("rg-web")`, or the end of `startsWith(".../rg-hub")`. Longer names of others pass such
 * a test. A text that ends with `-`, `_` or `.` counts as ended. Undefined if both ends are
 * bounded.
 */
export function looseEnd(shape: Shape): 'beginning' | 'end' | undefined {
  const rows = (shape.kind === 'either' ? shape.parts : [shape]).map(partsOf);
  if (rows.some((parts) => isAny(parts[0]) && beginsInName(parts.find((part) => !isAny(part)))))
    return 'beginning';
  if (rows.some((parts) => isAny(parts.at(-1)) && endsInName(parts.findLast((part) => !isAny(part)))))
    return 'end';
  return undefined;
}

/** Returns the parts of a row, with adjacent texts joined. */
function partsOf(shape: Shape): readonly Shape[] {
  const parts: Shape[] = [];
  for (const part of shape.kind === 'row' ? shape.parts : [shape]) {
    const before = parts.at(-1);
    if (part.kind === 'text' && before?.kind === 'text')
      parts[parts.length - 1] = textShape(before.text + part.text);
    else if (part.kind !== 'text' || part.text !== '') parts.push(part);
  }
  return parts;
}

function isAny(shape: Shape | undefined): boolean {
  return shape?.kind === 'many' && shape.part.kind === 'one' && shape.part.of('/');
}

function beginsInName(shape: Shape | undefined): boolean {
  if (shape?.kind === 'either') return shape.parts.some((part) => beginsInName(partsOf(part)[0]));
  return shape?.kind === 'text' && !shape.text.startsWith('/');
}

const endsInGuid = new RegExp(`(?:^|/)${guidSource}$`);

function endsInName(shape: Shape | undefined): boolean {
  if (shape?.kind === 'either') return shape.parts.some((part) => endsInName(partsOf(part).at(-1)));
  if (shape?.kind !== 'text') return false;
  return !/[/_.-]$/.test(shape.text) && !endsInGuid.test(shape.text);
}
