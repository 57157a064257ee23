import { analyzePolicy } from '../../../../src/policy/analysis/analyze-policy';
import { loadPolicy } from '../../../../src/policy/compile-policy';
import { limits } from '../../../support/samples/policy';

const lists = {
  zones: ['11111111-1111-4111-8111-111111111111'],
  none: [],
  groups: ['rg-hub', 'rg web '],
  odd: ['pr\u043ed', 'a b', 'a\u200bb'],
  scopes: ['/subscriptions/11111111-1111-4111-8111-111111111111'],
};

interface RuleOf {
  readonly effect?: string;
  readonly on?: readonly string[];
  readonly approvesAnyone?: boolean;
}

/** What is said of one rule, in a policy that reads all of its lists: severity, the marked part, message. */
function findings(when: string, rule: RuleOf = {}): readonly (readonly [string, string, string])[] {
  const uses = Object.keys(lists).map((name) => `"" in lists.${name}`);
  const other = `connection.message == "x" && (${uses.join(' || ')})`;
  const head = { version: 1, mode: 'enforce', limits, lists };
  const text = [
    ...Object.entries(head).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    'rules:',
    `  - {name: uses, effect: hold, on: [Timeout], when: ${JSON.stringify(other)}}`,
    '  - name: rule',
    ...Object.entries({ effect: 'approve', ...rule }).map(
      ([key, value]) => `    ${key}: ${JSON.stringify(value)}`,
    ),
    `    when: |-\n      ${when}`,
  ].join('\n');
  const files = [{ path: 'p.yaml', text }];
  expect(loadPolicy(files).kind).toBe('loaded');
  const rows = text.split('\n');
  return analyzePolicy(files).map(({ severity, line, column, length, message }) => [
    severity,
    rows[line - 1]?.slice(column - 1, column - 1 + length) ?? '',
    message,
  ]);
}

const fix = 'check `endpoint.subscriptionId` there, or set `approvesAnyone: true`';

