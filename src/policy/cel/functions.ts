/** What conditions may call, beside operators. Everything else of the CEL library is refused at load. */
export interface CelFunction {
  readonly usage: string;
  readonly meaning: string;
}

export const functions: Readonly<Record<string, CelFunction>> = {
  has: { usage: 'has(endpoint.tags)', meaning: 'whether a fact is there' },
  size: { usage: 'size(x)', meaning: 'length of a text, list or map' },
  sameId: {
    usage: 'sameId(a, b)',
    meaning: 'whether two texts are equal without case, as ARM compares ids and names',
  },
  glob: {
    usage: 'glob(text, "pe-*")',
    meaning:
      'whether the whole text fits: `*` any characters but /, `**` any at all, `?` one but /; without case',
  },
  ticket: {
    usage: 'ticket(connection.message, "CHG[0-9]{7}")',
    meaning: 'whether the text has what fits the pattern as a word of its own; without case',
  },
  timestamp: { usage: 'timestamp("2026-01-31T00:00:00Z")', meaning: 'an instant' },
  duration: { usage: 'duration("168h")', meaning: 'a span of time in h, m, s, ms; a literal only' },
  string: { usage: 'string(x)', meaning: 'as text' },
  int: { usage: 'int(x)', meaning: 'as a whole number; fails when it is not one' },
  double: { usage: 'double(x)', meaning: 'as a number; fails when it is not one' },
};

const method = (usage: string, meaning: string): CelFunction => ({ usage, meaning });
const timeMethod = (meaning: string): CelFunction => method('now.getHours("Europe/Berlin")', meaning);

export const methods: Readonly<Record<string, CelFunction>> = {
  contains: method('text.contains("x")', 'whether a text is part of it'),
  startsWith: method('text.startsWith("x")', 'whether it begins so'),
  endsWith: method('text.endsWith("x")', 'whether it ends so'),
  matches: method(
    'text.matches("^CHG[0-9]+$")',
    'whether a regular expression (RE2) is found; a literal only',
  ),
  lowerAscii: method('text.lowerAscii()', 'in lower case, each letter for its one partner'),
  upperAscii: method('text.upperAscii()', 'in upper case, each letter for its one partner'),
  trim: method('text.trim()', 'without blanks at both ends'),
  substring: method('text.substring(0, 3)', 'a part of it'),
  indexOf: method('text.indexOf("x")', 'where a text begins, or -1'),
  lastIndexOf: method('text.lastIndexOf("x")', 'where a text begins last, or -1'),
  split: method('text.split("/")', 'a list of its parts'),
  size: method('x.size()', 'length of a text, list or map'),
  all: method('list.all(x, x != "")', 'whether all entries fit'),
  exists: method('list.exists(x, x == "")', 'whether some entry fits'),
  exists_one: method('list.exists_one(x, x == "")', 'whether exactly one entry fits'),
  filter: method('list.filter(x, x != "")', 'the entries that fit'),
  map: method('list.map(x, x.size())', 'something of every entry'),
  getFullYear: timeMethod('year'),
  getMonth: timeMethod('month, from 0'),
  getDate: timeMethod('day of the month, from 1'),
  getDayOfMonth: timeMethod('day of the month, from 0'),
  getDayOfWeek: timeMethod('day of the week, from 0 for Sunday'),
  getHours: timeMethod('hour; of a duration: all its hours'),
  getMinutes: timeMethod('minute; of a duration: all its minutes'),
  getSeconds: timeMethod('second; of a duration: all its seconds'),
  getMilliseconds: timeMethod('millisecond'),
};
