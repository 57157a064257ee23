import { analyzePolicy } from '../../../../src/policy/analysis/analyze-policy';
import { problemsOf } from '../../../support/samples/policy';

const good = `version: 1
mode: enforce
lists:
  names: [kv-one]
rules:
  - name: one
    effect: hold
    when: target.name in lists.names && target.tags.env == "prod"
`;

/** What is reported when `here` is written in the place of `there`, with its place. */
function reportedWith(there: string, here: string): string[] {
  const text = good.replace(there, here);
  expect(text).not.toBe(good);
  return problemsOf(text).map(
    ({ line, column, length, message }) => `${line}:${column} ${length} ${message}`,
  );
}

describe('an odd character is reported in the structure of YAML', () => {
  test.each<[string, string, string]>([
    [
      '    effect',
      '\u00a0\u00a0\u00a0\u00a0effect',
      '7:1 1 this is a no-break space (U+00A0): write a plain space',
    ],
    [
      '    when',
      '\u3000\u3000\u3000\u3000when',
      '8:1 1 this is an ideographic space (U+3000): write a plain space',
    ],
    ['  - name', '  \u2013 name', '6:3 1 this is an en dash (U+2013): write `-`'],
    ['  - name', '  \u2014name', '6:3 1 this is an em dash (U+2014): write `-`'],
    ['  - name', '  \u2010 name', '6:3 1 this is a hyphen that is not a plain one (U+2010): write `-`'],
    ['  - name', '  -\u00a0name', '6:4 1 this is a no-break space (U+00A0): write a plain space'],
    ['  - name', '\u200b  - name', '6:1 1 this is a zero-width space (U+200B): remove it'],
    ['rules:', 'rules\uff1a', '5:6 1 this is a full-width `:` (U+FF1A): write the plain `:`'],
    ['rules:', 'rul\u200bes:', '5:4 1 this is a zero-width space (U+200B): remove it'],
    ['mode:', '\ufeffmode:', '2:1 1 this is a byte order mark (U+FEFF): remove it'],
    ['mode:', 'm\u043ede:', '2:2 1 this is a letter that only looks like `o` (U+043E): write `o`'],
    ['hold', '\u201chold\u201d', '7:13 1 this is a curly quote (U+201C): write `"`'],
    ['hold', 'hold\u00a0', '7:17 1 this is a no-break space (U+00A0): write a plain space'],
    ['enforce', 'enf\u00adorce', '2:10 1 this is a soft hyphen (U+00AD): remove it'],
    ['version: 1', 'version: \uff11', '1:10 1 this is a full-width `1` (U+FF11): write the plain `1`'],
  ])('%j as %j', (there, here, reported) => {
    expect(reportedWith(there, here)).toContain(reported);
  });

  test.each<[string, string]>([
    ['version', '\ufeffversion'],
    ['mode: enforce', 'mode: enforce # \u201cso\u201d \u2013 \u00a0'],
    ['rules:', '# \u2013 a comment\nrules:'],
    ['effect: hold', 'effect: hold\n    reason: \u201cFine\u201d \u2013 so\u00a0be it'],
    ['"prod"', '"it\u2019s prod"'],
  ])('but not where it may stand: %j as %j', (there, here) => {
    expect(reportedWith(there, here)).toEqual([]);
  });
});

describe('an odd character is reported in a condition', () => {
  test.each<[string, string, string]>([
    [
      'target.name in',
      'target.name\u00a0in',
      '8:22 1 this is a no-break space (U+00A0): write a plain space',
    ],
    ['"prod"', '\u201cprod\u201d', '8:60 1 this is a curly quote (U+201C): write `"`'],
    ['"prod"', '"prod\u201d', '8:65 1 this is a curly quote (U+201D): write `"`'],
    ['"prod"', '\u2018prod\u2019', "8:60 1 this is a curly quote (U+2018): write `'`"],
    ['==', '=\uff1d', '8:58 1 this is a full-width `=` (U+FF1D): write the plain `=`'],
    ['==', '\u2260', '8:57 1 this is a not-equal sign (U+2260): write `!=`'],
    ['&&', '\u2227', '8:38 1 this is a logical-and sign (U+2227): write `&&`'],
    [
      'target.name',
      't\u0430rget.name',
      '8:12 1 this is a letter that only looks like `a` (U+0430): write `a`',
    ],
    ['target.name', 'target.na\u200bme', '8:20 1 this is a zero-width space (U+200B): remove it'],
  ])('%j as %j', (there, here, reported) => {
    expect(reportedWith(there, here)).toEqual([reported]);
  });

  test('also in a text that is compared, where nobody sees it', () => {
    const found = (here: string): string[] =>
      analyzePolicy([{ path: 'p.yaml', text: good.replace('"prod"', here) }]).map(({ message }) => message);
    expect(found('"prod"')).toEqual([]);
    expect(found('"pro\u00a0d"')).toEqual([
      'the text `pro\u00a0d` has a no-break space (U+00A0): write a plain space',
    ]);
    expect(found('"\u201cprod\u201d"')).toEqual([
      'the text `\u201cprod\u201d` has a curly quote (U+201C): write `"`',
    ]);
    expect(found('"Größe \u2013 L"')).toEqual([]);
  });
});

describe('a tag whose name is no plain word', () => {
  const reported = (when: string): string[] =>
    problemsOf(JSON.stringify({ version: 1, rules: [{ name: 'a', effect: 'hold', when }] })).map(
      ({ message }) => message,
    );

  test.each([
    ['has(target.tags["cost-center"])', '"cost-center" in target.tags'],
    ['has(target.tags.cost-center)', '"cost-center" in target.tags'],
    ['!has(endpoint.tags.ms-resource-usage)', '"ms-resource-usage" in endpoint.tags'],
    ['has(target.tags["a b"])', '"a b" in target.tags'],
  ])('is asked for by `in`: %s', (when, fix) => {
    expect(reported(when)).toEqual([`\`has()\` cannot check for a tag with this name: write \`${fix}\``]);
  });

  test.each([
    ['target.tags.cost-center == "x"', 'cost-center'],
    ['target.tags.ms-resource-usage in ["a"]', 'ms-resource-usage'],
    ['has(target.tags.owner:team)', 'owner:team'],
    ['target.tags.2fa == "on"', '2fa'],
    ['target.tags.in == "on"', 'in'],
  ])('stands in brackets: %s', (when, name) => {
    expect(reported(when)).toEqual([
      `a tag with this name needs brackets: write \`target.tags["${name}"]\`, and \`"${name}" in target.tags\` to check for it`,
    ]);
  });

  test('is accepted as suggested', () => {
    expect(reported('"cost-center" in target.tags && target.tags["cost-center"] == "4711"')).toEqual([]);
  });
});
