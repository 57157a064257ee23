const secretPattern = /eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?|bearer\s+\S+|([?&](?:s|c|h|sig|code)=)[^&\s"']+/gi;
const invisiblePattern = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/**
 * Text from outside, fit for a log line: one line, no invisible characters, no tokens and no signatures of operation
 * URLs, and at most `maxLength` characters.
 */
export function safeText(text: string, maxLength = 500): string {
  const line = text
    .slice(0, maxLength * 4)
    .replace(invisiblePattern, ' ')
    .replace(secretPattern, (_match, parameter: string | undefined) => `${parameter ?? ''}…`)
    .trim();
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).replace(/\p{Cs}$/u, '')}…` : line;
}
