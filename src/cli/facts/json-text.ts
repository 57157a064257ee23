import JSON5 from 'json5';
import { tryParseJson } from '../../base/json';

/** A parsed JSON value, or the problem with its text. */
export type JsonReading =
  | { readonly kind: 'parsed'; readonly value: unknown }
  /**
   * `problem` is a sentence with the location. It quotes at most one character of the text, which
   * may contain secrets.
   */
  | { readonly kind: 'refused'; readonly problem: string };

/** Parses JSON as people and tools write it; accepts comments, trailing commas and single quotes. */
export function readJson(text: string): JsonReading {
  if (text.trim() === '') return { kind: 'refused', problem: 'the text is empty' };
  const value = tryParseJson(text);
  return value === undefined ? readTolerantly(text) : { kind: 'parsed', value };
}

function readTolerantly(text: string): JsonReading {
  try {
    return { kind: 'parsed', value: JSON5.parse<unknown>(text) };
  } catch (error) {
    return { kind: 'refused', problem: problemOf(error, text) };
  }
}

function problemOf(error: unknown, text: string): string {
  const { lineNumber, columnNumber } = error as { lineNumber?: number; columnNumber?: number };
  if (lineNumber === undefined || columnNumber === undefined) return 'the text cannot be parsed';
  const line = text.split(/\r\n|[\n\r\u2028\u2029]/)[lineNumber - 1] ?? '';
  const sign = line.charAt(columnNumber - 1);
  if (sign === '') return `the text ends too early, in line ${lineNumber}`;
  return `unexpected ${JSON.stringify(sign)} in line ${lineNumber}, column ${columnNumber}`;
}

/**
 * Returns the field of an object by its name, ignoring case, because az and PowerShell change the
 * case of names.
 */
export function fieldOf(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  const key = Object.keys(value).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : value[key];
}

/** Returns whether a value is an object, but not an array or null. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
