import type { Write } from './arm-traffic';
import type { LedgerRow } from './ledger-row';

const hourMs = 3_600_000;

/**
 * Knows which writes a limit allows: so many of a kind in an hour, and after a person has lifted the limits,
 * those that they had held, however many.
 */
export class LimitLaw {
  readonly #heldSince = new Map<string, number>();
  /** Whether a write was one that a lift had let go on: a limit may hold its connection again later. */
  readonly #wasLifted = new WeakMap<Write, boolean>();
  #liftedMs = -Infinity;

  constructor(
    private readonly perHour: number,
    /** How far the clocks of instances may be apart. */
    private readonly clockMs: number,
  ) {}

  /** Notes that an operator lifted the limits. */
  onLift(atMs: number): void {
    this.#liftedMs = atMs;
  }

  /** Notes that a limit holds a write. */
  onLimited({ effect, storedMs }: LedgerRow, connection: string): void {
    this.#heldSince.set(`${connection} ${effect}`, storedMs);
  }

  /** Tells what is wrong with the last of all writes that count; `undefined` if nothing is. */
  excess(writes: readonly Write[]): string | undefined {
    const last = writes.at(-1);
    const kind = last && limitedKindOf(last);
    if (last === undefined || kind === undefined || this.#isLifted(last)) return undefined;
    const since = Math.max(this.#liftedMs, last.atMs - hourMs + this.clockMs);
    const counted = writes.filter(
      (each) => each.atMs > since && limitedKindOf(each) === kind && !this.#isLifted(each),
    );
    const begun = new Set(counted.map(({ connection }) => connection));
    if (begun.size <= this.perHour) return undefined;
    return `${begun.size} ${kind} in one hour, and the limit is ${this.perHour}`;
  }

  #isLifted(write: Write): boolean {
    const { connection, effect, atMs } = write;
    const heldMs = this.#heldSince.get(`${connection} ${effect}`) ?? Infinity;
    const answer = this.#wasLifted.get(write) ?? (heldMs <= this.#liftedMs && this.#liftedMs <= atMs);
    this.#wasLifted.set(write, answer);
    return answer;
  }
}

function limitedKindOf({ effect, statusBefore }: Write): 'rejects' | 'deletes' | 'revocations' | undefined {
  if (effect === 'approve') return undefined;
  if (statusBefore === 'Approved') return 'revocations';
  return effect === 'reject' ? 'rejects' : 'deletes';
}
