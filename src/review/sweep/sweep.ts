import type { AuditLog } from '../../audit/audit-log';
import { addSeconds, type Clock, dayOf } from '../../base/clock';
import { hasCode, isTransient } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { Policy, PolicySource } from '../../policy/policy';
import { tenantMaxAgeSeconds, type TenantMemory } from '../facts/tenants';
import { createSweepAsker, nothingFound, type Found } from './request-reviews';
import type { FinishedSweep, SweepCounts, SweepJournal, SweepState } from './journal';
import { countsOf, graphRefusedRecord, sweptRecord, unreadRecord } from './records';
import { search, type Searched, type SearchPorts } from './search';
import { recordPolicyProblem } from '../failure/record-policy-problem';
import { createTellExpected, type TellExpectedPorts } from './tell-expected';
import { wakeOperations, type WakeResult, type WakePorts } from './wake-operations';

/** The ports of `createSweep`. */
export interface SweepPorts extends WakePorts, SearchPorts, TellExpectedPorts {
  readonly policy: PolicySource;
  readonly journal: SweepJournal;
  readonly tenantMemory: Pick<TenantMemory, 'forgetBefore'>;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The counts of a sweep, and whether it searched. */
export interface SweepReport extends SweepCounts {
  /** Whether the sweep searched; false if the policy did not load. */
  readonly searched: boolean;
}

/** Runs one sweep. */
export type Sweep = (traceId: string | undefined) => Promise<SweepReport>;

/**
 * Creates the sweep, which finds connections that events missed and queues reviews of their
 * targets, and sets the lost alarms of operations again. It streams: neither connections nor
 * targets are kept in memory. If anything could not be covered, the sweep first does everything
 * else and then rejects with the error; the next sweep starts over. Safe to run twice, and at the
 * same time as another one.
 * @throws (the returned function) ArmError, PosternError
 */
export function createSweep(ports: SweepPorts): Sweep {
  const tellExpected = createTellExpected(ports);
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
    await tellExpected(loaded.policy.expected, traceId);
    const state = await readState(ports);
    const sweeping = { startedAt, wakeResult, policy: loaded.policy, state, traceId };
    const { openOperations } = wakeResult;
    const asker = createSweepAsker(ports, { openOperations, policy: loaded.policy, state, traceId });
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

/** Reads the journal. An unreadable journal counts as empty: the sweep then does more, not less. */
async function readState({ journal, logger }: SweepPorts): Promise<SweepState> {
  try {
    return await journal.read();
  } catch (error) {
    if (!hasCode(error, 'STORE_UNREADABLE')) throw error;
    logger.error(`The journal of the last sweep cannot be read and is written anew. ${error.message}`);
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
  if (isFirstOfDay(sweeping.state, now)) await ports.tenantMemory.forgetBefore(addSeconds(now, -keptSeconds));
  await ports.journal.write(stateAfter(sweeping, { searched, found, finished, now }));
  await report(ports, sweeping, { searched, counts, finished, now });
  const problem = unfinished ?? wakeResult.problem;
  if (problem !== undefined) throw problem;
  return { ...counts, searched: true };
}

/** How long what ARM told about a subscription is kept: longer than any decision may use it. */
const keptSeconds = 2 * tenantMaxAgeSeconds;

function isFirstOfDay({ last }: SweepState, now: Date): boolean {
  return dayOf(last?.finishedAt ?? '') !== dayOf(now);
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
  const failedAt = finished === undefined ? now.toISOString() : undefined;
  return {
    last: finished ?? state.last,
    // Once the sweep has queued any review, timed sweeps continue: a large tenant is not searched
    // anew each minute.
    policy:
      finished === undefined && found.asked === 0
        ? state.policy
        : { digest: policy.digest, mode: policy.mode },
    expected: state.expected,
    listedAt: source === 'lists' && finished !== undefined ? startedAt.toISOString() : state.listedAt,
    graphTroubleAt: source === 'graph' ? failedAt : state.graphTroubleAt,
    hiddenTypes: after.searched.hiddenTypes ?? state.hiddenTypes,
  };
}

/** Maximum number of unreadable subscriptions to log by name; the rest are only counted. */
const mostNamed = 100;

async function report(
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
