const quotes = '"\'`“”„‘’«»';

/**
 * Says what suggests that a value was copied wrongly. The text follows the setting's name and never quotes
 * the value; `undefined` when nothing does.
 */
export function pastedProblem(text: string): string | undefined {
  const value = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  const unseen = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.exec(value);
  if (unseen !== null) return `has an invisible character or an unusual blank (${codePoint(unseen)})`;
  if (value.length > 1 && quotes.includes(value.charAt(0)) && quotes.includes(value.slice(-1)))
    return 'is in quotes: take them out';
  if (/^@Microsoft\.(?:KeyVault|AppConfiguration)\s*\(/i.test(value))
    return 'is a reference that the platform has not resolved: may the app’s identity read what it refers to?';
  if (/^(?:\$\{[^}]*\}|\$\([^)]*\)|\{\{[^}]*\}\}|#\{[^}]*\}#?|<[^>]*>)$/.test(value))
    return 'is a placeholder that nothing has filled in';
  return undefined;
}

/** Does the same for a setting in which nothing resolves `%NAME%` to another setting. */
export function spoiledProblem(text: string): string | undefined {
  if (/^\s*%[^%]+%\s*$/.test(text))
    return 'is a reference to another setting (%…%), which is not resolved here';
  return pastedProblem(text);
}

/** Names a character and its position, counted from 1. */
function codePoint({ 0: character, index }: RegExpExecArray): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${code}, character ${index + 1}`;
}
