import { analyzePolicy } from '../../../../src/policy/analysis/analyze-policy';
import { loadPolicy } from '../../../../src/policy/compile-policy';
import { limits } from '../../../support/samples/policy';

const zone = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-4222-8222-222222222222';
const endpointIn = (subscription: string, name = 'pe-web'): string =>
  `/subscriptions/${subscription}/resourceGroups/rg-web/providers/Microsoft.Network/privateEndpoints/${name}`;
const networkIn = (subscription: string, name = 'hub'): string =>
  `/subscriptions/${subscription}/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/${name}`;

const lists = {
  zones: [zone],
  upper: [zone.toUpperCase()],
  more: [zone, other],
  none: [],
  prefixes: [`/subscriptions/${zone}/`],
  ids: [endpointIn(zone)],
  families: [endpointIn(zone, 'pe-*')],
  networks: [networkIn(zone)],
  groups: ['rg-hub', 'rg-web'],
  names: ['pe-payments'],
};

interface Told {
  readonly message: string;
  readonly severity: string;
}

/** What is reported of one rule, in a policy that reads all of its lists. */
function reported(
  when: string,
  rule: object = {},
  more: Record<string, readonly string[]> = {},
): readonly Told[] {
  const all = { ...lists, ...more };
  const uses = Object.keys(all).map((name) => `"" in lists.${name}`);
  const text = JSON.stringify({
    version: 1,
    mode: 'enforce',
    limits,
    lists: all,
    rules: [
      {
        name: 'uses',
        effect: 'hold',
        on: ['Timeout'],
        when: `connection.message == "x" && (${uses.join(' || ')})`,
      },
      { name: 'rule', effect: 'approve', when, ...rule },
    ],
  });
  const files = [{ path: 'p.yaml', text }];
  const load = loadPolicy(files);
  if (load.kind === 'refused') throw new Error(load.problems.map(({ message }) => message).join('\n'));
  return analyzePolicy(files);
}

