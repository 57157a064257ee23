import fc from 'fast-check';
import { createEnvironment } from '../../../../../src/policy/cel/environment';
import type { Facts } from '../../../../../src/policy/facts/facts';
import { type RequesterKind } from '../../../../../src/policy/analysis/shapes/fact-shapes';
import { possibleTruth } from '../../../../../src/policy/analysis/possible/possible-truth';
import { facts as base, outcomeOf, subscriptionB } from '../../../../support/samples/policy';

const zone = '11111111-1111-4111-8111-111111111111';
const other = '22222222-2222-4222-8222-222222222222';
const lists = {
  zones: [zone, other],
  none: [],
  groups: ['rg-hub', zone],
  families: [`/subscriptions/${zone}/resourceGroups/rg-*/**`, `**/privateEndpoints/pe-1`],
};
const listMap = new Map<string, readonly string[]>(Object.entries(lists));

const text = fc.constantFrom(
  zone,
  other,
  zone.toUpperCase(),
  '1111',
  'rg-hub',
  'pe-1',
  '/subscriptions/',
  `/subscriptions/${zone}`,
  `/subscriptions/${zone}/`,
  `/subscriptions/${zone}/resourceGroups/rg-hub/`,
  '/privateEndpoints/pe-1',
  '/resourceGroups/rg-hub',
  'kv-one',
);
const fact = fc.constantFrom(
  'endpoint.id',
  'endpoint.subscriptionId',
  'endpoint.resourceGroup',
  'endpoint.name',
  'endpoint.subnetId',
  'endpoint.virtualNetworkId',
  'target.id',
  'target.subscriptionId',
  'target.name',
  'connection.id',
  'endpoint.id.split("/")[2]',
  'endpoint.id.split("/")[4]',
  'endpoint.id.substring(15, 51)',
  'target.type',
);
const list = fc.constantFrom('zones', 'none', 'groups', 'families');
const quoted = (value: string): string => JSON.stringify(value);
const globs = fc.tuple(text, fc.constantFrom('', '*', '**'), fc.constantFrom('', '*', '**'));
const regexes = fc.tuple(
  fc.constantFrom('', '^', '.*', '^(?:', '(?i)^', '^(a|'),
  text,
  fc.constantFrom('', '$', '.*', '|x', '+', '?/', '[^/]*$', '\\b'),
);

