import * as parser from '@typescript-eslint/parser';
import { RuleTester } from 'eslint';
import { documentedExports } from '../../../../scripts/lint/documented-exports.mjs';

const tester = new RuleTester({ languageOptions: { parser } });
const named = (name: string, word: string) => [{ messageId: 'verb', data: { name, word } }];
const missing = (name: string) => [{ messageId: 'missing', data: { name } }];
const documented = (comment: string): string => `/** ${comment} */\nexport function read() {}`;

tester.run('documented-exports', documentedExports, {
  valid: [
    ...[
      'Reads a row.',
      'Is true for an open operation.',
      'Has the caller wait.',
      'Does nothing twice.',
      'Mentions the file.',
      'Re-reads the row.',
      '`Reads` a row.',
    ].map(documented),
    '/**\n * Reads a row, and reads it\n * again.\n * @throws ArmError\n */\nexport async function* read() {}',
    '/** Adds one. */\nexport const add = (a) => a + 1;',
    '/** Reads. */\nexport default function () {}',
    '/** Reads. */\nfunction read() {}\nexport { read };',
    '/** Reads text. */\nexport function read(a: string): void;\nexport function read(a: number): void;\nexport function read(): void {}',
    // Neither exported nor a function of this file.
    'function helper() {}',
    'export const limit = 3;\nexport interface Port { read(): void }\nexport type Read = () => void;',
    "export { read } from './read';\nexport class Store { read() {} }",
  ],
  invalid: [
    { code: 'export function read() {}', errors: missing('read') },
    { code: '// Reads a row.\nexport function read() {}', errors: missing('read') },
    { code: '/* Reads a row. */\nexport function read() {}', errors: missing('read') },
    { code: '/** */\nexport function read() {}', errors: missing('read') },
    { code: 'export const add = (a) => a + 1;', errors: missing('add') },
    { code: 'export default () => 1;', errors: missing('default') },
    { code: 'function read() {}\nexport { read as write };', errors: missing('read') },
    {
      code: 'export function read(a: string): void;\n/** Reads. */\nexport function read(): void {}',
      errors: missing('read'),
    },
    { code: '/** @throws ArmError */\nexport function read() {}', errors: named('read', '@throws') },
    ...[
      ...['What', 'The', 'A', 'Read', 'Reading', 'Whether', 'One', 'Everything'],
      ...[
        'This',
        'Its',
        'As',
        'Was',
        'Always',
        'Ours',
        'Yes',
        'Less',
        'Sometimes',
        'Besides',
        'Perhaps',
        'Whose',
      ],
      ...['Status', 'Plus', 'Address', 'Basis', "ARM's", 'Let’s', 'ASCII'],
      ...['Words', 'Figures', 'Times', 'Connections', 'Readings', 'Rows', 'Policies', 'URLs'],
    ].map((word) => ({ code: documented(`${word} of a row.`), errors: named('read', word) })),
  ],
});
