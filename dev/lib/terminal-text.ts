import stringWidth from 'string-width';
import { sanitize } from '../../src/base/text';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Returns untrusted text fit for one line of a terminal: control, bidi and other misleading characters are spelled
 * out, and text wider than `columns` (1 or more) is cut and ends in `…`.
 */
export function fitText(text: string, columns: number): string {
  const clean = sanitize(text);
  if (stringWidth(clean) <= columns) return clean;
  let shown = '';
  let width = 0;
  for (const { segment } of graphemes.segment(clean)) {
    width += stringWidth(segment);
    if (width >= columns) break;
    shown += segment;
  }
  return `${shown}…`;
}

/** Returns text as `fitText` does, padded with blanks to `columns`. */
export function padText(text: string, columns: number): string {
  const fitted = fitText(text, columns);
  return fitted + ' '.repeat(Math.max(0, columns - stringWidth(fitted)));
}

/** Returns the width of the terminal in columns: 80 when unknown, such as in a pipe. */
export function terminalColumns(stream: { readonly columns?: number } = process.stdout): number {
  const { columns } = stream;
  return columns === undefined || columns < 40 ? 80 : columns;
}
