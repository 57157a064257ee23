/**
 * A function that conditions may call. All other functions of the CEL library are refused when the
 * policy loads.
 */
export interface CelFunction {
  readonly usage: string;
  readonly meaning: string;
}

/** The functions by name. */
export const functions: Readonly<Record<string, CelFunction>> = {
  has: { usage: 'has(endpoint.tags)', meaning: 'whether a fact is present' },
  size: { usage: 'size(x)', meaning: 'length of a text, list or map' },
  sameId: {
    usage: 'sameId(a, b)',
    meaning: 'whether two texts are equal without case, as ARM compares ids and names',
  },
  glob: {
    usage: 'glob(text, "pe-*")',
    meaning:
      'whether the whole text matches: `*` any characters except /, `**` any characters, `?` one character except /; without case',
  },
  ticket: {
    usage: 'ticket(connection.message, "CHG[0-9]{7}")',
    meaning: 'whether the text contains a separate word that matches the pattern; without case',
  },
  timestamp: { usage: 'timestamp("2026-01-31T00:00:00Z")', meaning: 'an instant' },
  duration: { usage: 'duration("168h")', meaning: 'a span of time in h, m, s, ms; only a literal' },
  string: { usage: 'string(x)', meaning: 'as text' },
  int: { usage: 'int(x)', meaning: 'as a whole number; fails if it is not one' },
  double: { usage: 'double(x)', meaning: 'as a number; fails if it is not one' },
};

const method = (usage: string, meaning: string): CelFunction => ({ usage, meaning });
const timeMethod = (name: string, meaning: string): CelFunction =>
  method(`now.${name}("Europe/Berlin")`, meaning);

/** The methods by name: functions that are called on a value. */
export const methods: Readonly<Record<string, CelFunction>> = {
  contains: method('text.contains("x")', 'whether the text contains another'),
  startsWith: method('text.startsWith("x")', 'whether the text starts with another'),
  endsWith: method('text.endsWith("x")', 'whether the text ends with another'),
  matches: method(
    'text.matches("^CHG[0-9]+$")',
    'whether a regular expression (RE2) is found in the text; only a literal',
  ),
  lowerAscii: method('text.lowerAscii()', 'in lower case, if a letter has exactly one lowercase form'),
  upperAscii: method('text.upperAscii()', 'in upper case, if a letter has exactly one uppercase form'),
  trim: method('text.trim()', 'without white space at both ends'),
  substring: method('text.substring(0, 3)', 'a part of the text'),
  indexOf: method('text.indexOf("x")', 'the first position of another text, or -1'),
  lastIndexOf: method('text.lastIndexOf("x")', 'the last position of another text, or -1'),
  split: method('text.split("/")', 'the list of the parts between separators'),
  size: method('x.size()', 'length of a text, list or map'),
  all: method('list.all(x, x != "")', 'whether the condition is true for all entries'),
  exists: method('list.exists(x, x == "")', 'whether the condition is true for some entry'),
  exists_one: method('list.exists_one(x, x == "")', 'whether the condition is true for exactly one entry'),
  filter: method('list.filter(x, x != "")', 'the entries for which the condition is true'),
  map: method('list.map(x, x.size())', 'the list of the results for all entries'),
  getFullYear: timeMethod('getFullYear', 'year'),
  getMonth: timeMethod('getMonth', 'month, from 0'),
  getDate: timeMethod('getDate', 'day of the month, from 1'),
  getDayOfMonth: timeMethod('getDayOfMonth', 'day of the month, from 0'),
  getDayOfWeek: timeMethod('getDayOfWeek', 'day of the week, from 0 for Sunday'),
  getHours: timeMethod('getHours', 'hour; for a duration, all its hours'),
  getMinutes: timeMethod('getMinutes', 'minute; for a duration, all its minutes'),
  getSeconds: timeMethod('getSeconds', 'second; for a duration, all its seconds'),
  getMilliseconds: timeMethod('getMilliseconds', 'millisecond'),
};
