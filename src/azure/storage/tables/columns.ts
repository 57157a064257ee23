import { sha256Hex } from '../../../base/digest';
import { PosternError } from '../../../base/errors';

/** The length of one column, in UTF-16 units. A column holds 64 KiB, which is 32,768 units. */
const maxUnits = 30_000;
/** The maximum number of columns for one text: a row holds 1 MiB. */
const maxColumns = 12;

/** One row's columns beside its keys. */
export type Columns = Record<string, string | number>;

/**
 * Splits a text into columns `name`, `name_1`, `name_2` …, because one column holds only 64 KiB; an absent
 * text has no column. @throws PosternError STORE_UNREADABLE when the text does not fit into a row.
 */
export function textColumns(name: string, text: string | undefined): Columns {
  if (text === undefined) return {};
  const columns: Columns = {};
  let rest = text.replace(/\p{Cs}/gu, '\ufffd');
  for (let index = 0; index === 0 || rest !== ''; index += 1) {
    if (index === maxColumns) throw new PosternError('STORE_UNREADABLE', `${name} is too long for a row`);
    const length = isHighSurrogate(rest.charCodeAt(maxUnits - 1)) ? maxUnits - 1 : maxUnits;
    columns[columnName(name, index)] = rest.slice(0, length);
    rest = rest.slice(length);
  }
  return columns;
}

/** Joins the text that `textColumns` has split; `undefined` when there is none. */
export function textFrom(row: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const parts: string[] = [];
  for (let index = 0; index < maxColumns; index += 1) {
    const part = row[columnName(name, index)];
    if (typeof part !== 'string') break;
    parts.push(part);
  }
  return parts.length === 0 ? undefined : parts.join('');
}

function columnName(name: string, index: number): string {
  return index === 0 ? name : `${name}_${index}`;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** The maximum length of a key, below the 1,024 bytes that it may have in UTF-16. */
const maxKeyLength = 500;
/**
 * The characters that keys forbid (`/ \ # ?`, control characters), that confuse batches (`% +`), or that are
 * used for escapes.
 */
const unsafe = /[\p{C}\p{Zl}\p{Zp}\\#?%+'!|]/gu;
const unsafeInRow = /[\p{C}\p{Zl}\p{Zp}\\#?%+'!/]/gu;

/**
 * Converts a text, usually an ARM id in lower case, into a partition key: `/` becomes `|`, every other unsafe
 * character `!` and its code in hexadecimal. Different texts give different keys; a long one keeps its
 * beginning and ends in a hash.
 */
export function partitionKeyFrom(text: string): string {
  return bounded(text, text.replace(unsafe, escaped).replaceAll('/', '|'));
}

/** Converts a text into a row key, as `partitionKeyFrom` does, except that `|` stays and `/` is escaped. */
export function rowKeyFrom(text: string): string {
  return bounded(text, text.replace(unsafeInRow, escaped));
}

function bounded(text: string, key: string): string {
  if (key === '') return '-';
  if (key === '-') return '!002d';
  return key.length <= maxKeyLength
    ? key
    : `${key.slice(0, 400).replace(/\p{Cs}$/u, '')}!h${sha256Hex(text)}`;
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `!${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