describe('an approve rule that lets strangers in is reported', () => {
  test.each([
    // What the requester chooses, alone.
    'endpoint.name.startsWith("pe-payments")',
    'endpoint.name in lists.names',
    'endpoint.resourceGroup == "rg-hub"',
    'endpoint.resourceGroup in lists.groups',
    'lists.groups.exists(x, sameId(endpoint.resourceGroup, x))',
    'ticket(connection.message, "CHG[0-9]{7}")',
    'connection.message.contains("approved by security")',
    'connection.message.matches("^CHG[0-9]{7}$")',
    'has(endpoint.tags) && endpoint.tags.owner == "Team-Web"',
    'has(endpoint.tags) && "approved" in endpoint.tags',
    'endpoint.location == "westeurope"',
    'endpoint.resourceGroup == target.resourceGroup',
    'sameId(endpoint.name, "pe-" + target.name)',
    'connection.groupIds.exists(g, g == "vault")',
    // The zone's id, anywhere in an id whose parts the requester names.
    `endpoint.id.contains("${zone}")`,
    `endpoint.id.contains("${zone}/")`,
    `endpoint.id.matches("${zone}")`,
    `endpoint.id.matches("/subscriptions/${zone}|${other}/")`,
    `endpoint.id.matches("^.*${zone}.*$")`,
    `endpoint.id.matches("^/subscriptions/(?:${zone}|.*)/")`,
    `endpoint.id.matches("(?i)${zone}")`,
    `endpoint.id.endsWith("/${zone}")`,
    `endpoint.id.endsWith("/privateEndpoints/pe-payments")`,
    `endpoint.id.indexOf("${zone}") >= 0`,
    `endpoint.id.indexOf("${zone}") != -1`,
    'lists.zones.exists(x, endpoint.id.contains(x.lowerAscii()))',
    'endpoint.id.split("/").exists(x, x in lists.zones)',
    'endpoint.id.split("/").filter(x, x in lists.zones).size() > 0',
    'endpoint.id.split("/")[4] in lists.groups',
    'endpoint.id.split("/")[8] in lists.zones',
    `glob(endpoint.id, "**${zone}**")`,
    `glob(endpoint.id, "*/${zone}/**") || glob(endpoint.id, "**/${zone}")`,
    'glob(endpoint.id, "**/privateEndpoints/pe-*")',
    `endpoint.subnetId.contains("${zone}")`,
    `glob(endpoint.virtualNetworkId, "**/virtualNetworks/hub")`,
    `connection.name.startsWith("${zone}")`,
    'connection.id.contains("landing")',
    // A beginning without a boundary.
    'endpoint.id.startsWith("/subscriptions/1111")',
    'endpoint.id.startsWith("/subscriptions/")',
    'endpoint.subscriptionId.startsWith("11111111-")',
    'endpoint.subscriptionId.contains("1111")',
    'endpoint.subscriptionId.endsWith("-111111111111")',
    'endpoint.subscriptionId.matches("cafe|1111")',
    'endpoint.subscriptionId.matches("^[0-9a-f-]{36}$")',
    `endpoint.subscriptionId.matches("^${zone}|${other.slice(0, 8)}")`,
    'glob(endpoint.subscriptionId, "11111111-*")',
    'endpoint.subscriptionId.size() == 36',
    `endpoint.id.startsWith("/subscriptions/${zone}/resourceGroups/rg-hub")`,
    `endpoint.id.startsWith("${endpointIn(zone)}")`,
    `endpoint.virtualNetworkId.startsWith("${networkIn(zone)}")`,
    `glob(endpoint.virtualNetworkId, "${networkIn(zone)}**")`,
    `endpoint.id.matches("^/subscriptions/${zone}/resourceGroups/rg-hub")`,
    `endpoint.id.matches("^/subscriptions/${zone}/resourceGroups/rg-hub.*")`,
    'lists.networks.exists(x, endpoint.virtualNetworkId.startsWith(x.lowerAscii()))',
    `endpoint.subscriptionId in lists.zones && endpoint.id.contains("rg-web")`,
    // Negations.
    '!(endpoint.subscriptionId in lists.none)',
    '!(endpoint.subscriptionId in lists.zones)',
    `endpoint.subscriptionId != "${zone}"`,
    'lists.zones.all(x, !sameId(x, endpoint.subscriptionId))',
    '!lists.zones.exists(x, sameId(x, endpoint.subscriptionId))',
    'lists.none.all(x, !sameId(x, endpoint.name))',
    'lists.zones.filter(x, sameId(x, endpoint.subscriptionId)).size() == 0',
    '!(endpoint.subscriptionId in lists.zones && target.tags.env == "prod")',
    '!(!(endpoint.subscriptionId in lists.zones) && target.name == "kv-one")',
    '!has(endpoint.tags.blocked)',
    '!has(endpoint.tags)',
    'endpoint.subscriptionId in lists.zones ? target.name == "kv-one" : target.name == "kv-two"',
    // Nothing about who asks.
    'size(connection.message) > 0',
    'target.name == "kv-one"',
    'target.subscriptionId in lists.zones',
    'target.tags.env in ["dev", "test"]',
    'consumer.approved < 3',
    'consumer.approved >= 1',
    'now.getHours("Europe/Berlin") < 18',
    'connection.firstSeen < now - duration("24h")',
    'connection.status == "Pending"',
    '"true" == "true"',
    'true',
    '1 < 2',
    'size(lists.none) == 0',
    'size(lists.zones) > 0',
    'lists.zones.exists(x, x == x)',
    `"${zone}" in lists.zones`,
    'endpoint.subscriptionId == endpoint.subscriptionId',
    'endpoint.id.contains(endpoint.subscriptionId)',
    'endpoint.id.startsWith("/subscriptions/" + endpoint.subscriptionId)',
    '[target.subscriptionId, endpoint.subscriptionId].exists(x, x in lists.zones)',
    // One alternative of several.
    'endpoint.subscriptionId in lists.zones && target.tags.env == "test" || target.tags.env == "prod"',
    'endpoint.subscriptionId in lists.zones || target.subscriptionId in lists.zones',
    'endpoint.subscriptionId in lists.zones || (target.name == "kv-one" && has(endpoint.tags))',
    '(endpoint.subscriptionId in lists.zones || target.tags.env == "test") && has(target.tags)',
    'target.tags.env == "test" ? true : endpoint.subscriptionId in lists.zones',
    '(endpoint.subscriptionId in lists.zones) == (target.tags.env == "prod")',
    'endpoint.subscriptionId in lists.zones || endpoint.subscriptionId in lists.more && target.name == "kv-one"',
    'endpoint.subscriptionId in (target.tags.env == "prod" ? lists.zones : [endpoint.subscriptionId])',
    '"pe-payments,pe-web".contains(endpoint.name)',
    'endpoint.name in target.tags.names.lowerAscii().split(",")',
    'target.tags.team == endpoint.tags.team',
    'endpoint.tags.subscription.lowerAscii() == endpoint.subscriptionId',
    'endpoint.tags[endpoint.subscriptionId] == "x"',
    'lists.zones.exists(z, endpoint.id.contains("/" + z.lowerAscii() + "/"))',
    'endpoint.id.split("/").size() == 9',
    'endpoint.id.matches("^/subscriptions/[^/]+/resourceGroups/rg-hub/")',
    'glob(endpoint.id, "/subscriptions/*/resourceGroups/rg-hub/**")',
    'endpoint.subscriptionId.substring(0, 8) == "11111111"',
    '(endpoint.subscriptionId in lists.zones) == false',
    'endpoint.subscriptionId in lists.zones || size(lists.zones) == 0',
    'connection.groupIds.all(g, g == "vault")',
    // Who is not announced passes.
    '!has(expected.by)',
    'has(expected.by) || target.name == "kv-one"',
    '!has(requester.id)',
    'has(expected.by) ? expected.until > now : target.name == "kv-one"',
  ])('%s', (when) => {
    expect(reported(when).map(({ message }) => message)).not.toEqual([]);
  });

  test('unless it says so on purpose', () => {
    expect(reported('target.name == "kv-one"', { approvesAnyone: true })).toEqual([]);
    expect(reported('target.name == "kv-one"', { approvesAnyone: false })).toHaveLength(1);
  });

  test('with the alternative in the words of its author', () => {
    const when = 'endpoint.subscriptionId in lists.zones || (target.name=="kv-one"  && has(endpoint.tags))';
    expect(reported(when).map(({ message }) => message)).toEqual([
      'rule `rule` approves whoever asks where `target.name=="kv-one" && has(endpoint.tags)`: requesters choose `endpoint.tags` themselves; check `endpoint.subscriptionId` there, or set `approvesAnyone: true`',
    ]);
  });
});

