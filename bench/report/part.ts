import type { Table } from './table';

/** One part of the bench. */
export interface Part {
  readonly name: string;
  /** Closes everything that it opened, also when it fails. */
  run(options: PartOptions): Promise<PartReport>;
}

export interface PartOptions {
  /** The project's folder. */
  readonly root: string;
  /** How often everything is measured; figures are medians. */
  readonly runs: number;
  /** Sizes that end within a minute or two, to see that it works: their figures are worth nothing. */
  readonly quick: boolean;
  /** Tells people what is going on. */
  readonly log: (line: string) => void;
}

export interface PartReport {
  readonly name: string;
  /** What was run, in one sentence, with the sizes. */
  readonly about: string;
  /** How often it was measured, where that is not what was asked for: what is only counted comes out the same each time. */
  readonly runs?: number | undefined;
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  /** Everything that was measured, run by run. JSON. */
  readonly figures: unknown;
  /** SVG by the name of the file, for the docs. */
  readonly plots?: Readonly<Record<string, string>>;
}

/** What the figures are to be held against. */
export interface Goal {
  readonly what: string;
  readonly measured: number;
  readonly limit: number;
  readonly wanted: 'at most' | 'at least';
}

export function isMet({ measured, limit, wanted }: Goal): boolean {
  return wanted === 'at most' ? measured <= limit : measured >= limit;
}
