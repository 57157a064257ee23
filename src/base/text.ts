const mark = '…';
/** Control, format (bidi, zero-width, tags …), unassigned and private characters, lone surrogates, line separators. */
const harmful = /[\p{C}\p{Zl}\p{Zp}\u{115f}\u{1160}\u{3164}\u{ffa0}\u{34f}\p{Variation_Selector}]/u;

/**
 * Returns untrusted text fit for a log line or an audit record: characters that could mislead a terminal, a
 * browser or a reader are spelled out as `\u{202e}`. The result has at most `maxLength` UTF-16 units (1 or
 * more); text that is cut ends in `…`.
 */
export function sanitize(text: string, maxLength = 1024): string {
  if (text.length <= maxLength && !harmful.test(text)) return text;
  let shown = '';
  // Where to cut if the rest does not fit: before the character that takes the mark's place.
  let cut = '';
  for (const character of text) {
    const piece = harmful.test(character) ? escapeOf(character) : character;
    if (shown.length + piece.length > maxLength) return cut + mark;
    shown += piece;
    if (shown.length < maxLength) cut = shown;
  }
  return shown;
}

function escapeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

const secretPattern = /eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?|bearer\s+\S+|([?&](?:s|c|h|sig|code)=)[^&\s"']+/gi;
const invisiblePattern = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/**
 * Returns external text fit for a log line: one line, no invisible characters, no tokens, no signatures of
 * operation URLs, and at most `maxLength` UTF-16 units.
 */
export function safeText(text: string, maxLength = 500): string {
  const line = text
    .slice(0, maxLength * 4)
    .replace(invisiblePattern, ' ')
    .replace(secretPattern, (_match, parameter: string | undefined) => `${parameter ?? ''}…`)
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).replace(/\p{Cs}$/u, '')}…` : line;
}