describe('an approve rule that says who may ask gives no finding', () => {
  test.each([
    'has(expected.by)',
    'expected.by.startsWith("deployment")',
    'expected.until > now',
    'now + duration("1h") > expected.until || endpoint.subscriptionId in lists.zones',
    'has(requester.id)',
    'has(requester.id) && !has(expected.by)',
    'endpoint.subscriptionId in lists.zones',
    `endpoint.subscriptionId == "${zone}"`,
    `"${zone.toUpperCase()}" == endpoint.subscriptionId`,
    'endpoint.subscriptionId.upperAscii() in lists.upper',
    `sameId(endpoint.subscriptionId, "${zone}")`,
    'lists.zones.exists(x, sameId(x, endpoint.subscriptionId))',
    'lists.zones.exists(x, x.lowerAscii() == endpoint.subscriptionId)',
    '!lists.zones.all(x, !sameId(x, endpoint.subscriptionId))',
    `!(endpoint.subscriptionId != "${zone}")`,
    `endpoint.subscriptionId in ["${zone}", "${other}"]`,
    'endpoint.subscriptionId == target.subscriptionId',
    'sameId(endpoint.subscriptionId, target.subscriptionId)',
    'endpoint.subscriptionId == target.subscriptionId && glob(endpoint.resourceGroup, "rg-contractors-*")',
    'endpoint.subscriptionId in lists.zones && has(target.tags) && has(target.tags.env) && target.tags.env != "sandbox"',
    'endpoint.subscriptionId in lists.zones && !(endpoint.resourceGroup in lists.groups)',
    'endpoint.subscriptionId in lists.zones && !(endpoint.subscriptionId in lists.none)',
    'endpoint.subscriptionId in lists.zones && !has(endpoint.tags.blocked)',
    'endpoint.subscriptionId in lists.zones && connection.message.contains("CHG")',
    'endpoint.subscriptionId in lists.zones && endpoint.name.startsWith("pe-web")',
    '(endpoint.subscriptionId in lists.zones || endpoint.subscriptionId in lists.more) && target.tags.env == "test"',
    '(target.tags.env == "prod" && endpoint.subscriptionId in lists.zones) || (target.tags.env == "test" && endpoint.subscriptionId in lists.more)',
    'endpoint.subscriptionId in (target.tags.env == "prod" ? lists.zones : lists.more)',
    'target.tags.env == "prod" ? endpoint.subscriptionId in lists.zones : endpoint.subscriptionId in lists.more',
    'endpoint.subscriptionId in lists.zones + lists.more',
    'endpoint.id in lists.ids',
    'target.tags["allowed-subscription"].lowerAscii() == endpoint.subscriptionId',
    'target.tags.allowed.split(",").exists(s, sameId(s.trim(), endpoint.subscriptionId))',
    'target.tags.allowed.lowerAscii().contains(endpoint.subscriptionId)',
    'endpoint.subscriptionId in target.tags',
    'target.tags[endpoint.subscriptionId] == "allowed"',
    'target.resourceGroup == "rg-" + endpoint.subscriptionId',
    '"11111111-1111-4111-8111-111111111111 22222222-2222-4222-8222-222222222222".contains(endpoint.subscriptionId)',
    'endpoint.subscriptionId + "/" + endpoint.resourceGroup in ["11111111-1111-4111-8111-111111111111/rg-web"]',
    'lists.zones.map(z, "/subscriptions/" + z.lowerAscii() + "/").exists(p, endpoint.id.startsWith(p))',
    'endpoint.subscriptionId in lists.zones && endpoint.id.contains("/resourceGroups/rg-web/")',
    'endpoint.subscriptionId in lists.zones && endpoint.subnetId.endsWith("/subnets/privatelink")',
    'endpoint.subscriptionId in lists.zones && connection.groupIds.exists(g, g == "Gateway")',
    'endpoint.subscriptionId in lists.zones && connection.message.matches("(?i)^chg[0-9]{7}$")',
    'endpoint.subscriptionId in lists.zones && target.kind == "app,linux"',
    'endpoint.subscriptionId in lists.zones && endpoint.location in ["westeurope", "northeurope"]',
    `endpoint.id == "${endpointIn(zone)}"`,
    `sameId(endpoint.id, "${endpointIn(zone)}")`,
    'lists.ids.exists(x, sameId(x, endpoint.id))',
    'lists.families.exists(pattern, glob(endpoint.id, pattern))',
    `glob(endpoint.id, "/subscriptions/${zone}/**")`,
    `glob(endpoint.id, "/subscriptions/${zone}/resourceGroups/rg-web/**")`,
    `glob(endpoint.id, "/subscriptions/${zone}/resourceGroups/rg-team-*/providers/Microsoft.Network/privateEndpoints/pe-*")`,
    `endpoint.id.startsWith("/subscriptions/${zone}/")`,
    `endpoint.id.startsWith("/subscriptions/${zone}/resourceGroups/rg-web/")`,
    `endpoint.id.startsWith("${endpointIn(zone, 'pe-')}")`,
    'lists.prefixes.exists(p, endpoint.id.startsWith(p.lowerAscii()))',
    'lists.zones.exists(z, endpoint.id.startsWith("/subscriptions/" + z.lowerAscii() + "/"))',
    'endpoint.id.startsWith("/subscriptions/" + target.subscriptionId + "/")',
    'endpoint.id.split("/")[2] in lists.zones',
    'endpoint.id.substring(15, 51) in lists.zones',
    `endpoint.id.matches("^/subscriptions/${zone}/")`,
    `endpoint.id.matches("^/subscriptions/(${zone}|${other})/resourcegroups/rg-[a-z]+/")`,
    `endpoint.subscriptionId.matches("^(?:${zone}|${other})$")`,
    'endpoint.virtualNetworkId in lists.networks',
    `endpoint.virtualNetworkId == "${networkIn(zone)}"`,
    `endpoint.subnetId.startsWith("${networkIn(zone)}/")`,
    `endpoint.subnetId == "${networkIn(zone)}/subnets/endpoints"`,
    'lists.networks.exists(network, glob(endpoint.virtualNetworkId, network))',
    'has(endpoint.subnetId) && lists.networks.exists(n, endpoint.subnetId.startsWith(n.lowerAscii() + "/"))',
    'target.type == "Microsoft.KeyVault/vaults" && endpoint.subscriptionId in lists.zones',
    'target.location == "westeurope" && endpoint.subscriptionId in lists.zones && consumer.approved < 3',
    'endpoint.subscriptionId in lists.zones && now.getDayOfWeek("Europe/Berlin") in [1, 2, 3, 4, 5]',
  ])('%s', (when) => {
    expect(reported(when)).toEqual([]);
  });

  test('nor does one beside a rule that holds whoever is not known', () => {
    const rules = [
      { name: 'sandbox', effect: 'approve', when: 'target.tags.env == "sandbox"' },
      { name: 'strangers', effect: 'hold', when: '!(endpoint.subscriptionId in lists.zones)' },
    ];
    const text = JSON.stringify({ version: 1, mode: 'enforce', lists: { zones: [zone] }, rules });
    expect(analyzePolicy([{ path: 'p.yaml', text }])).toEqual([]);
    const half = text.replace('"effect":"hold"', '"effect":"hold","on":["Rejected"]');
    expect(analyzePolicy([{ path: 'p.yaml', text: half }])).toHaveLength(1);
  });
});

