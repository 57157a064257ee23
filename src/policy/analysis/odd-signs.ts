/** A sign that looks like another one, or like nothing: wikis, chats and word processors put them into what is copied. */
export interface OddSign {
  /** UTF-16 units. */
  readonly index: number;
  readonly length: number;
  /** Which sign it is, by its code point, and what to write instead. */
  readonly message: string;
}

/** The first such sign in a text; `undefined` when there is none. */
export function oddSignIn(text: string): OddSign | undefined {
  let index = 0;
  for (const sign of text) {
    const told = tell(sign);
    if (told !== undefined) return { index, length: sign.length, message: told };
    index += sign.length;
  }
  return undefined;
}

/** Which sign that is and what to write for it; `undefined` for one that is what it looks like. */
function tell(sign: string): string | undefined {
  const code = sign.codePointAt(0) ?? 0;
  if (code < 0x80)
    return /[\u000b\u000c]/.test(sign) ? named('a control character', code, 'take it out') : undefined;
  const known = names.get(sign);
  if (known !== undefined) return named(known.name, code, known.mend);
  if (code >= 0xff01 && code <= 0xff5e) {
    const plain = String.fromCharCode(code - 0xfee0);
    return named(`a full-width \`${plain}\``, code, `write the plain \`${plain}\``);
  }
  const plain = lookAlikes.get(sign);
  if (plain !== undefined)
    return named(`a letter that only looks like \`${plain}\``, code, `write \`${plain}\``);
  if (/^[\p{Zs}]$/u.test(sign)) return named('a blank that is no plain one', code, 'write a plain blank');
  if (/^[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}]$/u.test(sign))
    return named('a sign that cannot be seen', code, 'take it out');
  return undefined;
}

function named(name: string, code: number, mend: string): string {
  return `${name} (U+${code.toString(16).toUpperCase().padStart(4, '0')}): ${mend}`;
}

/** Tells whether a sign is a letter of another alphabet that looks like a Latin one. */
export function isLookAlike(sign: string): boolean {
  return lookAlikes.has(sign) || /^[\uff21-\uff3a\uff41-\uff5a\uff10-\uff19]$/.test(sign);
}

interface Name {
  readonly name: string;
  readonly mend: string;
}

const groups: readonly (readonly [signs: string, name: string, mend: string])[] = [
  ['\u00a0', 'a no-break space', 'write a plain blank'],
  ['\u202f', 'a narrow no-break space', 'write a plain blank'],
  ['\u2007', 'a figure space', 'write a plain blank'],
  ['\u2009', 'a thin space', 'write a plain blank'],
  ['\u3000', 'an ideographic space', 'write a plain blank'],
  ['\u200b', 'a zero-width space', 'take it out'],
  ['\u200c', 'a zero-width non-joiner', 'take it out'],
  ['\u200d', 'a zero-width joiner', 'take it out'],
  ['\u2060', 'a word joiner', 'take it out'],
  ['\ufeff', 'a byte order mark', 'take it out'],
  ['\u00ad', 'a soft hyphen', 'take it out'],
  ['\u2028\u2029\u0085', 'a line end that is no plain one', 'write a plain line end'],
  ['\u201c\u201d\u201e\u201f\u2033', 'a curly quote', 'write `"`'],
  ['\u00ab\u00bb', 'an angle quote', 'write `"`'],
  ['\u2018\u2019\u201a\u201b\u2032\u00b4', 'a curly quote', "write `'`"],
  ['\u2010', 'a hyphen that is no plain one', 'write `-`'],
  ['\u2011', 'a non-breaking hyphen', 'write `-`'],
  ['\u2012\u2013', 'an en dash', 'write `-`'],
  ['\u2014\u2015', 'an em dash', 'write `-`'],
  ['\u2212', 'a minus sign', 'write `-`'],
  ['\u2260', 'a sign for not equal', 'write `!=`'],
  ['\u2264', 'a sign for at most', 'write `<=`'],
  ['\u2265', 'a sign for at least', 'write `>=`'],
  ['\u2227', 'a sign for and', 'write `&&`'],
  ['\u2228', 'a sign for or', 'write `||`'],
  ['\u00ac', 'a sign for not', 'write `!`'],
  ['\u2026', 'an ellipsis', 'write it out'],
];

const names: ReadonlyMap<string, Name> = new Map(
  groups.flatMap(([signs, name, mend]) => Array.from(signs, (sign) => [sign, { name, mend }] as const)),
);

/** Letters of the Cyrillic and Greek alphabets, each before the Latin one that it looks like. */
const pairs =
  'аaеeоoрpсcуyхxіiјjѕsһhԁdԛqԝwӏlАAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅS' +
  'οoνvαaιiρpυuκkΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX';

const lookAlikes: ReadonlyMap<string, string> = new Map(
  Array.from(pairs.matchAll(/(.)(.)/gsu), ([, sign = '', plain = '']) => [sign, plain] as const),
);
