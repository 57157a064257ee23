/** What became of a mutant. `by worlds`: only simulated worlds find it. `refused`: no test finds it, but it does not compile. `not run`: no test was run for it. */
export type Outcome =
  'killed' | 'timeout' | 'by worlds' | 'survived' | 'no coverage' | 'not run' | 'refused' | 'ignored';

export interface Mutant {
  readonly line: number;
  readonly in: string;
  readonly code: string;
  readonly becomes: string;
  readonly text: string;
}

export interface Sorted {
  readonly file: string;
  /** The text of the file without the mutant. */
  readonly source: string;
  readonly outcome: Outcome;
  readonly mutant: Mutant;
}

/** The `files` of a report of Stryker. */
export type Files = Readonly<
  Record<
    string,
    {
      readonly source: string;
      readonly mutants: readonly {
        readonly status: string;
        readonly testsCompleted?: number;
        readonly replacement: string;
        readonly location: Readonly<
          Record<'start' | 'end', { readonly line: number; readonly column: number }>
        >;
      }[];
    }
  >
>;

export interface Named {
  readonly code: string;
  readonly becomes: string | readonly string[];
  readonly in?: string;
  readonly because: string;
}

export type Row = Readonly<Record<Outcome | '%', number>>;

export interface Candidate {
  readonly file: string;
  readonly text: string;
}

export declare const leastPercent: number;
export declare function sortMutants(
  files: Files,
  findRefused: <T extends Candidate>(candidates: readonly T[]) => ReadonlySet<T>,
): readonly Sorted[];
export declare function tryWorlds(
  sorted: readonly Sorted[],
  named: Readonly<Record<string, readonly Named[]>>,
  isFound: (mutant: { readonly file: string; readonly source: string; readonly text: string }) => boolean,
): void;
export declare function tabulate(sorted: readonly Sorted[]): Readonly<Record<string, Row>>;
export declare function compareWithNamed(
  sorted: readonly Sorted[],
  named: Readonly<Record<string, readonly Named[]>>,
): { readonly unnamed: readonly Sorted[]; readonly stale: readonly (Named & { readonly file: string })[] };
export declare function failuresOf(table: Readonly<Record<string, Row>>): readonly string[];
