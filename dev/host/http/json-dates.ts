/**
 * Rewrites text as the real host's JSON library does: a string that looks like a UTC instant is parsed as a
 * date and written in its shortest form, so `…:00.120Z` becomes `…:00.12Z`. Code that compares such text
 * instead of instants must fail here, not in production.
 */
export function respellDates(value: unknown): unknown {
  if (typeof value === 'string') return respell(value);
  if (Array.isArray(value)) return value.map(respellDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, respellDates(field)]));
}

function respell(text: string): string {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d+)Z$/.exec(text);
  if (match === null || Number.isNaN(Date.parse(text))) return text;
  // A .NET date has seven decimal digits.
  const fraction = (match[2] ?? '').slice(0, 7).replace(/0+$/, '');
  return fraction === '' ? `${match[1]}Z` : `${match[1]}.${fraction}Z`;
}
