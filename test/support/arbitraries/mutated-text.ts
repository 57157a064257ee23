import fc from 'fast-check';

/** One edit of a text. `at` and `to` are fractions of its length, so that they fit texts of any length. */
export type TextEdit =
  | { readonly kind: 'insert'; readonly at: number; readonly piece: string }
  | { readonly kind: 'overwrite'; readonly at: number; readonly to: number; readonly piece: string }
  | { readonly kind: 'remove' | 'repeat' | 'upper' | 'keep'; readonly at: number; readonly to: number };

/** Generates edits that insert `piece`. */
export function textEdit(piece: fc.Arbitrary<string>): fc.Arbitrary<TextEdit> {
  // Both ends are tried more often than by chance.
  const share = fc.oneof(
    { weight: 3, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1) },
  );
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('insert'), at: share, piece }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('overwrite'), at: share, to: share, piece }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constantFrom('remove', 'repeat', 'upper', 'keep'),
        at: share,
        to: share,
      }),
    },
  );
}

export function editText(text: string, edit: TextEdit): string {
  const start = Math.floor(edit.at * text.length);
  if (edit.kind === 'insert') return text.slice(0, start) + edit.piece + text.slice(start);
  const end = Math.floor(edit.to * text.length);
  const [from, to] = start < end ? [start, end] : [end, start];
  const [before, middle, after] = [text.slice(0, from), text.slice(from, to), text.slice(to)];
  switch (edit.kind) {
    case 'overwrite':
      return before + edit.piece + after;
    case 'remove':
      return before + after;
    case 'repeat':
      return before + middle + middle + after;
    case 'upper':
      return before + middle.toUpperCase() + after;
    case 'keep':
      return middle;
  }
}

/** Generates texts of `original` with up to `maxEdits` edits that insert `piece`. */
export function mutatedText(
  original: fc.Arbitrary<string>,
  piece: fc.Arbitrary<string>,
  maxEdits = 3,
): fc.Arbitrary<string> {
  return fc
    .tuple(original, fc.array(textEdit(piece), { maxLength: maxEdits }))
    .map(([text, edits]) => edits.reduce(editText, text));
}
