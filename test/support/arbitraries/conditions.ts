import fc from 'fast-check';

/** Conditions generated from CEL's grammar, mostly well-typed, over every fact and function. */
type Expressions = Record<'truth' | 'text' | 'number' | 'list', string>;

const texts = [
  ...[
    'connection.message',
    'connection.name',
    'connection.status',
    'connection.id',
    'connection.provisioningState',
  ],
  ...[
    'endpoint.name',
    'endpoint.subscriptionId',
    'endpoint.location',
    'endpoint.tags.owner',
    'endpoint.subnetId',
  ],
  ...[
    'target.name',
    'target.kind',
    'target.tags.env',
    'target.tags["env"]',
    'target.tags[connection.message.lowerAscii()]',
  ],
  ...['"a"', "'b'", '""', '"\\u202e"', '"\\n"', 'r"\\d"', '"""x"""', '"*"', '"CHG"'],
];
const numbers = [
  ...[
    '1',
    '0',
    '-1',
    '9223372036854775807',
    '-9223372036854775808',
    '9223372036854775808',
    '1u',
    '0x7f',
    '1e308',
  ],
  ...[
    '1.5',
    'consumer.pending',
    'consumer.approved',
    'size(connection.message)',
    'size(connection.groupIds)',
  ],
  ...[
    'size(lists.names)',
    'int(connection.message)',
    'double(connection.message)',
    'int(now)',
    'now.getFullYear()',
  ],
];
const lists = [
  'lists.names',
  'lists.numbers',
  'lists.none',
  'connection.groupIds',
  '["a", "b"]',
  '[]',
  'target.tags',
];
const truths = [
  ...['true', 'false', 'has(endpoint.tags)', 'has(target.tags.env)', 'has(connection.provisioningState)'],
  ...[
    'connection.firstSeen < now - duration("1h")',
    'timestamp(connection.message) < now',
    'bool(connection.message)',
  ],
  ...[
    'ticket(connection.message, "CHG[0-9]{3,}")',
    'glob(connection.name, "a*b?c*")',
    'sameId(endpoint.id, target.id)',
  ],
  ...[
    'connection.message.matches("(a+)+$")',
    'connection.message.matches("^(\\\\w|\\\\W)*x")',
    'null == null',
  ],
];

const { truth } = fc.letrec<Expressions>((tie) => ({
  truth: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...truths),
    fc
      .tuple(tie('text'), fc.constantFrom('==', '!=', '<', '>='), tie('text'))
      .map((parts) => parts.join(' ')),
    fc.tuple(tie('number'), fc.constantFrom('==', '<', '>='), tie('number')).map((parts) => parts.join(' ')),
    fc.tuple(tie('text'), tie('list')).map(([item, list]) => `${item} in ${list}`),
    fc
      .tuple(tie('text'), fc.constantFrom('contains', 'startsWith', 'endsWith'), tie('text'))
      .map(([whole, method, part]) => `${whole}.${method}(${part})`),
    tie('truth').map((inner) => `!(${inner})`),
    fc
      .tuple(tie('truth'), fc.constantFrom('&&', '||'), tie('truth'))
      .map(([a, sign, b]) => `(${a}) ${sign} (${b})`),
    fc.tuple(tie('truth'), tie('truth'), tie('truth')).map(([a, b, c]) => `(${a}) ? (${b}) : (${c})`),
    fc
      .tuple(tie('list'), fc.constantFrom('exists', 'all', 'exists_one'), tie('text'))
      .map(([list, loop, text]) => `${list}.${loop}(x, x == ${text})`),
    fc
      .tuple(tie('list'), tie('list'))
      .map(([outer, inner]) => `${outer}.all(x, ${inner}.exists(y, x == y || x in ${inner}))`),
  ),
  text: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...texts),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a} + ${b})`),
    tie('text').map((inner) => `${inner}.lowerAscii()`),
    tie('text').map((inner) => `${inner}.split("")[0]`),
    tie('number').map((inner) => `string(${inner})`),
    fc.tuple(tie('truth'), tie('text'), tie('text')).map(([a, b, c]) => `((${a}) ? ${b} : ${c})`),
  ),
  number: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...numbers),
    fc
      .tuple(tie('number'), fc.constantFrom('+', '-', '*', '/', '%'), tie('number'))
      .map((p) => `(${p.join(' ')})`),
  ),
  list: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(...lists),
    tie('list').map((inner) => `${inner}.map(x, x)`),
    tie('list').map((inner) => `${inner}.filter(x, x != "")`),
    tie('text').map((inner) => `${inner}.split(",")`),
  ),
}));

export const condition: fc.Arbitrary<string> = truth;
/** The lists that the conditions use. */
export const conditionLists = { names: ['a', 'B', 'CHG'], numbers: [1, 2], none: [] };
