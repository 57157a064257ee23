import { loadPolicy } from '../../../../src/policy/compile-policy';
import { formatProblems } from '../../../../src/policy/file/format-problems';
import type { Policy } from '../../../../src/policy/policy';
import { decideBy, factsWith, policyOf, policyText, problemsOf } from '../../../support/samples/policy';

/** What is reported about a text: the line, the text above the caret, and the message. */
function toldOf(text: string): { line: number; found: string; message: string }[] {
  return problemsOf(text).map(({ line, column, length, message }) => {
    const source = text.split('\n')[line - 1] ?? '';
    return { line, found: source.slice(column - 1, column - 1 + length), message };
  });
}

/** `found` is the text at the problem's place. */
type Case = [sentence: string, text: string, line: number, found: string, message: string];

describe('limits', () => {
  const limits = (...lines: string[]): string =>
    ['version: 1', 'limits:', ...lines.map((line) => `  ${line}`), ''].join('\n');

  test('are what the file says, and a kind that it does not say is not limited', () => {
    const text = limits('rejects: {perHour: 0, perReview: 500}', 'revocations: {perReview: 3}');
    expect(policyOf(text).limits).toEqual({
      rejects: { perHour: 0, perReview: 500 },
      revocations: { perReview: 3 },
    });
    expect(policyOf('version: 1\n').limits).toEqual({});
  });

  test('cannot be changed by who reads them', () => {
    const { limits: stated } = policyOf(limits('rejects: {perHour: 5}'));
    expect(Object.isFrozen(stated) && Object.isFrozen(stated.rejects)).toBe(true);
  });

  test('stand in one file of a folder; those of a second one are reported with both places', () => {
    const files = ['a.yaml', 'b.yaml'].map((path) => ({ path, text: limits('rejects: {perHour: 5}') }));
    const load = loadPolicy(files);
    expect(load.kind === 'refused' && formatProblems(load.problems, files).split('\n')).toEqual([
      'b.yaml:2:1: `limits` are already in a.yaml:2: keep one of them',
      '    2 | limits:',
      '      | ^^^^^^',
    ]);
    const [first] = files;
    expect(loadPolicy([first!, { path: 'b.yaml', text: 'version: 1\n' }])).toMatchObject({
      policy: { limits: { rejects: { perHour: 5 } } },
    });
  });

  const whole = 'must be a whole number from 0 to 500; 0 means that each such write needs a person';
  const says = 'a limit states how many: write `{perHour: 20, perReview: 5}`';
  const neither = 'the limit has neither `perHour` nor `perReview`: write `{perHour: 20, perReview: 5}`';
  const maps = '`limits` must map kinds of writes to limits, such as `rejects: {perHour: 20, perReview: 5}`';
  test.each<Case>([
    ['a number for all', 'version: 1\nlimits: 5\n', 2, '5', maps],
    ['nothing', 'version: 1\nlimits:\n', 2, '', maps],
    [
      'no kind',
      'version: 1\nlimits: {}\n',
      2,
      '{}',
      '`limits` is empty: write `rejects: {perHour: 20, perReview: 5}` below it, or remove it',
    ],
    [
      'a kind that is misspelt',
      limits('revocation: {perHour: 5}'),
      3,
      'revocation',
      'unknown key `revocation`: did you mean `revocations`?',
    ],
    [
      'a kind that is not limited',
      limits('approvals: {perHour: 5}'),
      3,
      'approvals',
      'unknown key `approvals`: there are `rejects`, `deletes`, `revocations`',
    ],
    ['a limit that is a number', limits('rejects: 20'), 3, '20', says],
    ['a limit that is a list', limits('rejects: [20, 5]'), 3, '[20, 5]', says],
    ['a limit left empty', limits('rejects:'), 3, '', says],
    ['a limit that says nothing', limits('rejects: {}'), 3, '{}', neither],
    [
      'a key that is misspelt',
      limits('rejects: {perHuor: 5}'),
      3,
      'perHuor',
      'unknown key `perHuor`: did you mean `perHour`?',
    ],
    [
      'a key that is unknown',
      limits('rejects: {perHour: 5, perDay: 5}'),
      3,
      'perDay',
      'unknown key `perDay`: there are `perHour`, `perReview`',
    ],
    ['a count below nothing', limits('rejects: {perHour: -1}'), 3, '-1', `\`perHour\` ${whole}`],
    ['a count that is too high', limits('rejects: {perReview: 501}'), 3, '501', `\`perReview\` ${whole}`],
    ['a count that is not whole', limits('deletes: {perHour: 1.5}'), 3, '1.5', `\`perHour\` ${whole}`],
    ['a count in quotes', limits('deletes: {perHour: "5"}'), 3, '"5"', `\`perHour\` ${whole}`],
    ['a count that is no number', limits('deletes: {perHour: .nan}'), 3, '.nan', `\`perHour\` ${whole}`],
    ['a count left empty', limits('deletes: {perHour: }'), 3, '', `\`perHour\` ${whole}`],
  ])('refuse %s', (_, text, line, found, message) => {
    expect(toldOf(text)).toEqual([{ line, found: found === '' ? expect.any(String) : found, message }]);
  });
});

