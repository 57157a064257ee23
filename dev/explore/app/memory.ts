/** How many results a function remembers before it begins again. */
const mostResults = 20_000;

/**
 * Returns a function that gives the same result for the same text again, without computing it. For pure functions whose
 * results nobody changes. What it throws is not remembered.
 */
export function remembering<T>(compute: (text: string) => T): (text: string) => T {
  const results = new Map<string, T>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = compute(text);
    if (results.size >= mostResults) results.clear();
    results.set(text, result);
    return result;
  };
}

/** Makes a value, and all that it holds, unchangeable: whoever changes it fails. Returns it. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  Object.values(value).forEach(frozen);
  return value;
}
