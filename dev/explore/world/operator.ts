import { createAuditLog } from '../../../src/audit/audit-log';
import { createStorage } from '../../../src/azure/storage/storage';
import type { Clock } from '../../../src/base/clock';
import type { TargetId } from '../../../src/connections/resource-id';
import { limitedKinds } from '../../../src/policy/policy';
import { liftLimit } from '../../../src/review/limits/lift-limit';
import { requestRetry } from '../../../src/review/queue/request-retry';
import { asError } from '../kernel/as-error';
import type { Scheduler } from '../kernel/scheduler';
import type { StorageCall } from '../storage/call';
import { createSimulatedClients } from '../storage/clients';
import type { RunningWorld } from './running-world';

/** How often the operator looks, in seconds. */
const looks: readonly [number, number] = [900, 7_200];

/**
 * Lets an operator act now and then, with the code of the tools: lifts all limits (`postern lift`), and where ARM
 * refuses writes, requeues what was given up (`postern retry --all`).
 */
export function startOperator(world: RunningWorld, onQueueChange: (queue: string) => void): void {
  const { plan, scheduler, trace, judge, stream } = world;
  const random = stream('operator');
  const ports = portsOf(world, () => random.between(2, 20), onQueueChange);
  const lift = async (): Promise<void> => {
    for (const kind of limitedKinds) {
      judge.onLift();
      await liftLimit(ports, kind, 'operator');
      judge.onLift();
    }
    trace.note('operator', 'lifts every limit');
  };
  const retry = async (): Promise<void> => {
    const targets = new Map<string, TargetId>();
    for await (const { connection } of ports.operations.waitingForPerson('abandoned'))
      targets.set(connection.target.key, connection.target);
    for (const target of targets.values()) {
      await requestRetry(ports, target, 'operator');
      trace.note('operator', 'requeues what was given up', target.id);
    }
  };
  const act = async (): Promise<void> => {
    if (plan.actors.has('operator')) await lift();
    if (plan.faults.has('arm-refuses')) await retry();
  };
  const again = (): void => {
    scheduler.at(random.between(...looks) * 1000, () => void act().catch(ignore).finally(again));
  };
  again();
}

/** Creates the ports of the tools, on storage that answers after `delayMs` and is never away. */
function portsOf(
  { scheduler, account }: RunningWorld,
  delayMs: () => number,
  onQueueChange: (queue: string) => void,
) {
  const call: StorageCall = ({ service, resource }, effect) =>
    new Promise((resolve, reject) => {
      scheduler.at(delayMs(), () => {
        try {
          resolve(effect());
          if (service === 'queue') onQueueChange(resource);
        } catch (error) {
          reject(asError(error));
        }
      });
    });
  const clock = clockOf(scheduler);
  const storage = createStorage({ clients: createSimulatedClients({ account, call, clock }), clock });
  const logger = { info: ignore, warn: ignore, error: ignore };
  const telemetry = { emit: ignore, flush: async () => undefined };
  const audit = createAuditLog({ ledger: storage.ledger, telemetry, logger });
  const { operationStore: operations, limits, reviewQueue: reviews } = storage;
  return { operations, limits, reviews, audit, clock };
}

function clockOf(scheduler: Scheduler): Clock {
  return {
    now: () => new Date(Math.floor(scheduler.nowMs())),
    monotonicMs: () => scheduler.nowMs(),
    after: (ms, job) => scheduler.at(ms, job),
  };
}

function ignore(): void {
  // The operator tries again at the next look.
}
