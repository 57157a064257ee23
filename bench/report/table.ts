/** One table of the report. All rows have as many cells as the head. */
export interface Table {
  /** One sentence about the rows. */
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Formats a table as Markdown, which is also readable in a terminal.
 * @throws Error if a row has a different number of cells.
 */
export function tableText({ caption, head, rows }: Table): string {
  for (const row of rows) {
    if (row.length !== head.length)
      throw new Error(`"${row[0]}" has ${row.length} cells, not ${head.length}`);
  }
  const lines = [head, head.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map(escaped).join(' | ')} |`,
  );
  return [caption, '', ...lines].join('\n');
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}

/** Formats a number with `digits` decimals; a dash if it could not be measured. */
export function figure(number: number, digits = 0): string {
  if (!Number.isFinite(number)) return '–';
  return number.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
