/**
 * A character that looks like another one, or is invisible. Wikis, chats and word processors insert
 * such characters into text that people copy.
 */
export interface OddCharacter {
  /** Offset in UTF-16 units. */
  readonly index: number;
  readonly length: number;
  /** Names the character and its code point, and says what to write instead. */
  readonly message: string;
}

/** Finds the first odd character in a text. Returns undefined if there is none. */
export function findOddCharacter(text: string): OddCharacter | undefined {
  let index = 0;
  for (const character of text) {
    const message = describe(character);
    if (message !== undefined) return { index, length: character.length, message: message };
    index += character.length;
  }
  return undefined;
}

/** Describes a character that is odd. Returns undefined for any other. */
function describe(character: string): string | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80)
    return /[\u000b\u000c]/.test(character) ? named('a control character', code, 'remove it') : undefined;
  const known = names.get(character);
  if (known !== undefined) return named(known.name, code, known.fix);
  if (code >= 0xff01 && code <= 0xff5e) {
    const plain = String.fromCharCode(code - 0xfee0);
    return named(`a full-width \`${plain}\``, code, `write the plain \`${plain}\``);
  }
  const plain = lookAlikes.get(character);
  if (plain !== undefined)
    return named(`a letter that only looks like \`${plain}\``, code, `write \`${plain}\``);
  if (/^[\p{Zs}]$/u.test(character))
    return named('a space that is not a plain one', code, 'write a plain space');
  if (/^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}]$/u.test(character))
    return named('an invisible character', code, 'remove it');
  return undefined;
}

function named(name: string, code: number, fix: string): string {
  return `${name} (U+${code.toString(16).toUpperCase().padStart(4, '0')}): ${fix}`;
}

/**
 * Returns whether a character is a letter of another alphabet that looks like a Latin letter or
 * digit.
 */
export function isLookAlike(character: string): boolean {
  return lookAlikes.has(character) || /^[\uff21-\uff3a\uff41-\uff5a\uff10-\uff19]$/.test(character);
}

interface Name {
  readonly name: string;
  readonly fix: string;
}

const groups: readonly (readonly [characters: string, name: string, fix: string])[] = [
  ['\u00a0', 'a no-break space', 'write a plain space'],
  ['\u202f', 'a narrow no-break space', 'write a plain space'],
  ['\u2007', 'a figure space', 'write a plain space'],
  ['\u2009', 'a thin space', 'write a plain space'],
  ['\u3000', 'an ideographic space', 'write a plain space'],
  ['\u200b', 'a zero-width space', 'remove it'],
  ['\u200c', 'a zero-width non-joiner', 'remove it'],
  ['\u200d', 'a zero-width joiner', 'remove it'],
  ['\u2060', 'a word joiner', 'remove it'],
  ['\ufeff', 'a byte order mark', 'remove it'],
  ['\u00ad', 'a soft hyphen', 'remove it'],
  ['\u2028\u2029\u0085', 'an unusual line break', 'write a plain line break'],
  ['\u201c\u201d\u201e\u201f\u2033', 'a curly quote', 'write `"`'],
  ['\u00ab\u00bb', 'an angle quote', 'write `"`'],
  ['\u2018\u2019\u201a\u201b\u2032\u00b4', 'a curly quote', "write `'`"],
  ['\u2010', 'a hyphen that is not a plain one', 'write `-`'],
  ['\u2011', 'a non-breaking hyphen', 'write `-`'],
  ['\u2012\u2013', 'an en dash', 'write `-`'],
  ['\u2014\u2015', 'an em dash', 'write `-`'],
  ['\u2212', 'a minus sign', 'write `-`'],
  ['\u2260', 'a not-equal sign', 'write `!=`'],
  ['\u2264', 'an at-most sign', 'write `<=`'],
  ['\u2265', 'an at-least sign', 'write `>=`'],
  ['\u2227', 'a logical-and sign', 'write `&&`'],
  ['\u2228', 'a logical-or sign', 'write `||`'],
  ['\u00ac', 'a logical-not sign', 'write `!`'],
  ['\u2026', 'an ellipsis', 'write three dots'],
];

const names: ReadonlyMap<string, Name> = new Map(
  groups.flatMap(([characters, name, fix]) =>
    Array.from(characters, (character) => [character, { name, fix }] as const),
  ),
);

/** Cyrillic and Greek letters, each followed by the Latin letter that it looks like. */
const pairs =
  'аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwӏlАAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅS' +
  'οoνvαaιiρpυuκkΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX';

const lookAlikes: ReadonlyMap<string, string> = new Map(
  Array.from(pairs.matchAll(/(.)(.)/gsu), ([, sign = '', plain = '']) => [sign, plain] as const),
);
