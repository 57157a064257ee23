import { operationRecord } from '../../operations/end-operation';
import { isHeldByLimit, type Operation } from '../../operations/operation';
import type { Planned } from '../../operations/write/planned';
import { type LimitedKind, limitedKinds } from '../../policy/policy';
import type { ReviewJob, ReviewPorts } from '../review-job';
import { type LimitState, saveWithRetry } from './limit-store';
import { admitWrite, isLifted, limitedKindOf } from './write-limit';

/**
 * Admits the writes of one review, or holds them until a person lifts the limit that they would
 * exceed.
 */
export interface LimitGuard {
  /**
   * Returns the write as it may begin; `undefined` if it is held, which is recorded and durable by
   * then.
   */
  admit(planned: Planned): Promise<Planned | undefined>;
}

type Options = Pick<ReviewPorts, 'limits' | 'operations' | 'audit' | 'clock' | 'logger'>;

/**
 * Creates the guard of one review. Loads limits only for kinds that the policy limits and the
 * review wants. If a review wants more writes than `perReview`, that many may begin, those that
 * wait longest first, and the others are held: durably, before the first one begins.
 * @throws PosternError LEDGER_UNAVAILABLE, STORE_UNAVAILABLE, STORE_CONFLICT
 */
export async function createLimitGuard(
  ports: Options,
  job: Pick<ReviewJob, 'target' | 'policy'>,
  writes: readonly Planned[],
): Promise<LimitGuard> {
  const states = new Map<LimitedKind, LimitState>();
  const over = new Map<string, string>();
  for (const kind of limitedKinds) {
    const wanted = writes.filter(({ operation }) => limitedKindOf(operation) === kind);
    if (job.policy.limits[kind] === undefined || wanted.length === 0) continue;
    const state = await ports.limits.load(kind);
    states.set(kind, state);
    const { perReview = Infinity } = job.policy.limits[kind] ?? {};
    const counted = wanted.filter(({ operation }) => !isLifted(operation, state));
    const fresh = counted.filter(({ operation }) => !isHeldByLimit(operation));
    const why = `This review wants ${counted.length} ${kind}; the policy allows ${perReview} per review`;
    for (const { operation } of fresh.slice(perReview)) over.set(operation.id, why);
  }
  const heldBefore = new Set<string>();
  for (const planned of writes.filter(({ operation }) => over.has(operation.id))) {
    const kind = limitedKindOf(planned.operation);
    const state = kind && states.get(kind);
    if (state === undefined) continue;
    await hold(ports, job, { planned, state, why: over.get(planned.operation.id) ?? '' });
    heldBefore.add(planned.operation.id);
  }

  async function admit(planned: Planned): Promise<Planned | undefined> {
    const kind = limitedKindOf(planned.operation);
    const state = kind && states.get(kind);
    if (kind === undefined || state === undefined) return withLimit(planned, undefined);
    if (heldBefore.has(planned.operation.id)) return undefined;
    if (isLifted(planned.operation, state)) {
      return withLimit(planned, planned.operation.limit && { ...planned.operation.limit, state: 'lifted' });
    }
    if (isHeldByLimit(planned.operation)) return undefined;
    const why = await whyNot(planned, kind);
    return why === undefined ? withLimit(planned, undefined) : hold(ports, job, { planned, state, why });
  }

  async function whyNot({ operation }: Planned, kind: LimitedKind): Promise<string | undefined> {
    const { perHour } = job.policy.limits[kind] ?? {};
    if (perHour === undefined) return undefined;
    const { decisionId } = operation;
    const admitted = await saveWithRetry(ports.limits, kind, (state) => {
      const next = admitWrite(state, { decisionId, perHour, now: ports.clock.now() });
      return { state: next.state, result: next.admitted };
    });
    return admitted ? undefined : `The limit of ${perHour} ${kind} an hour is reached`;
  }

  return { admit };
}

function withLimit(planned: Planned, limit: Operation['limit']): Planned {
  return { ...planned, operation: { ...planned.operation, limit } };
}

interface Holding {
  readonly planned: Planned;
  readonly state: LimitState;
  readonly why: string;
}

/** Holds a write: recorded once per operation, in the ledger, before the row says so. */
async function hold(
  ports: Options,
  { target }: Pick<ReviewJob, 'target'>,
  { planned, state, why }: Holding,
): Promise<undefined> {
  const { connectionState, operation } = planned;
  const now = ports.clock.now();
  const reason = `${why}. The write is held until a person lifts the limit`;
  ports.logger.warn(`${connectionState.connection.id}: ${reason}`);
  await ports.audit.record([operationRecord(operation, 'limited', now, reason)]);
  const limit = { state: 'held', lifts: state.lifts, heldAt: now.toISOString() } as const;
  await ports.operations.save(target, [{ ...connectionState, operation: { ...operation, limit } }]);
  return undefined;
}
