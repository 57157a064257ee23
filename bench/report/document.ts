/** Markers around a part's text in docs/performance.md. */
const beginOf = (part: string): string => `<!-- bench:${part} -->`;
const endOf = (part: string): string => `<!-- /bench:${part} -->`;

/**
 * Replaces the text between a part's two markers.
 * @throws Error if the markers are missing.
 */
export function withPart(document: string, part: string, text: string): string {
  const begin = document.indexOf(beginOf(part));
  const end = document.indexOf(endOf(part), begin);
  if (begin < 0 || end < 0) throw new Error(`The document has no ${beginOf(part)} … ${endOf(part)}`);
  const before = document.slice(0, begin + beginOf(part).length);
  return `${before}\n\n${text}\n\n${document.slice(end)}`;
}
