import fc from 'fast-check';
import { loadPolicy } from '../../../../src/policy/compile-policy';
import { formatProblems } from '../../../../src/policy/file/format-problems';
import { decideBy, policyText } from '../../../support/samples/policy';
import { codePoint } from '../../../support/arbitraries/code-point';

const slip = /undefined|\[object|NaN/;

/** Loads, and checks what holds for every text: no throw, and problems that point into the file. */
function loadAnything(text: string): void {
  const files = [{ path: 'a.yaml', text }];
  const load = loadPolicy(files);
  if (load.kind === 'loaded') {
    expect(['approve', 'reject', 'delete', 'hold']).toContain(decideBy(load.policy).effect);
    return;
  }
  expect(load.problems.length).toBeGreaterThan(0);
  const lines = text.split('\n');
  for (const { line, column, length, message, path } of load.problems) {
    expect(path).toBe('a.yaml');
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    expect(length).toBeGreaterThanOrEqual(1);
    expect(message).not.toBe('');
    // A message may quote the text.
    if (!slip.test(text)) expect(message).not.toMatch(slip);
  }
  expect(formatProblems(load.problems, files)).toContain('a.yaml:');
}

test('any text is loaded or refused with places inside it', () => {
  fc.assert(fc.property(fc.string({ unit: codePoint, maxLength: 200 }), loadAnything), { numRuns: 300 });
});

const yamlPiece = fc.constantFrom(
  ...[
    'version: 1',
    'mode: ',
    'lists:',
    'rules:',
    '\n',
    '\n  ',
    '\n    ',
    '- ',
    'name: a',
    'when: ',
    'effect: approve',
    'on: ',
  ],
  ...[
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|',
    '>-',
    '&a ',
    '*a',
    '!x ',
    '? ',
    ': ',
    '# ',
    '%YAML 1.1',
    '---',
    '\t',
    '\r\n',
    'lists.x',
    ',',
  ],
);

test('anything that looks like YAML is loaded or refused with places inside it', () => {
  fc.assert(
    fc.property(
      fc.array(yamlPiece, { maxLength: 30 }).map((pieces) => pieces.join('')),
      loadAnything,
    ),
    { numRuns: 600 },
  );
});

test('any structure in place of a policy is loaded or refused', () => {
  const key = fc.constantFrom(
    'version',
    'mode',
    'lists',
    'rules',
    'name',
    'effect',
    'when',
    'on',
    'reason',
    'approvals',
    'expireAfter',
    'limits',
    'rejects',
    'perHour',
    'x',
    '__proto__',
    'constructor',
  );
  const leaf = fc.oneof(
    fc.constantFrom<unknown>(1, 'audit', 'hold', 'true', 'Pending', '168h', '7 days', null, true, ''),
    fc.string(),
    fc.double(),
  );
  const { node } = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('node'), { maxLength: 4 }),
      fc.dictionary(key, tie('node'), { maxKeys: 5 }),
    ),
  }));
  const file = fc.record(
    { version: node, mode: node, limits: node, lists: node, rules: fc.oneof(node, fc.array(node)) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(file, (content) => loadAnything(JSON.stringify(content))),
    { numRuns: 250 },
  );
});

const celPiece = fc.constantFrom(
  ...[
    'connection.',
    'endpoint.',
    'target.tags.',
    'lists.x',
    'now',
    'name',
    'message',
    'id',
    'has(',
    'size(',
    'glob(',
    'ticket(',
  ],
  ...[
    '.exists(a, ',
    '.map(a, ',
    '.filter(',
    '.matches(',
    '.split(',
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ' == ',
    ' && ',
    ' || ',
    '!',
    ' in ',
  ],
  ...[
    ' ? ',
    ' : ',
    ' + ',
    '"a"',
    "'",
    '1',
    '1u',
    '1.5',
    'null',
    'true',
    ',',
    '.',
    'a',
    'duration("1h")',
    'cel.bind(',
    'dyn(',
    '\\',
    'b"x"',
  ],
);

test('any condition is compiled or refused with places inside it, and what compiles can be asked', () => {
  fc.assert(
    fc.property(fc.array(celPiece, { minLength: 1, maxLength: 14 }), (pieces) => {
      loadAnything(policyText([{ when: pieces.join('') }], { x: ['a', 'B'] }));
    }),
    { numRuns: 1_500 },
  );
});

test('a place in a condition is the same word in every scalar style', () => {
  const word = fc.constantFrom('true', 'false', '(true)', '!false', '"a\tb" != "c\\\\d"', "'x' == 'x'");
  const before = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' && '));
  const styles: readonly ((condition: string) => string)[] = [
    (condition) => JSON.stringify(condition),
    (condition) => `'${condition.replaceAll("'", "''")}'`,
    (condition) => `|\n      ${condition.replaceAll(' && ', ' &&\n      ')}`,
    (condition) => `>-\n      ${condition.replaceAll(' && ', '\n      && ')}`,
    (condition) => `>\n\n      ${condition.replaceAll(' && ', '\n\n      &&\n        ')}\n\n`,
    (condition) =>
      `"${condition.replaceAll('\\', '\\x5c').replaceAll('"', '\\u0022').replaceAll(' && ', ' &&\\\n       \\ ')}"`,
  ];
  fc.assert(
    fc.property(before, fc.constantFrom(...styles), (condition, style) => {
      const text = `version: 1\nrules:\n  - name: a\n    effect: hold\n    when: ${style(`${condition} && lists.missing == 1`)}\n`;
      const load = loadPolicy([{ path: 'a.yaml', text }]);
      const problems = load.kind === 'refused' ? load.problems : [];
      expect(problems.map(({ message }) => message)).toEqual(['unknown list `missing`: there are none']);
      const [problem] = problems;
      const line = text.split('\n')[(problem?.line ?? 0) - 1] ?? '';
      const column = problem?.column ?? 0;
      expect(line.slice(column - 1, column - 1 + (problem?.length ?? 0))).toBe('missing');
    }),
    { numRuns: 300 },
  );
});