describe('an entry that can never match is an error', () => {
  const deny = (entry: string, when: string): readonly Told[] =>
    reported(when, { effect: 'hold' }, { blocked: [entry] }).filter(({ severity }) => severity === 'error');

  test.each([
    [`${zone} `, 'it has a space at its end: remove it'],
    [` ${zone}`, 'it has a space at its beginning: remove it'],
    [`/subscriptions/${zone}`, 'it is a scope, and the id of a subscription is a GUID: write the GUID alone'],
    [`/subscriptions/${zone}/`, 'it is a scope'],
    [zone.replaceAll('-', '\u2011'), 'it has a non-breaking hyphen (U+2011): write `-`'],
    [zone.replaceAll('-', '\u2013'), 'it has an en dash (U+2013): write `-`'],
    [
      `aaaaaaaa${zone.slice(8)}`.replaceAll('a', '\u0430'),
      'it has a letter that only looks like `a` (U+0430)',
    ],
    [`${zone}\u200b`, 'it has a zero-width space (U+200B): remove it'],
    [`${zone}\u00a0`, 'it has a no-break space (U+00A0)'],
    [`\ufeff${zone}`, 'it has a byte order mark (U+FEFF)'],
    [zone.replace('1', '\uff11'), 'it has a full-width `1` (U+FF11)'],
    [`{${zone}}`, 'it includes brackets or quotes: remove them'],
    [`"${zone}"`, 'it includes brackets or quotes'],
    [`${zone},${other}`, 'it joins several texts: write each separately'],
    [`${zone}; ${other}`, 'it joins several'],
    ['payments-prod', 'write that, not a name'],
    ['Contoso Production', 'write that, not a name'],
    [zone.slice(0, 35), 'write that'],
    [`${zone}1`, 'write that'],
    [zone.replaceAll('-', ''), 'its dashes are missing'],
    [zone.replace('1', 'g'), 'write that'],
    [zone.replace('1', 'O'), 'write that'],
    [`${zone}*`, 'only `glob()` interprets'],
    [endpointIn(zone), 'it is a scope'],
    ['00000000', 'write that'],
  ])('%j for a subscription', (entry, why) => {
    for (const when of [
      'endpoint.subscriptionId in lists.blocked',
      'lists.blocked.exists(x, sameId(endpoint.subscriptionId, x))',
      'lists.blocked.exists(x, x.lowerAscii() == endpoint.subscriptionId)',
      '!(endpoint.subscriptionId in lists.blocked) && has(endpoint.tags)',
      'target.subscriptionId in lists.blocked',
    ]) {
      const [error, ...more] = deny(entry, when);
      expect(more).toEqual([]);
      expect(error?.message).toContain(why);
    }
  });

  test.each<[string, string, string]>([
    ['an id for an endpoint that ends with a slash', `${endpointIn(zone)}/`, 'endpoint.id in lists.blocked'],
    ['a group for an endpoint', `/subscriptions/${zone}/resourceGroups/rg`, 'endpoint.id in lists.blocked'],
    ['a subscription for an endpoint', zone, 'endpoint.id in lists.blocked'],
    ['a network for an endpoint', networkIn(zone), 'endpoint.id in lists.blocked'],
    ['an endpoint for a network', endpointIn(zone), 'endpoint.virtualNetworkId in lists.blocked'],
    ['a network for a subnet', networkIn(zone), 'sameId(endpoint.subnetId, lists.blocked[0])'],
    ['a star in a list', endpointIn(zone, 'pe-*'), 'endpoint.id in lists.blocked'],
    [
      'a single star that stops at a slash',
      `/subscriptions/${zone}/*`,
      'lists.blocked.exists(x, glob(endpoint.id, x))',
    ],
    [
      'an id without its first slash',
      endpointIn(zone).slice(1),
      'lists.blocked.exists(x, glob(endpoint.id, x))',
    ],
    [
      'a beginning with a word misspelt',
      `/subscriptions/${zone}/resourceGroup/rg/`,
      'lists.blocked.exists(x, endpoint.id.startsWith(x.lowerAscii()))',
    ],
    [
      'a beginning with a scope of another kind',
      '/providers/Microsoft.Management/managementGroups/x/',
      'lists.blocked.exists(x, endpoint.id.startsWith(x.lowerAscii()))',
    ],
    ['a type that is none', 'Microsoft.KeyVaults/vault', 'target.type in lists.blocked'],
    ['a type without its namespace', 'vaults', 'target.type in lists.blocked'],
    ['a type that a word follows', 'Microsoft.KeyVault/vaults ', 'target.type in lists.blocked'],
    [
      'a whole id for a group',
      `/subscriptions/${zone}/resourceGroups/rg`,
      'target.resourceGroup in lists.blocked',
    ],
    ['a group with a Cyrillic letter', 'rg-pr\u043ed', 'target.resourceGroup in lists.blocked'],
    ['a group with a blank', 'rg prod', 'target.resourceGroup in lists.blocked'],
    ['a name with a zero-width letter', 'kv-\u200bone', 'target.name in lists.blocked'],
    ['a name with a slash', 'vaults/kv-one', 'target.name in lists.blocked'],
    ['a place with a blank', 'westeurope ', 'target.location in lists.blocked'],
    ['a place with a dash that is none', 'west\u2010europe', 'target.location in lists.blocked'],
  ])('%s', (_, entry, when) => {
    expect(deny(entry, when).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^in `lists\.blocked` the entry `.*` can never match `/),
    ]);
  });

  test('and so is a literal, wherever it stands', () => {
    for (const when of [
      `endpoint.subscriptionId == "${zone} "`,
      `endpoint.subscriptionId != "${zone} "`,
      `endpoint.subscriptionId in ["${other}", "${zone} "]`,
      `["${zone} "].exists(x, sameId(x, endpoint.subscriptionId))`,
      `sameId("${zone} ", endpoint.subscriptionId)`,
      `(target.name == "kv-one" ? "${zone} " : "${other}") == endpoint.subscriptionId`,
    ])
      expect(reported(when, { effect: 'hold' }).filter(({ severity }) => severity === 'error')).toHaveLength(
        1,
      );
    expect(
      reported('target.type == "Microsoft.Vault/vaults"', { effect: 'hold' }).map(({ severity }) => severity),
    ).toEqual(['error']);
    expect(reported('endpoint.id.startsWith("subscriptions/")', { effect: 'hold' })[0]?.severity).toBe(
      'error',
    );
  });

  test('but not one that fits another fact that it is held against, nor a name in another alphabet', () => {
    expect(
      reported(
        'lists.mixed.exists(x, sameId(x, endpoint.subscriptionId) || endpoint.id.startsWith(x.lowerAscii()))',
        { effect: 'hold' },
        { mixed: [zone, `/subscriptions/${other}/`] },
      ),
    ).toEqual([]);
    expect(
      reported(
        'target.resourceGroup in lists.g',
        { effect: 'hold' },
        { g: ['rg-прод', 'rg-münchen', 'グループ', 'rg-(x)_.y'] },
      ),
    ).toEqual([]);
    expect(
      reported(
        'target.tags.env in lists.g',
        { effect: 'hold' },
        { g: ['Test & QA', 'prod/blue', '{x}', 'a,b'] },
      ),
    ).toEqual([]);
  });

  test('each entry is reported at its own place', () => {
    const text = `version: 1\nlists:\n  blocked:\n    - ${zone}\n    - "${zone} "\nrules:\n  - {name: a, effect: hold, when: endpoint.subscriptionId in lists.blocked}\n`;
    expect(analyzePolicy([{ path: 'p.yaml', text }])).toMatchObject([
      { severity: 'error', line: 5, column: 7, length: 39 },
    ]);
  });
});

describe('besides', () => {
  test.each([
    [
      'a hold with a test that a longer name escapes',
      `!endpoint.id.startsWith("/subscriptions/${zone}/resourceGroups/rg-hub")`,
      'hold',
    ],
    ['a constant beside nothing', 'size(lists.zones) == 0 || "a" == "b"', 'hold'],
    ['a brake whose list is as good as empty', 'lists.zones.size() > 3', 'hold'],
    ['a rejection of whoever asks', '"a" == "a"', 'reject'],
    [
      '&& beside || without brackets',
      'target.tags.env == "prod" || target.tags.env == "test" && target.name == "kv-one"',
      'hold',
    ],
    ['a rejection of whom Postern may not read', '!has(endpoint.tags)', 'reject'],
    ['a deletion where Azure names no endpoint', '!(has(endpoint.id) || has(endpoint.location))', 'delete'],
    ['a part that is always true', 'size(lists.zones) > 0 && target.name == "kv-one"', 'hold'],
    [
      'small letters beside capitals',
      'endpoint.subscriptionId.upperAscii() == "aaaaaaaa-1111-4111-8111-111111111111"',
      'hold',
    ],
    ['a tag with a blank', 'target.tags.env == "prod "', 'hold'],
    ['a tag with a no-break space', 'target.tags.env == "pro\u00a0d"', 'hold'],
  ])('%s is reported', (_, when, effect) => {
    expect(reported(when, { effect })).toHaveLength(1);
  });

  test.each([
    ['has(endpoint.tags) && !has(endpoint.tags.owner)', 'reject'],
    ['!has(endpoint.tags.owner)', 'reject'],
    ['!has(endpoint.tags)', 'hold'],
    ['true', 'hold'],
    ['true', 'reject'],
    ['!(endpoint.subscriptionId in lists.none)', 'hold'],
    ['!(endpoint.subscriptionId in lists.zones)', 'reject'],
    ['endpoint.id.contains("rg-web")', 'hold'],
    ['!has(target.tags.owner)', 'hold'],
    ['(target.tags.env == "prod" && target.name == "a") || target.kind == "b"', 'hold'],
    ['target.tags.env == "prod" && (target.name == "a" || target.kind == "b")', 'hold'],
    ['target.tags.env == "prod" && !ticket(connection.message, "CHG[0-9]{7}")', 'hold'],
    ['endpoint.subscriptionId != target.subscriptionId && connection.message == ""', 'hold'],
    ['consumer.approved >= 5', 'hold'],
    ['has(endpoint.tags) && endpoint.tags.state == "decommissioned"', 'delete'],
  ])('%s is not, with %s', (when, effect) => {
    expect(reported(when, { effect })).toEqual([]);
  });
});
