import JSON5 from 'json5';
import { tryParseJson } from '../../base/json';

export type JsonReading =
  | { readonly kind: 'parsed'; readonly value: unknown }
  /** What does not belong there and where, in a sentence. Never more than one character of the text. */
  | { readonly kind: 'refused'; readonly problem: string };

/** JSON as people and tools write it: with comments, trailing commas and single quotes, too. */
export function readJson(text: string): JsonReading {
  if (text.trim() === '') return { kind: 'refused', problem: 'it is empty' };
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
  if (lineNumber === undefined || columnNumber === undefined) return 'it cannot be read as such';
  const line = text.split(/\r\n|[\n\r\u2028\u2029]/)[lineNumber - 1] ?? '';
  const sign = line.charAt(columnNumber - 1);
  if (sign === '') return `it ends too early, in line ${lineNumber}`;
  return `${JSON.stringify(sign)} does not belong into line ${lineNumber}, column ${columnNumber}`;
}

/** A field of an object by its name, in any case: az and PowerShell spell names in their own ways. */
export function fieldOf(value: unknown, name: string): unknown {
  if (!isObject(value)) return undefined;
  const key = Object.keys(value).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : value[key];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
