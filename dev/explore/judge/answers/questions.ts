import type { Looked } from './attempt';

/** The question that a connection's row puts, as long as it stays the same. */
interface Question {
  /** The row's status and generation; absent: there is no row. */
  readonly text: string | undefined;
  readonly status: string;
  readonly fromMs: number;
}

/**
 * Knows the questions that the app's rows have put: a new status or generation is a new question. What a person
 * answers is the question that was there when they looked.
 */
export class Questions {
  readonly #all = new Map<string, Question[]>();

  /** Notes a connection's row. */
  onRow(
    connection: string,
    row: { readonly status: string; readonly text: string } | undefined,
    atMs: number,
  ): void {
    const known = this.#all.get(connection) ?? [];
    this.#all.set(connection, known);
    if (known.at(-1)?.text === row?.text && known.length > 0) return;
    known.push({ text: row?.text, status: row?.status ?? '', fromMs: atMs });
  }

  /** Tells whether the present question of a connection is what a person saw. */
  isStill(connection: string, { status, fromMs, untilMs }: Looked): boolean {
    const known = this.#all.get(connection) ?? [];
    const present = known.at(-1);
    if (present === undefined) return false;
    const seen = known.filter(
      (each, index) => each.fromMs <= untilMs && (known[index + 1]?.fromMs ?? Infinity) >= fromMs,
    );
    if (seen.some(({ text }) => text === present.text)) return true;
    // The page showed what the next review was to store.
    const isAhead = seen.length === 0 || seen.some((each) => !isSame(each.status, status));
    return isAhead && isSame(present.status, status);
  }
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
