import type { Table } from './table';

/** One part of the bench. */
export interface Part {
  readonly name: string;
  /** Measures and reports. Closes everything that it opened, even if it fails. */
  run(options: PartOptions): Promise<PartReport>;
}

export interface PartOptions {
  /** The project's folder. */
  readonly root: string;
  /** The number of measurements; figures are medians. */
  readonly runs: number;
  /**
   * Whether to use small sizes that take a minute or two, to check that it works. The figures mean nothing.
   */
  readonly quick: boolean;
  /** Prints the progress. */
  readonly log: (line: string) => void;
}

export interface PartReport {
  readonly name: string;
  /** One sentence about what was run, with sizes. */
  readonly about: string;
  /** The number of measurements, if it differs from the requested one: counts are the same each time. */
  readonly runs?: number | undefined;
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  /** Everything that was measured, run by run, as JSON. */
  readonly figures: unknown;
  /** SVG files for the docs, by name. */
  readonly plots?: Readonly<Record<string, string>>;
}

/** A goal for one figure. */
export interface Goal {
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  readonly wanted: 'at most' | 'at least';
}

/** Returns a goal that holds up to a limit. */
export function atMost(what: string, measured: number, limit: number): Goal {
  return { what, measured, limit, wanted: 'at most' };
}

export function isMet({ measured, limit, wanted }: Goal): boolean {
  return wanted === 'at most' ? measured <= limit : measured >= limit;
}
