/** One thing that a tool checked, for reports that machines read. Texts may come from anyone. */
export interface CheckedItem {
  /** The policy or the file that it belongs to. */
  readonly suite: string;
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'warning';
  /** Where it stands; lines and columns count from 1. */
  readonly path: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** What is wrong; absent if it passed. */
  readonly message?: string | undefined;
}

/** Reads what a tool checked out of its JSON output. */
export type ItemsFrom = (json: unknown) => readonly CheckedItem[];