describe('approvals that end', () => {
  const rule = (...lines: string[]): string =>
    ['version: 1', 'rules:', '  - name: one', ...lines.map((line) => `    ${line}`), ''].join('\n');
  const approving = (...lines: string[]): string => rule('effect: approve', 'when: "true"', ...lines);
  const ending = (text: string): string => approving(`approvals: {expireAfter: ${text}}`);

  const time = (text: string, fix: string): string => `\`${text}\` is not a time: ${fix}`;
  test.each<[sentence: string, text: string, found: string, message: string]>([
    [
      'no end',
      approving('approvals: {}'),
      '{}',
      '`approvals` does not state when approvals expire: write `expireAfter: 168h`',
    ],
    [
      'nothing',
      approving('approvals:'),
      '',
      '`approvals` states when approvals expire: write `approvals: {expireAfter: 168h}`',
    ],
    [
      'a time in its place',
      approving('approvals: 168h'),
      '168h',
      '`approvals` states when approvals expire: write `approvals: {expireAfter: 168h}`',
    ],
    [
      'a key that is misspelt',
      approving('approvals: {expiresAfter: 168h}'),
      'expiresAfter',
      'unknown key `expiresAfter`: did you mean `expireAfter`?',
    ],
    [
      'an unknown key',
      approving('approvals: {expireAfter: 168h, renew: true}'),
      'renew',
      'unknown key `renew`: there are `expireAfter`',
    ],
    [
      'a number',
      ending('168'),
      '168',
      '`expireAfter` must be a time with a unit: write `168h` for hours or `168d` for days',
    ],
    [
      'a number in quotes',
      ending('"168"'),
      '"168"',
      time('168', 'add the unit, `168h` for hours or `168d` for days'),
    ],
    ['a fraction', ending('1.5'), '1.5', '`expireAfter` must be a time such as `168h` or `7d`'],
    ['a boolean', ending('true'), 'true', '`expireAfter` must be a time such as `168h` or `7d`'],
    [
      'an end left empty',
      ending(''),
      '',
      '`approvals` does not state when approvals expire: write `expireAfter: 168h`',
    ],
    ['an empty text', ending('""'), '""', 'the time is empty: write one such as `168h` or `7d`'],
    ['words', ending('7 days'), '7 days', time('7 days', 'write `7d`')],
    ['weeks', ending('1w'), '1w', time('1w', 'write `7d`')],
    ['capitals', ending('24H'), '24H', time('24H', 'write `1d`')],
    ['blanks', ending('1d 12h'), '1d 12h', time('1d 12h', 'write `36h`')],
    ['the smaller unit first', ending('30m24h'), '30m24h', time('30m24h', 'write `24h30m`')],
    ['part of an hour', ending('1.5h'), '1.5h', time('1.5h', 'write `1h30m`')],
    ['a duration of ISO 8601', ending('P1DT12H'), 'P1DT12H', time('P1DT12H', 'write `36h`')],
    [
      'months',
      ending('3 months'),
      '3 months',
      time('3 months', 'write whole days, hours, minutes and seconds, such as `7d`, `168h` or `24h30m`'),
    ],
    [
      'a time before now',
      ending('-1h'),
      '-1h',
      time('-1h', 'a time that begins with a minus is already over'),
    ],
    ['no time at all', ending('0h'), '0h', 'an approval lasts at least 10 minutes: write `10m` or more'],
    [
      'too short a time',
      ending('9m59s'),
      '9m59s',
      'an approval lasts at least 10 minutes: write `10m` or more',
    ],
    [
      'too long a time',
      ending('3651d'),
      '3651d',
      'an approval that expires lasts at most 3650 days: write `3650d` or less, or remove `approvals`',
    ],
  ])('refuse %s', (_, text, found, message) => {
    expect(toldOf(text)).toEqual([{ line: 6, found: found === '' ? expect.any(String) : found, message }]);
  });

  test.each(['reject', 'delete', 'hold'])('are refused of a rule with effect %s', (effect) => {
    const text = rule(`effect: ${effect}`, 'when: "true"', 'approvals: {expireAfter: 168h}');
    const message = `only an approval can expire, but this rule has \`effect: ${effect}\`: remove \`approvals\``;
    expect(toldOf(text)).toEqual([{ line: 6, found: 'approvals', message }]);
  });

  test('are refused of what is Approved already, because that is no approval', () => {
    const text = approving('on: [Approved]', 'approvals: {expireAfter: 168h}');
    expect(toldOf(text)).toMatchObject([{ line: 6, found: 'Approved' }]);
  });

  test.each([
    ['10m', 600],
    ['168h', 604_800],
    ['7d', 604_800],
    ['1d12h', 129_600],
    ['24h30m', 88_200],
    ['601s', 601],
    ['3650d', 315_360_000],
  ])('%s are %d seconds', (text, seconds) => {
    expect(decideBy(policyOf(ending(text))).expireAfterSeconds).toBe(seconds);
  });
});

