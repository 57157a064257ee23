import { loadPolicy } from '../../../../src/policy/compile-policy';

type Said = readonly [line: number, column: number, found: string, message: string];

/** What is said of a file: the place, the text at that place, and the message. */
function saidOf(text: string): readonly Said[] {
  const load = loadPolicy([{ path: 'p.yaml', text }]);
  if (load.kind === 'loaded') return [];
  const lines = text.split('\n');
  return load.problems.map(({ line, column, length, message }) => [
    line,
    column,
    lines[line - 1]?.slice(column - 1, column - 1 + length) ?? '',
    message,
  ]);
}

test.each<[string, readonly Said[]]>([
  ['mode: enforce\n', [[1, 1, 'mode', 'the file does not state its format: begin it with `version: 1`']]],
  ['', [[1, 1, '', 'the file does not state its format: begin it with `version: 1`']]],
  ['# nothing\n', [[1, 1, '#', 'the file does not state its format: begin it with `version: 1`']]],
  ['version: 2\n', [[1, 10, '2', 'unknown version: this Postern reads `version: 1`']]],
  ["version: '1'\n", [[1, 10, "'1'", 'unknown version: this Postern reads `version: 1`']]],
  ['version: null\n', [[1, 10, 'null', 'unknown version: this Postern reads `version: 1`']]],
  [
    '[a]\n',
    [
      [
        1,
        1,
        '[a]',
        'a policy file is a map of `version`, `mode`, `limits`, `console`, `tenants`, `lists` and `rules`: this is something else',
      ],
    ],
  ],
  [
    'text\n',
    [
      [
        1,
        1,
        'text',
        'a policy file is a map of `version`, `mode`, `limits`, `console`, `tenants`, `lists` and `rules`: this is something else',
      ],
    ],
  ],
  [
    '5\n',
    [
      [
        1,
        1,
        '5',
        'a policy file is a map of `version`, `mode`, `limits`, `console`, `tenants`, `lists` and `rules`: this is something else',
      ],
    ],
  ],
  ['null\n', [[1, 1, 'null', 'the file does not state its format: begin it with `version: 1`']]],
  ['version: 1\nmode: no\n', [[2, 7, 'no', 'unknown mode `no`: there are `enforce`, `audit`']]],
  ['version: 1\nmode: 5\n', [[2, 7, '5', '`mode` must be one of enforce, audit']]],
  ['version: 1\nmode:\n', [[2, 6, '', '`mode` is empty: write enforce or audit']]],
  ['version: 1\nmode: enforced\n', [[2, 7, 'enforced', 'unknown mode `enforced`: did you mean `enforce`?']]],
  [
    'version: 1\nmood: enforce\n',
    [
      [
        2,
        1,
        'mood',
        'unknown key `mood`: there are `version`, `mode`, `limits`, `console`, `tenants`, `lists`, `rules`',
      ],
    ],
  ],
  [
    'version: 1\nxyzzy: 1\n',
    [
      [
        2,
        1,
        'xyzzy',
        'unknown key `xyzzy`: there are `version`, `mode`, `limits`, `console`, `tenants`, `lists`, `rules`',
      ],
    ],
  ],
  ['version: 1\nRules: []\n', [[2, 1, 'Rules', 'unknown key `Rules`: did you mean `rules`?']]],
  ['version: 1\nrules: x\n', [[2, 8, 'x', '`rules` must be a list: begin each rule with `- name:`']]],
  [
    'version: 1\nrules: {a: b}\n',
    [[2, 8, '{a: b}', '`rules` must be a list: begin each rule with `- name:`']],
  ],
  [
    'version: 1\nrules:\n  - {}\n',
    [
      [3, 5, '{}', 'the rule has no `name`: give it one, such as `name: landing-zones`'],
      [3, 5, '{}', 'the rule has no `effect`: write approve, reject, delete or hold'],
      [3, 5, '{}', 'the rule has no `when`: write a condition'],
    ],
  ],
  ['version: 1\nrules:\n', [[2, 7, '', '`rules` must be a list: begin each rule with `- name:`']]],
  [
    'version: 1\nrules:\n  - name: a\n',
    [
      [3, 5, 'name', 'the rule has no `effect`: write approve, reject, delete or hold'],
      [3, 5, 'name', 'the rule has no `when`: write a condition'],
    ],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n',
    [[3, 5, 'name', 'the rule has no `when`: write a condition']],
  ],
  [
    'version: 1\nrules:\n  - effect: hold\n    when: "true"\n',
    [[3, 5, 'effect', 'the rule has no `name`: give it one, such as `name: landing-zones`']],
  ],
  [
    'version: 1\nrules:\n  - name: 5\n    effect: hold\n    when: "true"\n',
    [[3, 11, '5', '`name` must be text']],
  ],
  [
    'version: 1\nrules:\n  - name: a b\n    effect: hold\n    when: "true"\n',
    [
      [
        3,
        11,
        'a b',
        'a rule name has 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit',
      ],
    ],
  ],
  [
    'version: 1\nrules:\n  - name: \'\'\n    effect: hold\n    when: "true"\n',
    [
      [
        3,
        11,
        "''",
        'a rule name has 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit',
      ],
    ],
  ],
  [
    'version: 1\nrules:\n  - name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n    effect: hold\n    when: "true"\n',
    [
      [
        3,
        11,
        'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
        'a rule name has 1 to 64 letters, digits, dots, dashes and underscores, and begins with a letter or digit',
      ],
    ],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: aprove\n    when: "true"\n',
    [[4, 13, 'aprove', 'unknown effect `aprove`: did you mean `approve`?']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: 5\n    when: "true"\n',
    [[4, 13, '5', '`effect` must be one of approve, reject, delete, hold']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect:\n    when: "true"\n',
    [[4, 12, '', 'the rule has no `effect`: write approve, reject, delete or hold']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    efect: hold\n    when: "true"\n',
    [[4, 5, 'efect', 'unknown key `efect`: did you mean `effect`?']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: true\n',
    [[5, 11, 'true', '`when` must be a condition in quotes']],
  ],
  [
    "version: 1\nrules:\n  - name: a\n    effect: hold\n    when: ''\n",
    [[5, 11, "''", '`when` is empty: write a condition, or `when: "true"` to match every connection']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: 5\n',
    [[5, 11, '5', '`when` must be a condition in quotes']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: [a]\n',
    [[5, 11, '[a]', '`when` must be a condition in quotes']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    reason: 5\n',
    [[6, 13, '5', '`reason` must be text: put it in quotes']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    reason: \'\'\n',
    [[6, 13, "''", '`reason` must be one line of visible text']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    reason: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n',
    [
      [
        6,
        13,
        'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
        '`reason` is longer than 256 characters: shorten it',
      ],
    ],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    on: 5\n',
    [[6, 9, '5', 'write `on: [Pending]`: one status or more']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    on: []\n',
    [[6, 9, '[]', '`on` is empty: write `on: [Pending]`, or remove it']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    on: [5]\n',
    [[6, 10, '5', 'a status is one word, such as `Pending`']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    on: aproved\n',
    [[6, 9, 'aproved', 'unknown status `aproved`: did you mean `Approved`?']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    on: [Approved, \'a b\']\n',
    [
      [
        6,
        20,
        "'a b'",
        '`a b` is not a connection status: statuses are Pending, Approved, Rejected, Disconnected, or another single word',
      ],
    ],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    on: {a: b}\n',
    [[6, 9, '{a: b}', 'write `on: [Pending]`: one status or more']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    on: \'\'\n',
    [
      [
        6,
        9,
        "''",
        '`` is not a connection status: statuses are Pending, Approved, Rejected, Disconnected, or another single word',
      ],
    ],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    on: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n',
    [
      [
        6,
        9,
        'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
        '`xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` is not a connection status: statuses are Pending, Approved, Rejected, Disconnected, or another single word',
      ],
    ],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    on: [Approved, Disconnected, Timeout, Rejected, Pending]\n',
    [
      [
        6,
        10,
        'Approved',
        'an Approved connection is already approved: remove Approved from `on` (connections that no rule matches stay as they are)',
      ],
      [
        6,
        20,
        'Disconnected',
        'Azure does not approve a connection that is Disconnected: the requester must recreate it; remove Disconnected from `on`',
      ],
      [
        6,
        34,
        'Timeout',
        'Azure does not approve a connection that is Timeout: the requester must recreate it; remove Timeout from `on`',
      ],
    ],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: reject\n    when: "true"\n    on: [Approved, Disconnected, Timeout, Rejected, Pending]\n',
    [
      [
        6,
        20,
        'Disconnected',
        'Azure does not reject a connection that is Disconnected: use `effect: delete`, or remove it from `on`',
      ],
      [
        6,
        34,
        'Timeout',
        'Azure does not reject a connection that is Timeout: use `effect: delete`, or remove it from `on`',
      ],
      [6, 43, 'Rejected', 'a Rejected connection is already rejected: remove Rejected from `on`'],
    ],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvesAnyone: yes\n',
    [[6, 21, 'yes', '`approvesAnyone` must be true or false']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    approvesAnyone: true\n    approvals: {expireAfter: 7d}\n',
    [
      [
        6,
        5,
        'approvesAnyone',
        'only a rule that approves can approve anyone, but this rule has `effect: hold`: remove `approvesAnyone`',
      ],
      [
        7,
        5,
        'approvals',
        'only an approval can expire, but this rule has `effect: hold`: remove `approvals`',
      ],
    ],
  ],
  [
    'version: 1\nlists: x\n',
    [
      [
        2,
        8,
        'x',
        '`lists` must map names to lists, such as `landingZones: [11111111-1111-1111-1111-111111111111]`',
      ],
    ],
  ],
  [
    'version: 1\nlists:\n  a: x\n',
    [[3, 6, 'x', 'a list must be a list: write `[a, b]`, or one `- entry` a line']],
  ],
  [
    'version: 1\nlists:\n  a: [x, 5]\n',
    [[3, 10, '5', 'the list mixes text and numbers: put the numbers in quotes']],
  ],
  [
    'version: 1\nlists:\n  a: [5, x]\n',
    [[3, 10, 'x', 'the list mixes text and numbers: put the numbers in quotes']],
  ],
  [
    'version: 1\nlists:\n  a: [x, true]\n',
    [[3, 10, 'true', 'an entry must be text or a number: put it in quotes']],
  ],
  [
    'version: 1\nlists:\n  a: [x, [y]]\n',
    [[3, 10, '[y]', 'an entry must be text or a number: put it in quotes']],
  ],
  ["version: 1\nlists:\n  a: [x, '']\n", [[3, 10, "''", 'an entry is empty: remove it']]],
  [
    'version: 1\nlists:\n  a: [1e400]\n',
    [[3, 6, '[1e400]', 'a number is too large: put the numbers in quotes']],
  ],
  [
    'version: 1\nlists:\n  1a: [x]\n',
    [
      [
        3,
        3,
        '1a',
        'a list name has 1 to 64 letters, digits and underscores, begins with a letter and is not a CEL keyword: conditions write `lists.<name>`',
      ],
    ],
  ],
  [
    'version: 1\nlists:\n  in: [x]\n',
    [
      [
        3,
        3,
        'in',
        'a list name has 1 to 64 letters, digits and underscores, begins with a letter and is not a CEL keyword: conditions write `lists.<name>`',
      ],
    ],
  ],
  [
    'version: 1\nlists:\n  a-b: [x]\n',
    [
      [
        3,
        3,
        'a-b',
        'a list name has 1 to 64 letters, digits and underscores, begins with a letter and is not a CEL keyword: conditions write `lists.<name>`',
      ],
    ],
  ],
  [
    'version: 1\nlists:\n  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: [x]\n',
    [
      [
        3,
        3,
        'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
        'a list name has 1 to 64 letters, digits and underscores, begins with a letter and is not a CEL keyword: conditions write `lists.<name>`',
      ],
    ],
  ],
  [
    'version: 1\nlists:\n  a:\n',
    [[3, 5, '', 'a list must be a list: write `[a, b]`, or one `- entry` a line']],
  ],
  [
    'version: 1\nlists:\n  a: [x]\n  A: [y]\n',
    [[4, 3, 'A', 'the list `A` is already in p.yaml:3: keep one of them']],
  ],
  [
    'version: 1\nlimits: x\n',
    [
      [
        2,
        9,
        'x',
        '`limits` must map kinds of writes to limits, such as `rejects: {perHour: 20, perReview: 5}`',
      ],
    ],
  ],
  [
    'version: 1\nlimits: {}\n',
    [[2, 9, '{}', '`limits` is empty: write `rejects: {perHour: 20, perReview: 5}` below it, or remove it']],
  ],
  [
    'version: 1\nlimits:\n  rejects: 5\n',
    [[3, 12, '5', 'a limit states how many: write `{perHour: 20, perReview: 5}`']],
  ],
  [
    'version: 1\nlimits:\n  rejects: {}\n',
    [[3, 12, '{}', 'the limit has neither `perHour` nor `perReview`: write `{perHour: 20, perReview: 5}`']],
  ],
  [
    'version: 1\nlimits:\n  rejects: {perHour: -1}\n',
    [
      [
        3,
        22,
        '-1',
        '`perHour` must be a whole number from 0 to 500; 0 means that each such write needs a person',
      ],
    ],
  ],
  [
    'version: 1\nlimits:\n  rejects: {perHour: 501}\n',
    [
      [
        3,
        22,
        '501',
        '`perHour` must be a whole number from 0 to 500; 0 means that each such write needs a person',
      ],
    ],
  ],
  [
    'version: 1\nlimits:\n  rejects: {perHour: 1.5}\n',
    [
      [
        3,
        22,
        '1.5',
        '`perHour` must be a whole number from 0 to 500; 0 means that each such write needs a person',
      ],
    ],
  ],
  [
    'version: 1\nlimits:\n  rejects: {perHour: x}\n',
    [
      [
        3,
        22,
        'x',
        '`perHour` must be a whole number from 0 to 500; 0 means that each such write needs a person',
      ],
    ],
  ],
  [
    'version: 1\nlimits:\n  reject: {perHour: 5}\n',
    [[3, 3, 'reject', 'unknown key `reject`: did you mean `rejects`?']],
  ],
  [
    'version: 1\nlimits:\n  rejects: {perHours: 5}\n',
    [[3, 13, 'perHours', 'unknown key `perHours`: did you mean `perHour`?']],
  ],
  [
    'version: 1\nlimits:\n  xyzzy: {perHour: 5}\n',
    [[3, 3, 'xyzzy', 'unknown key `xyzzy`: there are `rejects`, `deletes`, `revocations`']],
  ],
  [
    'version: 1\nlimits:\n  rejects:\n',
    [[3, 11, '', 'a limit states how many: write `{perHour: 20, perReview: 5}`']],
  ],
  [
    'version: 1\nlimits:\n  deletes: {perReview: 501}\n  revocations: {perDay: 1}\n',
    [
      [
        3,
        24,
        '501',
        '`perReview` must be a whole number from 0 to 500; 0 means that each such write needs a person',
      ],
      [4, 17, 'perDay', 'unknown key `perDay`: there are `perHour`, `perReview`'],
    ],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: 7 days}\n',
    [[6, 30, '7 days', '`7 days` is not a time: write `7d`']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: 5m}\n',
    [[6, 30, '5m', 'an approval lasts at least 10 minutes: write `10m` or more']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: 9m59s}\n',
    [[6, 30, '9m59s', 'an approval lasts at least 10 minutes: write `10m` or more']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: 3651d}\n',
    [
      [
        6,
        30,
        '3651d',
        'an approval that expires lasts at most 3650 days: write `3650d` or less, or remove `approvals`',
      ],
    ],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: 5}\n',
    [[6, 30, '5', '`expireAfter` must be a time with a unit: write `5h` for hours or `5d` for days']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: 0}\n',
    [[6, 30, '0', '`expireAfter` must be a time such as `168h` or `7d`']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: -1}\n',
    [[6, 30, '-1', '`expireAfter` must be a time such as `168h` or `7d`']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: 1.5}\n',
    [[6, 30, '1.5', '`expireAfter` must be a time such as `168h` or `7d`']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: \'\'}\n',
    [[6, 30, "''", 'the time is empty: write one such as `168h` or `7d`']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: ~}\n',
    [[6, 30, '~', '`approvals` does not state when approvals expire: write `expireAfter: 168h`']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: [a]}\n',
    [[6, 30, '[a]', '`expireAfter` must be a time such as `168h` or `7d`']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: 168}\n',
    [[6, 30, '168', '`expireAfter` must be a time with a unit: write `168h` for hours or `168d` for days']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: soon}\n',
    [
      [
        6,
        30,
        'soon',
        '`soon` is not a time: write whole days, hours, minutes and seconds, such as `7d`, `168h` or `24h30m`',
      ],
    ],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: 7d\n',
    [[6, 16, '7d', '`approvals` states when approvals expire: write `approvals: {expireAfter: 168h}`']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {}\n',
    [[6, 16, '{}', '`approvals` does not state when approvals expire: write `expireAfter: 168h`']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expiresAfter: 7d}\n',
    [[6, 17, 'expiresAfter', 'unknown key `expiresAfter`: did you mean `expireAfter`?']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: 7d, x: 1}\n',
    [[6, 34, 'x', 'unknown key `x`: there are `expireAfter`']],
  ],
  [
    'version: 1\nrules:\n  - {name: a, effect: hold, when: "true"}\n  - {name: A, effect: hold, when: "true"}\n',
    [[4, 12, 'A', 'a rule named `A` is already in p.yaml:3: keep one of them']],
  ],
  [
    'version: 1\n__proto__: 1\n',
    [
      [
        2,
        1,
        '__proto__',
        'unknown key `__proto__`: there are `version`, `mode`, `limits`, `console`, `tenants`, `lists`, `rules`',
      ],
      [2, 1, '__proto__', 'nothing in a policy can be called `__proto__`: use another name'],
    ],
  ],
  [
    'version: 1\nlists:\n  __proto__: [a]\n',
    [[3, 3, '__proto__', 'nothing in a policy can be called `__proto__`: use another name']],
  ],
  [
    'version: 1\nmode: enforce\nmode: audit\n',
    [[3, 1, 'm', 'this key appears twice: keep one (Map keys must be unique)']],
  ],
  [
    'version: 1\nlists:\n\ta: [x]\n',
    [[3, 1, '\t', 'this line is indented with a tab: use spaces (Tabs are not allowed as indentation)']],
  ],
  [
    'version: 1\n---\nversion: 1\n',
    [
      [
        2,
        1,
        '---',
        'a second YAML document begins here: keep one document in a file (Source contains multiple documents; please use YAML.parseAllDocuments())',
      ],
    ],
  ],
  [
    'version: 1\nlists:\n  a: &a [x]\n  b: *a\n',
    [[4, 6, '*a', 'aliases are not supported: write the value out, or make it a list under `lists`']],
  ],
  [
    'version: 1\nlists:\n  a: [!!str x]\n',
    [[3, 13, 'x', 'tags are not supported: remove what begins with `!`']],
  ],
  [
    'version: 1\nlists:\n  a: !x [y]\n',
    [[3, 6, '!x', 'YAML reads a value that begins with `!` as a tag: put the whole value in quotes']],
  ],
  [
    '%YAML 1.1\n---\nversion: 1\n',
    [[1, 1, '%YAML', 'YAML 1.1 reads words such as `on` as booleans: remove the %YAML line']],
  ],
  ['version: 1\n5: x\n', [[2, 1, '5', 'a key must be text: put it in quotes']]],
  ['version: 1\n? [a]\n: x\n', [[2, 3, '[a]', 'a key must be plain text']]],
  ['version: 1\nmode: "x', [[2, 9, '', 'something that opens here is not closed (Missing closing "quote)']]],
  [
    'version: 1\nlists:\n  a: [x\n',
    [
      [
        4,
        1,
        '',
        'not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
      ],
    ],
  ],
  [
    'version: 1\nmode: @x\n',
    [
      [
        2,
        7,
        '@',
        'this character has a special meaning in YAML: put the whole value in quotes (Plain value cannot start with reserved character @)',
      ],
    ],
  ],
  [
    'version: 1\nmode: *x\n',
    [[2, 7, '*x', 'aliases are not supported: write the value out, or make it a list under `lists`']],
  ],
  [
    'version: 1\nmode: a: b\n',
    [
      [
        2,
        7,
        'a',
        'YAML reads `: ` in this value as a key: put the whole value in quotes (Nested mappings are not allowed in compact mappings)',
      ],
    ],
  ],
  [
    "version: 1\nmode: 'a' b\n",
    [
      [
        2,
        11,
        'b',
        'YAML ends the value before this: put the whole value in quotes, of the kind that it does not contain',
      ],
    ],
  ],
  [
    'version: 1\n\u00a0mode: audit\n',
    [[2, 1, '\u00a0', 'this is a no-break space (U+00A0): write a plain space']],
  ],
  ['version\uff1a 1\n', [[1, 8, '\uff1a', 'this is a full-width `:` (U+FF1A): write the plain `:`']]],
  ['version: 1\nrules:\n  \u2013 name: a\n', [[3, 3, '\u2013', 'this is an en dash (U+2013): write `-`']]],
  [
    'version: 1\nmode: \u201cenforce\u201d\n',
    [[2, 7, '\u201c', 'this is a curly quote (U+201C): write `"`']],
  ],
  [
    'version: 1\nmode: enf\u043erce\n',
    [[2, 10, '\u043e', 'this is a letter that only looks like `o` (U+043E): write `o`']],
  ],
  [
    'version: 1\nlists:\n  a\u200b: [x]\n',
    [[3, 4, '\u200b', 'this is a zero-width space (U+200B): remove it']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: >-\n      endpoint.name == "a"\n      && endpoint.nam == "b"\n',
    [[7, 19, 'nam', '`endpoint` has no `nam`: did you mean `name`?']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: |\n      endpoint.name == "a"\n      && endpoint.nam == "b"\n',
    [[7, 19, 'nam', '`endpoint` has no `nam`: did you mean `name`?']],
  ],
  [
    "version: 1\nrules:\n  - name: a\n    effect: hold\n    when: 'endpoint.name == ''a'' && endpoint.nam == ''b'''\n",
    [[5, 47, 'nam', '`endpoint` has no `nam`: did you mean `name`?']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "endpoint.name == \\"\\x41\\u0042\\U00000043\\" && endpoint.nam == \\"b\\""\n',
    [[5, 66, 'nam', '`endpoint` has no `nam`: did you mean `name`?']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: endpoint.name == "a"\n      && endpoint.nam == "b"\n',
    [[6, 19, 'nam', '`endpoint` has no `nam`: did you mean `name`?']],
  ],
  [
    "version: 1\nrules:\n  - name: a\n    effect: hold\n    when: \"endpoint.name == 'a'\\\n      && endpoint.nam == 'b'\"\n",
    [[6, 19, 'nam', '`endpoint` has no `nam`: did you mean `name`?']],
  ],
  [
    'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "\\tendpoint.nam\\n == \'\\/\\\\\'"\n',
    [
      [
        5,
        32,
        "'\\/\\\\'",
        'this text is not closed: end it with the quote it began with (in unquoted YAML, ` #` begins a comment)',
      ],
    ],
  ],
])('%j is refused with a place and a fix', (text, said) => {
  expect(saidOf(text)).toEqual(said);
});

test.each([
  'version: 1\n',
  'version: 1\nrules:\n  - name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n    effect: hold\n    when: "true"\n',
  'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    reason: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n',
  'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    on: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n',
  'version: 1\nrules:\n  - name: a\n    effect: hold\n    when: "true"\n    on: approved\n',
  'version: 1\nrules:\n  - name: a\n    effect: delete\n    when: "true"\n    on: [Approved, Disconnected, Timeout, Rejected, Pending]\n',
  'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvesAnyone: true\n',
  'version: 1\nlists:\n  aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: [x]\n',
  'version: 1\nlists:\n  a: [1, 2.5]\n',
  'version: 1\nlimits:\n  rejects: {perHour: 500, perReview: 0}\n',
  'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: 10m}\n',
  'version: 1\nrules:\n  - name: a\n    effect: approve\n    when: "true"\n    approvals: {expireAfter: 3650d}\n',
  '%YAML 1.2\n---\nversion: 1\n',
  '\ufeffversion: 1\n',
])('%j is a policy', (text) => {
  expect(saidOf(text)).toEqual([]);
});

const rule = ['version: 1', 'rules:', '  - name: a', '    effect: hold'];
const x = (length: number): string => 'x'.repeat(length);

test.each<[string, readonly string[], string]>([
  [
    'a reason',
    [...rule, '    when: "true"', `    reason: ${x(256)}`],
    '`reason` is longer than 256 characters: shorten it',
  ],
  ['an entry', ['version: 1', 'lists:', `  a: [${x(2_048)}]`], 'an entry is longer than 2048 characters'],
])('%s has a longest length', (_, lines, message) => {
  expect(saidOf(lines.join('\n'))).toEqual([]);
  const longer = [...lines.slice(0, -1), lines.at(-1)?.replace(/x(\]?)$/, 'xx$1') ?? ''];
  expect(saidOf(longer.join('\n')).map(([, , , said]) => said)).toEqual([message]);
});

test('a file has a thousand rules at most, and a condition 4,096 characters', () => {
  const rules = (count: number): readonly string[] => [
    'version: 1',
    'rules:',
    ...Array.from({ length: count }, (_, index) => `  - {name: r${index}, effect: hold, when: "true"}`),
  ];
  expect(saidOf(rules(1_000).join('\n'))).toEqual([]);
  expect(saidOf(rules(1_001).join('\n')).map(([line, , , said]) => [line, said])).toEqual([
    [3, 'there are more than 1000 rules'],
  ]);
  expect(saidOf([...rule, `    when: ${x(4_097)}`].join('\n')).map(([, , , said]) => said)).toEqual([
    '`when` is longer than 4096 characters: split the rule',
  ]);
});
