import type { PageData } from './page-data';

/** What the built page has in the place of a report. */
export const dataMark = 'REPORT_DATA';

/**
 * Yields the page with a report in it. The report is JSON within a script element of a type that no browser runs;
 * every `<` in it is spelled as an escape, so no text in it can end that element or begin another one.
 * @param page the built page, with `dataMark` once
 * @throws Error if the page has no place for a report, or several
 */
export function* pageOf(page: string, data: PageData): Generator<string> {
  const [before, after, ...more] = page.split(dataMark);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`the page of reports must have ${dataMark} once`);
  const { rows, ...rest } = data;
  yield before;
  yield embedded({ ...rest, rows: [] }).slice(0, -2);
  for (const [at, row] of rows.entries()) yield `${at === 0 ? '' : ','}\n${embedded(row)}`;
  yield ']}';
  yield after;
}

/** Formats a value as JSON that is inert within HTML, whatever its texts are; the value stays the same. */
export function embedded(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