describe('the end of an approval', () => {
  const ending = (name: string, expireAfter: string) => ({ name, when: 'true', approvals: { expireAfter } });
  const endOf = (policy: Policy): number | undefined => decideBy(policy).expireAfterSeconds;

  test('is the shortest of the rules that won', () => {
    const rules = [
      ending('week', '7d'),
      { name: 'ever', when: 'true' },
      ending('day', '24h'),
      ending('month', '30d'),
    ];
    expect(endOf(policyOf(policyText(rules)))).toBe(86_400);
  });

  test('is not that of a rule that did not match', () => {
    const rules = [ending('week', '7d'), { ...ending('day', '24h'), when: 'false' }];
    expect(endOf(policyOf(policyText(rules)))).toBe(604_800);
  });

  test('is none where no rule says one', () => {
    expect(endOf(policyOf(policyText([{ when: 'true' }])))).toBe(undefined);
  });

  test.each(['hold', 'delete', 'reject'])(
    'is none of a decision to %s, whatever approving rules say',
    (effect) => {
      const policy = policyOf(policyText([ending('week', '7d'), { name: 'other', effect, when: 'true' }]));
      expect(decideBy(policy)).toMatchObject({ effect });
      expect(endOf(policy)).toBe(undefined);
    },
  );

  test('is none where the approval cannot be, and stands where a rejected connection is taken back', () => {
    const policy = policyOf(policyText([{ ...ending('revive', '7d'), on: ['Rejected'] }]));
    const rejected = factsWith({ status: 'Rejected' });
    expect(decideBy(policy, rejected)).toMatchObject({ effect: 'approve', expireAfterSeconds: 604_800 });
    const service = { ...rejected, target: { ...rejected.target, type: 'Microsoft.ApiManagement/service' } };
    expect(decideBy(policy, service)).toMatchObject({ effect: 'hold', expireAfterSeconds: undefined });
  });
});
