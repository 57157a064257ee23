import { analyzePolicy } from '../../../../src/policy/analysis/analyze-policy';
import { loadPolicy } from '../../../../src/policy/compile-policy';

/** Returns what the analysis says of rules. */
function messages(rules: string): readonly string[] {
  const text = `version: 1\nlists:\n  zones: [11111111-1111-4111-8111-111111111111]\nrules:\n${rules}`;
  const files = [{ path: 'p.yaml', text }];
  expect(loadPolicy(files)).toMatchObject({ kind: 'loaded' });
  return analyzePolicy(files)
    .map(({ message }) => message)
    .filter((message) => !message.startsWith('no condition reads'));
}

const zones = 'endpoint.subscriptionId in lists.zones';

function rule(name: string, fields: Readonly<Record<string, string>>): string {
  const all = { effect: 'approve', when: zones, ...fields };
  const lines = Object.entries(all).map(([key, value]) => `    ${key}: ${value}\n`);
  return `  - name: ${name}\n${lines.join('')}`;
}

test('the targets of a rule say nothing about who asks', () => {
  expect(messages(rule('all', { targets: '[storage]', when: '"true"' }))).toEqual([
    expect.stringMatching(/^rule `all` approves whoever asks \(`true`\): it checks nothing/),
  ]);
  expect(messages(rule('tagged', { targets: '[storage]', when: 'target.tags.env == "dev"' }))).toEqual([
    expect.stringMatching(/^rule `tagged` approves whoever asks/),
  ]);
});

test('a rule that stops strangers does so for its own targets only', () => {
  const open = rule('open', { when: 'target.name == "a"' });
  const stop = rule('stop', { effect: 'hold', when: '"true"', targets: '[storage]' });
  expect(messages(open + stop)).toEqual([expect.stringMatching(/^rule `open` approves whoever/)]);
  const narrow = rule('open', { when: 'target.name == "a"', targets: '[Microsoft.Storage/storageAccounts]' });
  expect(messages(narrow + stop).join()).not.toMatch(/approves whoever/);
});

test('rules for other targets neither add nothing nor override each other', () => {
  const one = rule('one', { targets: '[storage]' });
  expect(messages(one + rule('other', { targets: '[sql]' }))).toEqual([]);
  expect(messages(one + rule('stronger', { targets: '[sql]', effect: 'hold' }))).toEqual([]);
  expect(messages(one + rule('narrower', { targets: '[Microsoft.Storage/storageAccounts]' }))).toEqual([
    expect.stringMatching(/^rule `(?:one|narrower)` adds nothing/),
  ]);
  expect(messages(one + rule('all', {}))).toEqual([expect.stringMatching(/^rule `one` adds nothing/)]);
  expect(messages(one + rule('stronger', { effect: 'hold' }))).toEqual([
    expect.stringMatching(/^rule `one` never decides/),
  ]);
});

test('rules for other targets do not undo each other endlessly', () => {
  const revive = (targets: string): string => rule('revive', { on: '[Rejected]', targets });
  const revoke = rule('revoke', { on: '[Approved]', effect: 'reject', targets: '[key-vault]' });
  expect(messages(revive('[key-vault]') + revoke)).toEqual([expect.stringMatching(/endlessly/)]);
  expect(messages(revive('[file-share]') + revoke)).toEqual([]);
});

test.each([
  ['[storage]', 'target.type == "Microsoft.KeyVault/vaults"'],
  ['[storage, sql]', 'target.service == "key-vault"'],
  ['[storage]', 'target.service != "storage"'],
  ['[storage]', '(target.service == "sql" || target.service == "key-vault")'],
])('a rule for %s whose condition wants %s can never match', (targets, when) => {
  expect(messages(rule('torn', { targets, when: `'${zones} && ${when}'` }))).toEqual([
    expect.stringMatching(/^rule `torn` can never match: its `targets` are /),
  ]);
});

test.each([
  ['[storage, sql]', 'target.service == "sql"'],
  ['[storage]', '(target.service == "sql" || target.tags.env == "dev")'],
  ['[key-vault]', 'target.type == "Microsoft.KeyVault/vaults"'],
])('a rule for %s whose condition wants %s can match', (targets, when) => {
  expect(messages(rule('whole', { targets, when: `'${zones} && ${when}'` }))).toEqual([]);
});
