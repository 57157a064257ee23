import { expectedEffectsIn } from '../world/policies';
import type { PolicyVersion } from '../world/policy-version';

/** A version of the policy as an author publishes it. */
export interface PublishedPolicy {
  readonly version: PolicyVersion;
  /** What rows and records of the app call it. */
  readonly digest: string;
}

/** A time within which the policy could not be loaded, in milliseconds. */
export interface Standstill {
  readonly fromMs: number;
  readonly untilMs: number;
}

interface Publication extends PublishedPolicy {
  readonly fromMs: number;
  /** Whether storage shows that some worker has read it. */
  isAdopted: boolean;
}

/**
 * Knows the versions of the policy by which a worker may decide.
 *
 * The version published last binds, if it is valid. An earlier one binds if the app has recorded it, or a
 * decision by it, before the next one replaced it: what no worker ever read cannot be followed. Each stays in hand
 * for a while after the next binding version was published.
 */
export class PoliciesInHand {
  readonly #publications: Publication[] = [];

  constructor(
    /** How long an earlier version may still be in hand: the check, a review and its lease. */
    private readonly lagMs: number,
  ) {}

  /** Notes that a version was published. Returns the one before it if no worker has recorded that. */
  onPublished(published: PublishedPolicy, atMs: number): PolicyVersion | undefined {
    const before = this.#publications.at(-1);
    this.#publications.push({ ...published, fromMs: atMs, isAdopted: false });
    return before === undefined || before.isAdopted || !isValid(before) ? undefined : before.version;
  }

  /** Notes that the app stored a version's digest. Returns the version if that makes it binding. */
  onStored(digest: string): PolicyVersion | undefined {
    const last = this.#publications.findLast((each) => each.digest === digest);
    if (last === undefined || last.isAdopted) return undefined;
    last.isAdopted = true;
    return last.version;
  }

  /** Tells whether a version with this digest was ever published. */
  knows(digest: string): boolean {
    return this.#publications.some((each) => each.digest === digest);
  }

  /**
   * Lists the times within which the version that was published last could not be loaded: a worker that has read no
   * other one, because it started later, decides nothing.
   */
  standstills(): readonly Standstill[] {
    return this.#publications.flatMap((each, index) => {
      const untilMs = this.#publications[index + 1]?.fromMs ?? Infinity;
      return isValid(each) ? [] : [{ fromMs: each.fromMs, untilMs }];
    });
  }

  /** Returns the versions that a worker may have in hand. */
  at(nowMs: number): readonly PolicyVersion[] {
    return this.#bindingAt(nowMs).map(({ version }) => version);
  }

  /** Returns the version with a digest, if a worker may have it in hand. */
  withDigest(digest: string, nowMs: number): PolicyVersion | undefined {
    return this.#bindingAt(nowMs).find((each) => each.digest === digest)?.version;
  }

  #bindingAt(nowMs: number): readonly PublishedPolicy[] {
    const last = this.#publications.at(-1);
    const binding = this.#publications.filter((each) => isValid(each) && (each.isAdopted || each === last));
    return binding.filter((_, index) => (binding[index + 1]?.fromMs ?? Infinity) >= nowMs - this.lagMs);
  }
}

/** Tells whether a version can be loaded; otherwise the one before it stays in force. */
function isValid({ version }: PublishedPolicy): boolean {
  return expectedEffectsIn(version, 'trusted', 'prod') !== undefined;
}
