/** A file of a policy. */
export interface PolicyFile {
  /** Relative to the policy folder, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Why the text of a file of expected requests could not be read; the text is empty then. */
  readonly unreadable?: string | undefined;
}

/** A problem in a policy file. `line` and `column` are 1-based; the message says how to fix it. */
export interface PolicyProblem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** Number of characters to underline, at least 1. */
  readonly length: number;
  readonly message: string;
}
