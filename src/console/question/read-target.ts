import type { ConnectionListing } from '../../connections/connection-store';
import type { TargetId } from '../../connections/resource-id';
import { PosternError } from '../../base/errors';
import type { OperationStore, TargetState } from '../../operations/operation-store';
import type { Policy } from '../../policy/policy';
import { type FactsRead, readFacts } from '../../review/facts/read-facts';
import type { ReviewJob, ReviewPorts } from '../../review/review-job';

/** The ports for reading a target as a review does. */
export type ReadPorts = Pick<
  ReviewPorts,
  | 'connections'
  | 'resources'
  | 'tenants'
  | 'ownSubscriptions'
  | 'managedEndpoints'
  | 'managedLists'
  | 'clock'
  | 'logger'
  | 'pace'
> & { readonly operations: Pick<OperationStore, 'load' | 'get' | 'save'> };

/** A target as a review would read it. */
export interface TargetReading {
  /** The rows, read now. */
  readonly state: TargetState;
  /** From ARM; `undefined`: the target does not exist. */
  readonly listing: ConnectionListing | undefined;
  readonly facts: FactsRead;
  /** When ARM was read. */
  readonly readAt: Date;
}

/** Reads a target. @throws ArmError, PosternError STORE_UNAVAILABLE */
export type ReadTarget = (target: TargetId, policy: Policy) => Promise<TargetReading>;

/** How long a reading of ARM is shared: people who look at the same target must not cost more calls. */
const sharedMs = 15_000;
const mostShared = 100;

interface Shared {
  readonly digest: string;
  readonly atMs: number;
  readonly reading: Promise<Omit<TargetReading, 'state'>>;
}

/**
 * Creates the reader of targets. What ARM says is shared for 15 seconds, or until an operation ends; rows are read
 * each time. Nothing is written.
 */
export function createReadTarget(ports: ReadPorts): ReadTarget {
  const shared = new Map<string, Shared>();
  return async (target, policy) => {
    const state = await ports.operations.load(target);
    const nowMs = ports.clock.monotonicMs();
    for (const [key, { atMs }] of shared) if (nowMs - atMs >= sharedMs) shared.delete(key);
    const known = shared.get(target.key);
    if (known?.digest === policy.digest) {
      const reading = await known.reading;
      if (!hasEndedSince(reading, state)) return { ...reading, state };
      const newer = shared.get(target.key);
      if (newer !== undefined && newer !== known) return { ...(await newer.reading), state };
    }
    if (shared.size >= mostShared) shared.clear();
    const reading = readArm(ports, target, { policy, state });
    shared.set(target.key, { digest: policy.digest, atMs: nowMs, reading });
    // A failure is not shared for longer than it takes.
    reading.catch(() => shared.delete(target.key));
    return { ...(await reading), state };
  };
}

/** Tells whether an operation of the target has ended since ARM was read: the reading shows what was before. */
function hasEndedSince(
  { readAt }: Pick<TargetReading, 'readAt'>,
  { connectionStates }: TargetState,
): boolean {
  return connectionStates.some(
    ({ operation }) => operation?.endedAt !== undefined && new Date(operation.endedAt) > readAt,
  );
}

async function readArm(
  ports: ReadPorts,
  target: TargetId,
  { policy, state }: { readonly policy: Policy; readonly state: TargetState },
): Promise<Omit<TargetReading, 'state'>> {
  const readAt = ports.clock.now();
  const listing = await ports.connections.list(target);
  const { connectionStates } = state;
  const facts = await readFacts(ports, jobOf(target, policy, readAt), { listing, connectionStates });
  return { listing, facts, readAt };
}

/** Builds the job of a review that only reads. */
export function jobOf(target: TargetId, policy: Policy, now: Date): ReviewJob {
  return {
    target,
    policy,
    isPolicyInForce: () => Promise.resolve(false),
    request: {
      version: 1,
      kind: 'target',
      id: target.id,
      hintedAt: now.toISOString(),
      because: 'console',
      attempt: 0,
    },
    fence: () => {
      throw new PosternError('LEASE_LOST', 'the console writes nothing to Azure');
    },
  };
}
