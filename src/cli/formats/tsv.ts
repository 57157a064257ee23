/**
 * Writes JSON as tab-separated values with a heading: a row for each entry of a list, or of the only list that an object has;
 * otherwise one row. A tab, a line end or a backslash in a value becomes `\t`, `\n`, `\r` or `\\`; what is no plain value is JSON.
 */
export function tsvText(json: unknown): string {
  const rows = rowsOf(json);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (columns.length === 0) return '';
  const lines = [columns, ...rows.map((row) => columns.map((column) => cellOf(row[column])))];
  return lines.map((cells) => `${cells.map(escaped).join('\t')}\n`).join('');
}

type Row = Readonly<Record<string, unknown>>;

function rowsOf(json: unknown): readonly Row[] {
  if (Array.isArray(json)) return json.map(rowOf);
  if (typeof json !== 'object' || json === null) return [rowOf(json)];
  const lists = Object.values(json).filter((value) => Array.isArray(value));
  return lists.length === 1 ? (lists[0] as readonly unknown[]).map(rowOf) : [json as Row];
}

function rowOf(value: unknown): Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : { value };
}

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const escapes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };

function escaped(text: string): string {
  return text.replace(/[\t\n\r\\]/g, (character) => escapes[character] ?? character);
}
