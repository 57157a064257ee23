import { profileOf, targetTypeFrom } from '../connections/target-type';
import type { ReportRow } from './row';

/** Returns the product names of the types of target that occur in rows and are known. Pure. */
export function labelsOf(rows: readonly ReportRow[]): Readonly<Record<string, string>> {
  const types = new Set(rows.map(({ type }) => type));
  return Object.fromEntries(
    [...types].flatMap((type) => {
      const known = targetTypeFrom(type);
      return known === undefined ? [] : [[type, profileOf(known).label]];
    }),
  );
}
