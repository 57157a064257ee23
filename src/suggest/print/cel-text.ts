/**
 * Prints a text as a CEL literal that means exactly this text, whatever it contains. Everything but printable ASCII
 * is escaped, so that the literal is also one line.
 */
export function celText(text: string): string {
  const escaped = text.replace(/["\\]/g, String.raw`\$&`).replace(/[^\u0020-\u007e]/g, unicodeEscape);
  return `"${escaped}"`;
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Prints texts as a CEL list. */
export function celList(texts: readonly string[]): string {
  return `[${texts.map(celText).join(', ')}]`;
}
