/** The source of a regular expression that matches a GUID without braces; to be used with the `i` flag. */
export const guidSource = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}';

const whole = new RegExp(`^${guidSource}$`, 'i');

/** Tells whether `text` is a GUID without braces, in any case. */
export function isGuid(text: string): boolean {
  return whole.test(text);
}