const atom = fc.oneof(
  fc.tuple(fact, text).map(([name, value]) => `${name} == ${quoted(value)}`),
  fc.tuple(fact, text).map(([name, value]) => `${name} != ${quoted(value)}`),
  fc.tuple(fact, list).map(([name, of]) => `${name} in lists.${of}`),
  fc.tuple(fact, text).map(([name, value]) => `${name}.contains(${quoted(value)})`),
  fc.tuple(fact, text).map(([name, value]) => `${name}.startsWith(${quoted(value)})`),
  fc.tuple(fact, text).map(([name, value]) => `${name}.endsWith(${quoted(value)})`),
  fc.tuple(fact, text).map(([name, value]) => `sameId(${name}, ${quoted(value)})`),
  fc.tuple(fact, fact).map(([one, two]) => `${one} == ${two}`),
  fc.tuple(fact, fact).map(([one, two]) => `${one}.startsWith("/subscriptions/" + ${two})`),
  fc
    .tuple(fact, globs)
    .map(([name, [value, before, after]]) => `glob(${name}, ${quoted(before + value + after)})`),
  fc.tuple(fact, regexes).map(([name, [before, value, after]]) => {
    const closed = before.includes('(') && !before.startsWith('(?i') ? ')' : '';
    return `${name}.matches(${quoted(before + value + closed + after)})`;
  }),
  fc.tuple(list, fact).map(([of, name]) => `lists.${of}.exists(x, sameId(x, ${name}))`),
  fc.tuple(list, fact).map(([of, name]) => `lists.${of}.all(x, !sameId(x, ${name}))`),
  fc.tuple(list, fact).map(([of, name]) => `lists.${of}.exists_one(x, glob(${name}, x))`),
  fc.tuple(list, fact).map(([of, name]) => `size(lists.${of}.filter(x, glob(${name}, x))) > 0`),
  fc
    .tuple(list, fact)
    .map(
      ([of, name]) =>
        `lists.${of}.map(x, "/subscriptions/" + x + "/").exists(y, ${name}.startsWith(y.lowerAscii()))`,
    ),
  fc.tuple(fact, list).map(([name, of]) => `${name}.split("/").exists(x, x in lists.${of})`),
  fc.tuple(fact, text).map(([name, value]) => `${name}.indexOf(${quoted(value)}) >= 0`),
  list.map((of) => `size(lists.${of}) == 0`),
  fc.constantFrom('true', 'false', 'consumer.approved < 3', 'has(endpoint.tags)'),
);
const { condition } = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    atom,
    tie('condition').map((inner) => `!(${inner})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||', '==', '!='), tie('condition'))
      .map(([left, operator, right]) => `((${left}) ${operator} (${right}))`),
    fc
      .tuple(tie('condition'), tie('condition'), tie('condition'))
      .map(([asked, yes, no]) => `((${asked}) ? (${yes}) : (${no}))`),
    fc
      .tuple(tie('condition'), fact, list, list)
      .map(([asked, name, one, two]) => `(${name} in ((${asked}) ? lists.${one} : lists.${two}))`),
  ),
}));

const strangers = fc.constantFrom(
  'cafecafe-cafe-4afe-8afe-cafecafecafe',
  `${zone.slice(0, 35)}2`,
  `2${zone.slice(1)}`,
  '11111111-cafe-4afe-8afe-cafecafecafe',
);
const word = fc.constantFrom(
  zone,
  other,
  'rg-hub',
  'pe-1',
  '1111',
  'subscriptions',
  'resourcegroups',
  'x',
  'kv-one',
);

/** A request whose every name is chosen by somebody who has read the policy. */
const requests = (subscription: fc.Arbitrary<string>): fc.Arbitrary<Facts> =>
  fc.tuple(subscription, word, word, word, word).map(([from, group, name, network, connection]): Facts => {
    const net = `/subscriptions/${from}/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks/${network}`;
    return {
      ...base,
      connection: {
        ...base.connection,
        name: connection,
        id: `${base.target.id}/privateEndpointConnections/${connection}`,
      },
      endpoint: {
        id: `/subscriptions/${from}/resourceGroups/${group}/providers/Microsoft.Network/privateEndpoints/${name}`,
        subscriptionId: from,
        resourceGroup: group,
        name,
        virtualNetworkId: net,
        subnetId: `${net}/subnets/${name}`,
        tags: {},
      },
      target: { ...base.target, subscriptionId: subscriptionB },
    };
  });

const environment = createEnvironment(listMap);

function check(requester: RequesterKind, who: fc.Arbitrary<string>): void {
  let reported = 0;
  fc.assert(
    fc.property(condition, fc.array(requests(who), { minLength: 1, maxLength: 6 }), (when, several) => {
      const can = possibleTruth(environment.cel.parse(when).ast, { lists: listMap, requester });
      for (const about of several) {
        const answer = outcomeOf(when, about, lists);
        if (answer === true) expect({ when, about, can: can.canBeTrue }).toMatchObject({ can: true });
        if (answer === false) expect({ when, about, can: can.canBeFalse }).toMatchObject({ can: true });
      }
      if (!can.canBeTrue || !can.canBeFalse) reported += 1;
    }),
    { numRuns: 300 },
  );
  expect(reported).toBeGreaterThan(0);
}

describe('what a condition is said never to be, it never is', () => {
  test('for a stranger who names his things as the policy does', () => {
    check('stranger', strangers);
  });

  test('whoever asks', () => {
    check('anyone', fc.oneof(strangers, fc.constantFrom(zone, other, subscriptionB)));
  });
});
