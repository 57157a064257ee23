import { safeText } from '../../../base/text';

/**
 * Describes a page of HTML in place of a reply, which a gateway or a proxy has sent; `undefined` for any
 * other body.
 */
export function pageText(body: string): string | undefined {
  if (!isPage(body)) return undefined;
  const title = elementOf(body, 'title') ?? elementOf(body, 'h1') ?? elementOf(body, 'h2');
  return title === undefined ? 'a page of HTML' : `a page of HTML, “${safeText(title, 120)}”`;
}

/** Tells whether a body looks like HTML or XML. */
export function isPage(body: string): boolean {
  return body.trimStart().startsWith('<');
}

/** Returns the text of the first such element, without markup. */
export function elementOf(body: string, name: string): string | undefined {
  const page = body.slice(0, 64 * 1024);
  const start = new RegExp(`<${name}(?:\\s[^<>]*)?>`, 'i').exec(page);
  if (start === null) return undefined;
  const rest = page.slice(start.index + start[0].length);
  const end = rest.search(new RegExp(`</${name}\\s*>`, 'i'));
  const text = rest
    .slice(0, end === -1 ? 500 : Math.min(end, 500))
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, entity: string) => entities[entity] ?? ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text === '' ? undefined : text;
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
};
