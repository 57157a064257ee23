import type { TypedData } from './worker/rpc';

/**
 * Adds the payload's own top-level properties to trigger metadata, as the real host does: scalars as strings,
 * objects as JSON, arrays and nulls left out. A property replaces a built-in with the same name in any case.
 */
export function withPayloadProperties(
  builtIn: Record<string, TypedData>,
  payload: unknown,
): Record<string, TypedData> {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return builtIn;
  const result = new Map(Object.entries(builtIn));
  for (const [key, value] of Object.entries(payload as Record<string, unknown>)) {
    const data = propertyData(value);
    if (data === undefined) continue;
    for (const other of result.keys()) {
      if (other.toLowerCase() === key.toLowerCase()) result.delete(other);
    }
    result.set(key, data);
  }
  return Object.fromEntries(result);
}

function propertyData(value: unknown): TypedData | undefined {
  switch (typeof value) {
    case 'string':
      return { string: value };
    case 'number':
      return { string: String(value) };
    case 'boolean':
      return { string: value ? 'True' : 'False' };
    case 'object':
      return value === null || Array.isArray(value) ? undefined : { json: JSON.stringify(value) };
    default:
      return undefined;
  }
}

/** Parses JSON; undefined if `text` is not JSON. */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
