import type { AuditLog } from '../../audit/audit-log';
import type { Clock } from '../../base/clock';
import { hasCode, isTransient } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { Policy, PolicySource } from '../../policy/policy';
import { createSweepAsker, nothingFound, type Found } from './request-reviews';
import type { FinishedSweep, SweepCounts, SweepJournal, SweepState } from './journal';
import { countsOf, graphRefusedRecord, sweptRecord, unreadRecord } from './records';
import { search, type Searched, type SearchPorts } from './search';
import { recordPolicyProblem } from '../failure/record-policy-problem';
import { wakeOperations, type WakeResult, type WakePorts } from './wake-operations';

export interface SweepPorts extends WakePorts, SearchPorts {
  readonly policy: PolicySource;
  readonly journal: SweepJournal;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface SweepReport extends SweepCounts {
  /** False: the policy did not load, so that nothing was searched. */
  readonly searched: boolean;
}

/**
 * Finds what events missed and asks for its review, and wakes operations whose alarm got lost. Streams: neither
 * connections nor targets are held in memory. Rejects, when all is done that can be, with what kept it from seeing
 * everything: the next sweep begins anew.
 */
export type Sweep = (traceId: string | undefined) => Promise<SweepReport>;

export function createSweep(ports: SweepPorts): Sweep {
  return async (traceId) => {
    const startedAt = ports.clock.now();
    const wakeResult = await wakeOperations(ports, traceId);
    const loaded = await ports.policy.current();
    if (loaded.kind === 'refused') {
      await recordPolicyProblem(ports, 'suspended', loaded);
      if (wakeResult.problem !== undefined) throw wakeResult.problem;
      return { ...nothingFound, source: 'graph', woken: wakeResult.woken, unread: 0, searched: false };
    }
    if (loaded.refusedUpdate !== undefined) await recordPolicyProblem(ports, 'refused', loaded.refusedUpdate);
    const state = await readState(ports);
    const sweeping = { startedAt, wakeResult, policy: loaded.policy, state, traceId };
    const { inHand } = wakeResult;
    const asker = createSweepAsker(ports, { inHand, policy: loaded.policy, state, traceId });
    const { statuses } = loaded.policy;
    const searched = await search(ports, { statuses, state, now: startedAt, take: asker.take });
    await asker.flush();
    return finish(ports, sweeping, searched, asker.counts());
  };
}

interface Sweeping {
  readonly startedAt: Date;
  readonly wakeResult: WakeResult;
  readonly policy: Policy;
  readonly state: SweepState;
  readonly traceId: string | undefined;
}

/** What cannot be read is as if nothing had been remembered: then the sweep does more, not less. */
async function readState({ journal, logger }: SweepPorts): Promise<SweepState> {
  try {
    return await journal.read();
  } catch (error) {
    if (!hasCode(error, 'STORE_UNREADABLE')) throw error;
    logger.error(`What the last sweep left cannot be read, and is written anew. ${error.message}`);
    return {};
  }
}

async function finish(
  ports: SweepPorts,
  sweeping: Sweeping,
  searched: Searched,
  found: Found,
): Promise<SweepReport> {
  const { wakeResult } = sweeping;
  const now = ports.clock.now();
  const { source, unread, unfinished } = searched;
  const counts: SweepCounts = { ...found, source, woken: wakeResult.woken, unread: unread.length };
  const finished =
    unfinished === undefined
      ? { ...counts, startedAt: sweeping.startedAt.toISOString(), finishedAt: now.toISOString() }
      : undefined;
  await ports.journal.write(stateAfter(sweeping, { searched, found, finished, now }));
  await tell(ports, sweeping, { searched, counts, finished, now });
  const problem = unfinished ?? wakeResult.problem;
  if (problem !== undefined) throw problem;
  return { ...counts, searched: true };
}

function stateAfter(
  { state, policy, startedAt }: Sweeping,
  after: {
    readonly searched: Searched;
    readonly found: Found;
    readonly finished: FinishedSweep | undefined;
    readonly now: Date;
  },
): SweepState {
  const { finished, found, now } = after;
  const { source } = after.searched;
  const trouble = finished === undefined ? now.toISOString() : undefined;
  return {
    last: finished ?? state.last,
    // Once it has asked for anything, the timed sweeps go on with it: a large tenant is not asked anew each minute.
    policy:
      finished === undefined && found.asked === 0
        ? state.policy
        : { digest: policy.digest, mode: policy.mode },
    listedAt: source === 'lists' && finished !== undefined ? startedAt.toISOString() : state.listedAt,
    graphTroubleAt: source === 'graph' ? trouble : state.graphTroubleAt,
  };
}

/** Of a great many subscriptions that cannot be read, these are named; the others count. */
const mostNamed = 100;

async function tell(
  { audit, logger }: SweepPorts,
  { policy, traceId }: Sweeping,
  after: {
    readonly searched: Searched;
    readonly counts: SweepCounts;
    readonly finished: FinishedSweep | undefined;
    readonly now: Date;
  },
): Promise<void> {
  const { searched, counts, finished, now } = after;
  const context = { now, policy, traceId };
  const named = searched.unread.slice(0, mostNamed);
  for (const { subscriptionId, error } of named) {
    logger.warn(`Subscription ${subscriptionId} could not be swept. ${error.code}: ${error.message}`);
  }
  logger.info(`Sweep ${finished === undefined ? 'not finished' : 'finished'}: ${countsOf(counts)}`);
  await audit.record([
    ...named.filter(({ error }) => !isTransient(error)).map((one) => unreadRecord(context, one)),
    ...(searched.graphRefusal === undefined ? [] : [graphRefusedRecord(context, searched.graphRefusal)]),
    ...(finished === undefined ? [] : [sweptRecord(context, finished)]),
  ]);
}
