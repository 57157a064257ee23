import { addSeconds, type Clock } from '../clock';
import type { TargetId } from '../connections/resource-id';
import { targetTypes } from '../connections/target-type';
import type { Logger } from '../logger';
import type { Alarm } from '../operations/alarm';
import type { OperationStore } from '../operations/operation-store';
import type { PolicySource } from '../policy/policy';
import type { ConnectionFinder } from './connection-finder';
import type { ReviewQueue } from './review-request';

export interface SweepOptions {
  readonly finder: ConnectionFinder;
  readonly policy: PolicySource;
  readonly operations: OperationStore;
  readonly reviews: ReviewQueue;
  readonly alarm: Alarm;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Empty: every subscription that the identity can read. */
  readonly subscriptions: readonly string[];
  readonly pollFloorSeconds?: number | undefined;
}

export interface SweepReport {
  readonly connections: number;
  readonly targets: number;
  /** Operations whose alarm got lost and was set again. */
  readonly woken: number;
}

/** Finds what events missed. Streams: neither connections nor targets are held in memory. */
export type Sweep = (traceId: string | undefined) => Promise<SweepReport>;

export function createSweep(options: SweepOptions): Sweep {
  return async (traceId) => {
    const woken = await wakeOperations(options, traceId);
    const loaded = await options.policy.current();
    if (loaded.kind === 'refused') {
      options.logger.error('The policy did not load: the sweep asks for no reviews until it does');
      return { connections: 0, targets: 0, woken };
    }
    const found = await askForReviews(options, loaded.policy.statuses, traceId);
    options.logger.info(
      `Sweep: ${found.connections} connections on ${found.targets} targets; ${woken} operations woken`,
    );
    return { ...found, woken };
  };
}

/** The finder tells connections ordered by target, so one remembered target is enough to ask once for each. */
async function askForReviews(
  options: SweepOptions,
  statuses: readonly string[],
  traceId: string | undefined,
): Promise<{ connections: number; targets: number }> {
  let last: string | undefined;
  let connections = 0;
  let targets = 0;
  const query = { subscriptions: options.subscriptions, types: targetTypes, statuses };
  for await (const { targetId } of options.finder.find(query)) {
    connections += 1;
    if (targetId.key === last) continue;
    last = targetId.key;
    targets += 1;
    await ask(options, targetId, 'sweep', traceId);
  }
  return { connections, targets };
}

/** An operation this long past its time has lost its alarm. */
const overdueFloors = 12;

async function wakeOperations(options: SweepOptions, traceId: string | undefined): Promise<number> {
  const overdueSeconds = Math.max(30, (options.pollFloorSeconds ?? 25) * overdueFloors);
  let woken = 0;
  let last: string | undefined;
  for await (const { connection, operation } of options.operations.overdue(
    addSeconds(options.clock.now(), -overdueSeconds),
  )) {
    woken += 1;
    if (operation.state === 'running') {
      const poll = operation.ticket?.polls ?? 0;
      await options.alarm.ring(
        { version: 1, connectionId: connection.id, operationId: operation.id, poll, traceId },
        0,
      );
    } else if (connection.target.key !== last) {
      last = connection.target.key;
      await ask(options, connection.target, 'planned, but not begun', traceId);
    }
  }
  return woken;
}

async function ask(
  options: SweepOptions,
  target: TargetId,
  because: string,
  traceId: string | undefined,
): Promise<void> {
  const hintedAt = options.clock.now().toISOString();
  await options.reviews.put(
    { version: 1, kind: 'target', id: target.id, hintedAt, because, attempt: 0, traceId },
    0,
  );
}
