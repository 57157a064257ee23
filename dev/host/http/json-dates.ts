/**
 * Text as it comes out of the host's JSON library, which reads a string that looks like a UTC instant as a date
 * and writes it in its shortest spelling: `…:00.120Z` becomes `…:00.12Z`. Code that compares such text instead of
 * instants must break here, not in production.
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
  // A .NET date has seven digits below the second.
  const fraction = (match[2] ?? '').slice(0, 7).replace(/0+$/, '');
  return fraction === '' ? `${match[1]}Z` : `${match[1]}.${fraction}Z`;
}
