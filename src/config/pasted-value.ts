const quotes = '"\'`“”„‘’«»';

/**
 * What a value shows that was copied from somewhere and is not what was meant, in words that follow the setting's name
 * and never tell the value; `undefined` for a value that shows no such sign.
 */
export function pastedProblem(text: string): string | undefined {
  const value = text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  const unseen = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.exec(value);
  if (unseen !== null)
    return `has a character that cannot be seen or is no plain blank (${codePoint(unseen)})`;
  if (value.length > 1 && quotes.includes(value.charAt(0)) && quotes.includes(value.slice(-1)))
    return 'is in quotes: take them out';
  if (/^@Microsoft\.(?:KeyVault|AppConfiguration)\s*\(/i.test(value))
    return 'is a reference that the platform has not resolved: may the app’s identity read what it refers to?';
  if (/^(?:\$\{[^}]*\}|\$\([^)]*\)|\{\{[^}]*\}\}|#\{[^}]*\}#?|<[^>]*>)$/.test(value))
    return 'is a placeholder that nothing has filled in';
  return undefined;
}

/** The same for a value in which `%NAME%` stands for no other setting, because nothing resolves it. */
export function spoiledProblem(text: string): string | undefined {
  if (/^\s*%[^%]+%\s*$/.test(text))
    return 'is a reference to another setting (%…%), which is not resolved here';
  return pastedProblem(text);
}

/** Where counting begins with 1. */
function codePoint({ 0: character, index }: RegExpExecArray): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `U+${code}, character ${index + 1}`;
}
