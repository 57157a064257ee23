/**
 * A set of texts, with letters in lower case: a text, one character of a kind, a sequence, one of
 * several, repetitions or a GUID. A GUID states whose it is; a character states whether the author
 * or the owner of the target chose it.
 */
export type Shape =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'one'; readonly of: Characters; readonly isOwn?: boolean }
  | { readonly kind: 'row'; readonly parts: readonly Shape[] }
  | { readonly kind: 'either'; readonly parts: readonly Shape[] }
  | { readonly kind: 'many'; readonly part: Shape; readonly least: 0 | 1 }
  | { readonly kind: 'guid'; readonly whose: GuidOwner };

/** A kind of characters: returns whether a character, in lower case, is one of them. */
export type Characters = (character: string) => boolean;

/**
 * Whose subscription a GUID is: one that the author does not know and the policy does not name
 * (`stranger`), one of the author's (`own`), or any (`anyone`).
 */
export type GuidOwner = 'stranger' | 'own' | 'anyone';

/** The number of characters of a GUID. */
export const guidLength = 36;

/** Accepts every character. */
export const anyCharacter: Characters = () => true;
/** Accepts every character except `/`. */
export const noSlash: Characters = (character) => character !== '/';

/** Every text. */
export const anyText: Shape = many({ kind: 'one', of: anyCharacter }, 0);
/** Every text that the author or the owner of the target chose, such as a tag of a target. */
export const ownText: Shape = many({ kind: 'one', of: anyCharacter, isOwn: true }, 0);
/** The empty text. */
export const nothing: Shape = { kind: 'text', text: '' };

/** Creates the shape of one text. */
export function textShape(text: string): Shape {
  return { kind: 'text', text };
}

/**
 * Creates the shape of one character.
 *
 * @param isOwn whether the author or the owner of the target chose it, so that it is no part of a
 * stranger's GUID
 */
export function one(of: Characters, isOwn = false): Shape {
  return { kind: 'one', of, isOwn };
}

/** Creates the shape of `least` or more repetitions. */
export function many(part: Shape, least: 0 | 1): Shape {
  return { kind: 'many', part, least };
}

/** Creates the shape of a sequence. */
export function row(...parts: readonly Shape[]): Shape {
  return { kind: 'row', parts: parts.flatMap((part) => (part.kind === 'row' ? part.parts : [part])) };
}

/** Creates the shape of one of several shapes. */
export function either(...parts: readonly Shape[]): Shape {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return { kind: 'either', parts: parts.flatMap((part) => (part.kind === 'either' ? part.parts : [part])) };
}

/** Returns whether a shape is that of every text, however it was created. */
export function isAnyText(shape: Shape): boolean {
  return shape.kind === 'many' && shape.part.kind === 'one' && shape.part.of === anyCharacter;
}

/** Returns the number of characters of the texts of a shape. Undefined if it varies. */
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
