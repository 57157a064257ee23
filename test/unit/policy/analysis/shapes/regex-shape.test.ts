import { regexShape } from '../../../../../src/policy/analysis/shapes/regex-shape';
import { shapesOverlap } from '../../../../../src/policy/analysis/shapes/shapes-overlap';
import { anyText, isAnyText, textShape } from '../../../../../src/policy/analysis/shapes/text-shape';

const found = (pattern: string, text: string): boolean => shapesOverlap(regexShape(pattern), textShape(text));

test.each<[string, readonly string[], readonly string[]]>([
  ['b', ['b', 'abc', 'b1'], ['', 'ac']],
  ['^b', ['b', 'bc'], ['ab']],
  ['b$', ['b', 'ab'], ['bc']],
  ['^b$', ['b'], ['ab', 'bc', 'bb', '']],
  [String.raw`\Ab\z`, ['b'], ['ab', 'bc']],
  ['^a|b$', ['ax', 'xb', 'a', 'b'], ['xa', 'bx']],
  ['^a.c$', ['abc', 'a\nc', 'a/c'], ['ac', 'abbc']],
  ['^ABC$', ['abc'], ['ab']],
  ['(?i)^ABC$', ['abc'], ['ab']],
  ['(?s)^a.c$', ['abc'], ['ac']],
  ['^ab*c$', ['ac', 'abc', 'abbbc'], ['adc']],
  ['^ab+c$', ['abc', 'abbbc'], ['ac']],
  ['^ab?c$', ['ac', 'abc'], ['abbc']],
  ['^ab{2}c$', ['abbc'], ['abc', 'abbbc']],
  ['^ab{2,}c$', ['abbc', 'abbbbbc'], ['abc']],
  ['^ab{1,3}c$', ['abc', 'abbc', 'abbbc'], ['ac', 'abbbbc']],
  ['^ab{0,1}?c$', ['ac', 'abc'], ['abbc']],
  ['^ab{0}c$', ['ac'], ['abc']],
  ['^a{64}$', ['a'.repeat(64)], ['a'.repeat(63), 'a'.repeat(65)]],
  ['^a{65}$', ['a'.repeat(65), 'a'], ['b']],
  ['^(ab|cd)e$', ['abe', 'cde'], ['ade', 'e', 'abcde']],
  ['^(?:ab)+$', ['ab', 'abab'], ['', 'aba']],
  ['^(?P<x>ab)$', ['ab'], ['a']],
  ['^(?<x>ab)$', ['ab'], ['a']],
  ['^a()b$', ['ab'], ['a b']],
  ['^[abc]$', ['a', 'b', 'c'], ['d', 'ab']],
  ['^[^abc]$', ['d', '1'], ['a']],
  ['^[a-c]$', ['b'], ['d']],
  // JavaScript refuses this class, so that it may be any character.
  ['^[]a]$', [']', 'a', 'b'], ['ab']],
  [String.raw`^[\]a]$`, [']', 'a'], ['b']],
  [String.raw`^[\d]x$`, ['1x'], ['ax']],
  ['^[[:digit:]]$', ['1', 'a'], ['12']],
  ['^[A-C]$', ['b'], ['d']],
  [String.raw`^\d$`, ['1'], ['a']],
  [String.raw`^\D$`, ['a'], ['1']],
  [String.raw`^\w$`, ['a', '_'], ['-']],
  [String.raw`^\W$`, ['-'], ['a']],
  [String.raw`^\s$`, [' ', '\n'], ['a']],
  [String.raw`^\S$`, ['a'], [' ']],
  [String.raw`^\p{L}$`, ['a', '\u00e9'], ['1']],
  [String.raw`^\P{L}$`, ['1'], ['a']],
  [String.raw`^a\.c$`, ['a.c'], ['abc']],
  [String.raw`^\n$`, ['\n'], ['n']],
  [String.raw`^\t$`, ['\t'], ['t']],
  [String.raw`^\r$`, ['\r'], ['r']],
  [String.raw`^\f$`, ['\f'], ['f']],
  [String.raw`^\v$`, ['\v'], ['v']],
  [String.raw`^\a$`, ['\u0007'], ['a']],
  [String.raw`^\/$`, ['/'], ['\\']],
  [String.raw`^\-$`, ['-'], ['a']],
])('%s is found in what it matches, and in nothing else', (pattern, texts, others) => {
  expect(texts.filter((text) => !found(pattern, text))).toEqual([]);
  expect(others.filter((text) => found(pattern, text))).toEqual([]);
});

test.each([
  ...[
    String.raw`a\bb`,
    String.raw`a\Bb`,
    String.raw`\Qa\E`,
    String.raw`a\Cb`,
    String.raw`a\Z`,
    String.raw`(a)\1`,
  ],
  ...[String.raw`\x41`, 'a^b', 'a$b', '(^a)', '(a$)', '^*', '$+', '*a', '+a', '?a', '{a', '(?i:a)', '(?=a)'],
  ...['a)b', '(a', '[a', 'a\\'],
])('%s is not understood, and may be found in any text', (pattern) => {
  expect(regexShape(pattern)).toBe(anyText);
});

test('what is everywhere is found in any text', () => {
  expect(found('', 'x')).toBe(true);
  expect(isAnyText(regexShape('a'))).toBe(false);
});
