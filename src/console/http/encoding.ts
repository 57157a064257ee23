/** The encodings in which the page's files are stored, the smallest first. */
export const encodings = ['br', 'gzip'] as const;

/** How a file is sent; `identity`: as it is. */
export type Encoding = (typeof encodings)[number] | 'identity';

/**
 * Chooses among the stored encodings the smallest that the browser accepts, and no encoding if it accepts
 * none of them.
 * @param accepted value of `Accept-Encoding`, such as `gzip, br;q=0.5`.
 */
export function chooseEncoding(accepted: string | undefined, stored: ReadonlySet<Encoding>): Encoding {
  const weights = new Map((accepted ?? '').split(',').map(weightOf));
  const isAccepted = (encoding: string): boolean => (weights.get(encoding) ?? weights.get('*') ?? 0) > 0;
  return encodings.find((encoding) => stored.has(encoding) && isAccepted(encoding)) ?? 'identity';
}

function weightOf(part: string): readonly [string, number] {
  const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
  const weight = parameters.find((text) => text.startsWith('q='))?.slice(2);
  return [name, weight === undefined ? 1 : Number(weight)];
}

/** Tells whether `If-None-Match` names the tag. Comparison is weak, as for any GET. */
export function isUnchanged(ifNoneMatch: string | undefined, etag: string): boolean {
  const given = (ifNoneMatch ?? '').split(',').map((text) => text.trim().replace(/^W\//, ''));
  return given.includes(etag) || given.includes('*');
}
