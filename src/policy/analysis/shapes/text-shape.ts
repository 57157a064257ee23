/**
 * Which texts something can be, as far as that is known before there are facts: letters in lower case, characters of a kind,
 * one after the other, one of several, repeated. A GUID knows whose it is; so does a character that the author's side chose.
 */
export type Shape =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one'; readonly of: Characters; readonly isOwn?: boolean }
  | { readonly kind: 'row'; readonly parts: readonly Shape[] }
  | { readonly kind: 'either'; readonly parts: readonly Shape[] }
  | { readonly kind: 'many'; readonly part: Shape; readonly least: 0 | 1 }
  | { readonly kind: 'guid'; readonly whose: GuidOwner };

/** Tells whether a character, in lower case, is one of them. */
export type Characters = (character: string) => boolean;

/**
 * `stranger`: a subscription that the policy does not name and that its author does not know; `own`: one of the author's;
 * `anyone`: whatever there is.
 */
export type GuidOwner = 'stranger' | 'own' | 'anyone';

export const guidLength = 36;

export const anyCharacter: Characters = () => true;
export const noSlash: Characters = (character) => character !== '/';

export const anyText: Shape = many({ kind: 'one', of: anyCharacter }, 0);
/** Free text of the author's side, such as a tag of a target. */
export const ownText: Shape = many({ kind: 'one', of: anyCharacter, isOwn: true }, 0);
export const nothing: Shape = { kind: 'text', text: '' };

export function textShape(text: string): Shape {
  return { kind: 'text', text };
}

/** @param isOwn whether the author, or who owns the target, chose it: no stranger's subscription stands there. */
export function one(of: Characters, isOwn = false): Shape {
  return { kind: 'one', of, isOwn };
}

export function many(part: Shape, least: 0 | 1): Shape {
  return { kind: 'many', part, least };
}

export function row(...parts: readonly Shape[]): Shape {
  return { kind: 'row', parts: parts.flatMap((part) => (part.kind === 'row' ? part.parts : [part])) };
}

export function either(...parts: readonly Shape[]): Shape {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return { kind: 'either', parts: parts.flatMap((part) => (part.kind === 'either' ? part.parts : [part])) };
}

/** Tells whether a shape is `anyText`, however it was made. */
export function isAnyText(shape: Shape): boolean {
  return shape.kind === 'many' && shape.part.kind === 'one' && shape.part.of === anyCharacter;
}

/** How many characters a text of this shape has; `undefined` when that differs. */
export function widthOf(shape: Shape): number | undefined {
  switch (shape.kind) {
    case 'text':
      return shape.text.length;
    case 'one':
      return 1;
    case 'guid':
      return guidLength;
    case 'many':
      return undefined;
    case 'row':
      return shape.parts
        .map(widthOf)
        .reduce((sum, width) => (sum === undefined || width === undefined ? undefined : sum + width), 0);
    case 'either': {
      const [first, ...others] = shape.parts.map(widthOf);
      return others.every((width) => width === first) ? first : undefined;
    }
  }
}