test.each<[string, RuleOf, readonly (readonly [string, string, string])[]]>([
  [
    'true',
    {},
    [['warning', 'true', 'rule `rule` approves whoever asks (`true`): it checks nothing; ' + fix]],
  ],
  [
    'target.name == "kv-one"',
    {},
    [
      [
        'warning',
        'target.name == "kv-one"',
        'rule `rule` approves whoever asks (`target.name == "kv-one"`): `target.name` says nothing about who asks; ' +
          fix,
      ],
    ],
  ],
  [
    'target.name == "kv-one" && target.kind == "a" && target.location == "b" && target.type == "Microsoft.KeyVault/vaults"',
    {},
    [
      [
        'warning',
        'target.name == "kv-one" && target.kind == "a" && target.location == "b" && target.type == "Microsoft.KeyVault/vaults"',
        'rule `rule` approves whoever asks (`target.name == "kv-one" && target.kind == "a" && target.location == "b" && target.type == "Microsoft.KeyVault/vaults"`): `target.name`, `target.kind`, `target.location` say nothing about who asks; ' +
          fix,
      ],
    ],
  ],
  [
    'connection.message.contains("CHG")',
    {},
    [
      [
        'warning',
        'connection.message.contains("CHG")',
        'rule `rule` approves whoever asks (`connection.message.contains("CHG")`): requesters choose `connection.message` themselves; ' +
          fix,
      ],
    ],
  ],
  [
    'endpoint.name == "pe" && connection.message == "x"',
    {},
    [
      [
        'warning',
        'endpoint.name == "pe" && connection.message == "x"',
        'rule `rule` approves whoever asks (`endpoint.name == "pe" && connection.message == "x"`): requesters choose `endpoint.name`, `connection.message` themselves; ' +
          fix,
      ],
    ],
  ],
  [
    'endpoint.id.contains("/rg-hub/")',
    {},
    [
      [
        'warning',
        'endpoint.id.contains("/rg-hub/")',
        'rule `rule` approves whoever asks (`endpoint.id.contains("/rg-hub/")`): requesters choose the names of their groups, endpoints and networks, so that an id of theirs can pass; ' +
          fix,
      ],
    ],
  ],
  [
    'endpoint.id.contains("rg-hub")',
    {},
    [
      [
        'warning',
        'endpoint.id.contains("rg-hub")',
        'rule `rule`: `endpoint.id.contains("rg-hub")` is not bounded at its beginning, so any name in the id may contain it: begin it with `/`, or test from the beginning of the id',
      ],
      [
        'warning',
        'endpoint.id.contains("rg-hub")',
        'rule `rule` approves whoever asks (`endpoint.id.contains("rg-hub")`): requesters choose the names of their groups, endpoints and networks, so that an id of theirs can pass; ' +
          fix,
      ],
    ],
  ],
  [
    'endpoint.id.startsWith("/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg")',
    {},
    [
      [
        'warning',
        'endpoint.id.startsWith("/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg")',
        'rule `rule`: `endpoint.id.startsWith("/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg")` is not bounded at its end, so longer names pass too: end it with `/`, or compare the whole id',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId != "11111111-1111-4111-8111-111111111111"',
    {},
    [
      [
        'warning',
        'endpoint.subscriptionId != "11111111-1111-4111-8111-111111111111"',
        'rule `rule` approves whoever asks (`endpoint.subscriptionId != "11111111-1111-4111-8111-111111111111"`): excluding some requesters lets all others pass; ' +
          fix,
      ],
    ],
  ],
  [
    '!(endpoint.subscriptionId in lists.zones)',
    {},
    [
      [
        'warning',
        'endpoint.subscriptionId in lists.zones',
        'rule `rule` approves whoever asks (`!(endpoint.subscriptionId in lists.zones)`): excluding some requesters lets all others pass; ' +
          fix,
      ],
    ],
  ],
  [
    '!(endpoint.subscriptionId == "11111111-1111-4111-8111-111111111111")',
    {},
    [
      [
        'warning',
        'endpoint.subscriptionId == "11111111-1111-4111-8111-111111111111"',
        'rule `rule` approves whoever asks (`!(endpoint.subscriptionId == "11111111-1111-4111-8111-111111111111")`): excluding some requesters lets all others pass; ' +
          fix,
      ],
    ],
  ],
  [
    '!endpoint.subscriptionId.startsWith("1111")',
    {},
    [
      [
        'warning',
        'endpoint.subscriptionId.startsWith("1111")',
        'rule `rule` approves whoever asks (`!endpoint.subscriptionId.startsWith("1111")`): a subscription that you do not know can pass; ' +
          fix,
      ],
    ],
  ],
  [
    'endpoint.subscriptionId.startsWith("1111")',
    {},
    [
      [
        'warning',
        'endpoint.subscriptionId.startsWith("1111")',
        'rule `rule` approves whoever asks (`endpoint.subscriptionId.startsWith("1111")`): a subscription that you do not know can pass; ' +
          fix,
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones || target.name == "a"',
    {},
    [
      [
        'warning',
        'target.name == "a"',
        'rule `rule` approves whoever asks where `target.name == "a"`: `target.name` says nothing about who asks; ' +
          fix,
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones || (target.name == "a" || target.name == "b" || target.name == "c" || target.name == "d" || target.name == "e")',
    {},
    [
      [
        'warning',
        'target.name == "a"',
        'rule `rule` approves whoever asks where `target.name == "a"`: `target.name` says nothing about who asks; ' +
          fix,
      ],
      [
        'warning',
        'target.name == "b"',
        'rule `rule` approves whoever asks where `target.name == "b"`: `target.name` says nothing about who asks; ' +
          fix,
      ],
      [
        'warning',
        'target.name == "c"',
        'rule `rule` approves whoever asks where `target.name == "c"`: `target.name` says nothing about who asks; ' +
          fix,
      ],
      [
        'warning',
        'target.name == "d"',
        'rule `rule` approves whoever asks where `target.name == "d"`: `target.name` says nothing about who asks; ' +
          fix,
      ],
    ],
  ],
  [
    'now.getHours("Europe/Berlin") < 18',
    {},
    [
      [
        'warning',
        'now.getHours("Europe/Berlin") < 18',
        'rule `rule` approves whoever asks (`now.getHours("Europe/Berlin") < 18`): `now` says nothing about who asks; ' +
          fix,
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && target.name == "a" || target.name == "b"',
    {},
    [
      [
        'warning',
        'endpoint.subscriptionId in lists.zones && target.name == "a"',
        'rule `rule` mixes `&&` and `||` without parentheses: `&&` binds tighter; put parentheses around what belongs together',
      ],
      [
        'warning',
        'target.name == "b"',
        'rule `rule` approves whoever asks where `target.name == "b"`: `target.name` says nothing about who asks; ' +
          fix,
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && (target.name == "a" && target.kind == "x" || target.name == "b")',
    {},
    [
      [
        'warning',
        'target.name == "a" && target.kind == "x"',
        'rule `rule` mixes `&&` and `||` without parentheses: `&&` binds tighter; put parentheses around what belongs together',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && endpoint.resourceGroup in lists.groups',
    {},
    [
      [
        'error',
        '"rg web "',
        'in `lists.groups` the entry `rg web ` can never match `endpoint.resourceGroup`: it has a space at its end: remove it',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && endpoint.name in lists.odd',
    {},
    [
      [
        'error',
        '"pr\u043ed"',
        'in `lists.odd` the entry `pr\u043ed` can never match `endpoint.name`: it has a letter that only looks like `o` (U+043E): write `o`',
      ],
      [
        'error',
        '"a b"',
        'in `lists.odd` the entry `a b` can never match `endpoint.name`: Azure creates no `endpoint.name` like that: correct it',
      ],
      [
        'error',
        '"a\u200bb"',
        'in `lists.odd` the entry `a\u200bb` can never match `endpoint.name`: it has a zero-width space (U+200B): remove it',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.scopes',
    {},
    [
      [
        'error',
        '"/subscriptions/11111111-1111-4111-8111-111111111111"',
        'in `lists.scopes` the entry `/subscriptions/11111111-1111-4111-8111-111111111111` can never match `endpoint.subscriptionId`: it is a scope, and the id of a subscription is a GUID: write the GUID alone',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && connection.message in lists.odd',
    {},
    [
      [
        'warning',
        '"a\u200bb"',
        'in `lists.odd` the entry `a\u200bb` has a zero-width space (U+200B): remove it',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && target.tags.env in lists.odd',
    {},
    [
      [
        'warning',
        '"a\u200bb"',
        'in `lists.odd` the entry `a\u200bb` has a zero-width space (U+200B): remove it',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && target.tags.env in lists.groups',
    {},
    [['warning', '"rg web "', 'in `lists.groups` the entry `rg web ` has a space at its end: remove it']],
  ],
  [
    'endpoint.subscriptionId in lists.zones && target.tags.env == " prod"',
    {},
    [['warning', '" prod"', 'the text ` prod` has a space at its beginning: remove it']],
  ],
  [
    String.raw`endpoint.subscriptionId in lists.zones && endpoint.name == "pr\u043ed"`,
    {},
    [
      [
        'error',
        String.raw`"pr\u043ed"`,
        'the text `pr\u043ed` can never match `endpoint.name`: it has a letter that only looks like `o` (U+043E): write `o`',
      ],
    ],
  ],
  [
    String.raw`endpoint.subscriptionId in lists.zones && endpoint.name == "\u043e\u0435"`,
    {},
    [
      [
        'error',
        String.raw`"\u043e\u0435"`,
        'the text `\u043e\u0435` can never match `endpoint.name`: it has a letter that only looks like `o` (U+043E): write `o`',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && endpoint.name.upperAscii() == "pe"',
    {},
    [
      [
        'error',
        '"pe"',
        'the text `pe` can never match `endpoint.name`: it has lowercase letters, and `upperAscii()` leaves none',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && "pe x" == endpoint.name',
    {},
    [
      [
        'error',
        '"pe x"',
        'the text `pe x` can never match `endpoint.name`: Azure creates no `endpoint.name` like that: correct it',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && endpoint.name.contains("a b")',
    {},
    [
      [
        'error',
        '"a b"',
        'the text `a b` can never match `endpoint.name`: no `endpoint.name` looks like that: correct it',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && endpoint.name == "a*"',
    {},
    [
      [
        'error',
        '"a*"',
        'the text `a*` can never match `endpoint.name`: only `glob()` interprets `*` and `?`: write the whole text, or use `glob()`',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && endpoint.name == ""',
    {},
    [
      [
        'warning',
        'endpoint.subscriptionId in lists.zones && endpoint.name == ""',
        'rule `rule` can never match: its condition is never true; correct it, or remove the rule',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && endpoint.name.startsWith("pe " + "x")',
    {},
    [
      [
        'error',
        '"pe "',
        'the text `pe ` can never match `endpoint.name`: it has a space at its end: remove it',
      ],
      [
        'error',
        '"x"',
        'the text `x` can never match `endpoint.name`: no `endpoint.name` looks like that: correct it',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && target.type == "Microsoft.Logic/workflows"',
    {},
    [
      [
        'error',
        '"Microsoft.Logic/workflows"',
        'the text `Microsoft.Logic/workflows` can never match `target.type`: Postern does not handle targets of this type: write a type such as `Microsoft.KeyVault/vaults`',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && size(lists.zones) == 1',
    {},
    [
      [
        'warning',
        'size(lists.zones) == 1',
        'rule `rule`: `size(lists.zones) == 1` has the same value for every request: compare a fact, or remove it',
      ],
    ],
  ],
  [
    'endpoint.subscriptionId in lists.zones && 1 < 2',
    {},
    [
      [
        'warning',
        '1 < 2',
        'rule `rule`: `1 < 2` has the same value for every request: compare a fact, or remove it',
      ],
    ],
  ],
  [
    'endpoint.name == "a b" && endpoint.subscriptionId in lists.zones',
    {},
    [
      [
        'error',
        '"a b"',
        'the text `a b` can never match `endpoint.name`: Azure creates no `endpoint.name` like that: correct it',
      ],
    ],
  ],
  [
    'target.tags.a == "x" && target.tags.a != "x"',
    {},
    [
      [
        'warning',
        'target.tags.a == "x" && target.tags.a != "x"',
        'rule `rule` approves whoever asks (`target.tags.a == "x" && target.tags.a != "x"`): `target.tags` says nothing about who asks; ' +
          fix,
      ],
    ],
  ],
  [
    'connection.status == "Approved"',
    {},
    [
      [
        'warning',
        'connection.status == "Approved"',
        'rule `rule` can never match: the rule applies to other statuses: write `on: [Approved]`',
      ],
    ],
  ],
  [
    'connection.message == "" || true',
    { effect: 'hold' },
    [
      [
        'warning',
        'connection.message == "" || true',
        'rule `rule` always matches: its condition is always true; write `when: "true"` if that is intended',
      ],
    ],
  ],
  [
    '!(endpoint.name in lists.none)',
    { effect: 'reject', on: ['Pending'] },
    [
      [
        'warning',
        '!(endpoint.name in lists.none',
        'rule `rule` always matches: the list `none` is empty; write `when: "true"` if that is intended',
      ],
    ],
  ],
  [
    'size(connection.message) >= 0',
    { effect: 'delete', on: ['Rejected'] },
    [
      [
        'warning',
        'size(connection.message) >= 0',
        'rule `rule` always matches: its condition is always true; write `when: "true"` if that is intended',
      ],
    ],
  ],
  [
    'endpoint.name in lists.none',
    { effect: 'reject' },
    [
      [
        'warning',
        'endpoint.name in lists.none',
        'rule `rule` can never match: the list `none` is empty: add entries, or remove the rule',
      ],
    ],
  ],
  [
    '!has(endpoint.tags)',
    { effect: 'delete', on: ['Approved'] },
    [
      [
        'warning',
        'has(endpoint.tags)',
        'rule `rule` would delete only because of `!has(endpoint.tags)`: a fact is also absent if it could not be read; check something else as well',
      ],
    ],
  ],
  [
    '!has(endpoint.tags) && !has(target.tags)',
    { effect: 'reject' },
    [
      [
        'warning',
        'has(endpoint.tags) && !has(target.tags)',
        'rule `rule` would reject only because of `!has(endpoint.tags) && !has(target.tags)`: a fact is also absent if it could not be read; check something else as well',
      ],
    ],
  ],
  [
    '!has(endpoint.tags) || target.name == "x"',
    { effect: 'reject' },
    [
      [
        'warning',
        'has(endpoint.tags)',
        'rule `rule` would reject only because of `!has(endpoint.tags)`: a fact is also absent if it could not be read; check something else as well',
      ],
    ],
  ],
  [
    '!endpoint.id.startsWith("/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg")',
    { effect: 'reject' },
    [
      [
        'warning',
        'endpoint.id.startsWith("/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg")',
        'rule `rule`: `endpoint.id.startsWith("/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg")` is not bounded at its end, so longer names pass too: end it with `/`, or compare the whole id',
      ],
    ],
  ],
  [
    'endpoint.id.contains("/x")',
    { approvesAnyone: false },
    [
      [
        'warning',
        'endpoint.id.contains("/x")',
        'rule `rule`: `endpoint.id.contains("/x")` is not bounded at its end, so longer names pass too: end it with `/`, or compare the whole id',
      ],
      [
        'warning',
        'endpoint.id.contains("/x")',
        'rule `rule` approves whoever asks (`endpoint.id.contains("/x")`): requesters choose the names of their groups, endpoints and networks, so that an id of theirs can pass; ' +
          fix,
      ],
    ],
  ],
])('of %s %j is said what is wrong, and where', (when, rule, expected) => {
  expect(findings(when, rule)).toEqual(expected);
});

test.each<[string, RuleOf]>([
  ['endpoint.id.startsWith("/subscriptions/11111111-1111-4111-8111-111111111111/")', {}],
  [
    '(endpoint.subscriptionId in lists.zones && target.name == "a") || (endpoint.subscriptionId in lists.zones && target.name == "b")',
    {},
  ],
  [String.raw`endpoint.subscriptionId in lists.zones && target.tags.env == "pr\u043ed"`, {}],
  ['endpoint.subscriptionId in lists.zones && (true || endpoint.name == "a")', {}],
  ['endpoint.subscriptionId in lists.none', {}],
  ['endpoint.subscriptionId in lists.zones && endpoint.name in lists.none', {}],
  ['true', { effect: 'hold', on: ['Approved'] }],
  ['!(endpoint.name in lists.none)', { effect: 'hold', on: ['Approved'] }],
  ['endpoint.name in lists.none', { effect: 'approve' }],
  ['!has(endpoint.tags.owner)', { effect: 'delete', on: ['Approved'] }],
  ['!has(endpoint.tags) && target.name == "x"', { effect: 'reject' }],
  [
    'endpoint.id.startsWith("/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg")',
    { effect: 'reject' },
  ],
  ['endpoint.id.contains("/x")', { approvesAnyone: true }],
  [
    'glob(endpoint.id, "/subscriptions/11111111-1111-4111-8111-111111111111/**/pe") && !endpoint.id.endsWith("pe")',
    {},
  ],
  ['endpoint.id.split("/")[2] == "11111111-1111-4111-8111-111111111111"', {}],
])('of %s %j nothing is said', (when, rule) => {
  expect(findings(when, rule)).toEqual([]);
});
