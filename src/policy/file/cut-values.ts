import type { Place, SourceText } from './source-text';

/**
 * Returns the comment, from its `#` to the end of the line, that ends an unquoted YAML value. Undefined if the value is
 * quoted or a block, or nothing follows it.
 *
 * @param place the place of the value
 */
export function commentAfter({ text }: SourceText, { offset, length }: Place): string | undefined {
  if (/["'|>]/.test(text[offset] ?? '')) return undefined;
  const [, comment] = /^[ \t]+(#[^\r\n]*)/.exec(text.slice(offset + length)) ?? [];
  return comment;
}

/**
 * Tells whether a comment was probably meant as a part of the value before it: nothing separates it from its `#`, as in
 * `#4711`, or it goes on with an operator, as in `# && target.name == "a"`.
 */
export function isCutOff(comment: string): boolean {
  return /^#[^\s#!]/.test(comment) || /&&|\|\||[=!<>]=|^#+\s*[?:]/.test(comment);
}

/** Shows the beginning of a comment in a message. */
export function shownComment(comment: string): string {
  const start = Array.from(comment).slice(0, 24).join('').trimEnd();
  return `\` ${start.length < comment.length ? `${start}…` : start}\``;
}
