import { hash32 } from './streams';

/** Something that happened in a world. */
export interface TraceEntry {
  readonly atMs: number;
  /** Who did it, e.g. `app-1`, `ARM`, `storage`, `requester`. */
  readonly who: string;
  readonly what: string;
  /** What it is about: a name that stories filter by. */
  readonly about: string;
}

/** A record of a world's history. Its digest is equal for equal histories. */
export interface Trace {
  note(who: string, what: string, about?: string): void;
  /** Eight hexadecimal digits over all entries so far. */
  digest(): string;
  /** All entries, if the trace keeps them. */
  readonly entries: readonly TraceEntry[];
}

export interface TraceOptions {
  readonly nowMs: () => number;
  /** Whether to keep the entries, and not only their digest. */
  readonly keeps: boolean;
}

export function createTrace({ nowMs, keeps }: TraceOptions): Trace {
  const entries: TraceEntry[] = [];
  let hash = 0;
  return {
    entries,
    note: (who, what, about = '') => {
      const atMs = nowMs();
      hash = hash32(`${atMs}${who}${what}${about}`, hash);
      if (keeps) entries.push({ atMs, who, what, about });
    },
    digest: () => hash.toString(16).padStart(8, '0'),
  };
}
