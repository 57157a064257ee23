import { isObject, isUnknown, shown, Unknown, type Value } from './values';

export type Callback = (...args: Value[]) => Value;
type Argument = Value | Callback;
type PureFunction = (...args: Argument[]) => Value;

/** Those functions of Bicep that need no Azure. An argument that is not as expected gives `undefined`: unknown. */
export function callPure(name: string, given: readonly Argument[], text: string): Value {
  const pure = functions[name];
  // Of objects, one of which only a deployment chooses, all that can be in it.
  const args = name === 'union' ? given.flatMap(objectOptions) : given;
  const lazy = withCallback.has(name);
  if (pure === undefined || args.some((arg, index) => isUnknown(arg as Value) && !(lazy && index > 0)))
    return new Unknown(text);
  try {
    return pure(...args);
  } catch (error) {
    if (error instanceof NotAsExpected) return new Unknown(text);
    throw error;
  }
}

class NotAsExpected extends Error {}

const withCallback: ReadonlySet<string> = new Set(['map', 'filter', 'toObject', 'reduce', 'sort']);

const functions: Readonly<Record<string, PureFunction>> = {
  any: (value) => value as Value,
  array: (value) => (Array.isArray(value) ? value : [value as Value]),
  bool: (value) => (typeof value === 'boolean' ? value : text(value).toLowerCase() === 'true'),
  concat: (...values) =>
    values.every((value) => Array.isArray(value)) ? values.flat() : values.map(text).join(''),
  contains: (whole, part) => {
    if (Array.isArray(whole)) return whole.some((one) => same(one, part as Value));
    return isObject(whole as Value) ? text(part) in object(whole) : text(whole).includes(text(part));
  },
  empty: (value) => {
    if (value === null || value === '') return true;
    return Array.isArray(value)
      ? value.length === 0
      : isObject(value as Value) && Object.keys(value).length === 0;
  },
  endsWith: (whole, part) => text(whole).toLowerCase().endsWith(text(part).toLowerCase()),
  filter: (items, keep) => list(items).filter((item, index) => callback(keep)(item, index) === true),
  first: (value) => (Array.isArray(value) ? (value[0] ?? null) : text(value).charAt(0)),
  flatten: (items) => list(items).flatMap((item) => list(item)),
  format: (pattern, ...values) =>
    text(pattern).replace(/\{(\d+)[^}]*\}/g, (_, index: string) => shown(values[Number(index)] as Value)),
  indexOf: (whole, part) => text(whole).toLowerCase().indexOf(text(part).toLowerCase()),
  int: (value) => Number(value),
  items: (value) =>
    Object.entries(object(value))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => ({ key, value: one })),
  join: (items, separator) => list(items).map(String).join(text(separator)),
  json: (value) => JSON.parse(text(value)) as Value,
  last: (value) => (Array.isArray(value) ? (value.at(-1) ?? null) : text(value).slice(-1)),
  length: (value) => {
    if (typeof value === 'string' || Array.isArray(value)) return value.length;
    return Object.keys(object(value)).length;
  },
  map: (items, change) => list(items).map((item, index) => callback(change)(item, index)),
  max: (...values) => Math.max(...values.flat().map(Number)),
  min: (...values) => Math.min(...values.flat().map(Number)),
  objectKeys: (value) => Object.keys(object(value)).sort(),
  padLeft: (value, width, fill) => text(value).padStart(Number(width), fill === undefined ? ' ' : text(fill)),
  range: (start, count) => Array.from({ length: Number(count) }, (_, index) => Number(start) + index),
  reduce: (items, start, step) =>
    list(items).reduce((before, item) => callback(step)(before, item), start as Value),
  replace: (whole, old, fresh) => text(whole).replaceAll(text(old), text(fresh)),
  shallowMerge: (items) => Object.assign({}, ...list(items).map(object)) as Value,
  skip: (value, count) =>
    Array.isArray(value) ? value.slice(Number(count)) : text(value).slice(Number(count)),
  split: (value, separator) => text(value).split(text(separator)),
  startsWith: (whole, part) => text(whole).toLowerCase().startsWith(text(part).toLowerCase()),
  string: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  substring: (value, start, count) =>
    text(value).slice(Number(start), count === undefined ? undefined : Number(start) + Number(count)),
  take: (value, count) =>
    Array.isArray(value) ? value.slice(0, Number(count)) : text(value).slice(0, Number(count)),
  toLower: (value) => text(value).toLowerCase(),
  toObject: (items, key, value) =>
    Object.fromEntries(
      list(items).map((item) => [
        shown(callback(key)(item)),
        value === undefined ? item : callback(value)(item),
      ]),
    ),
  toUpper: (value) => text(value).toUpperCase(),
  trim: (value) => text(value).trim(),
  union: (...values) => {
    if (values.every((value) => Array.isArray(value)))
      return values.flat().filter((one, index, all) => all.findIndex((other) => same(one, other)) === index);
    return values.map(object).reduce(merged);
  },
};

function objectOptions(arg: Argument): Argument[] {
  if (typeof arg === 'function' || !isUnknown(arg)) return [arg];
  return arg.options.length > 0 && arg.options.every(isObject) ? [...arg.options] : [arg];
}

export function same(a: Value, b: Value): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function merged(a: { [name: string]: Value }, b: { [name: string]: Value }): { [name: string]: Value } {
  const result = { ...a };
  for (const [name, value] of Object.entries(b)) {
    const before = result[name];
    result[name] = isObject(before) && isObject(value) ? merged(before, value) : value;
  }
  return result;
}

function text(value: Argument | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new NotAsExpected();
}

function list(value: Argument | undefined): Value[] {
  if (Array.isArray(value)) return value;
  throw new NotAsExpected();
}

function object(value: Argument | undefined): { [name: string]: Value } {
  if (typeof value !== 'function' && isObject(value)) return value;
  throw new NotAsExpected();
}

function callback(value: Argument | undefined): Callback {
  if (typeof value === 'function') return value;
  throw new NotAsExpected();
}
