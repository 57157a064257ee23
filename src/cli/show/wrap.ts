import { sanitize } from '../../base/text';

const width = 80;
const indent = 12;

/**
 * Formats a labelled text in lines of at most 80 characters, the label in a column of its own. Words that are longer,
 * such as ids, stay whole, so that they can be copied. The text may come from anyone.
 */
export function labelled(label: string, text: string): readonly string[] {
  return wrapped(sanitize(text, 4_000), width - indent).map((line, index) =>
    `${(index === 0 ? label : '').padEnd(indent)}${line}`.trimEnd(),
  );
}

/** Splits a text at its spaces into lines of at most `most` characters. */
export function wrapped(text: string, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
