import { createAuditLog } from '../../../src/audit/audit-log';
import { createStorage } from '../../../src/azure/storage/storage';
import { limitedKinds } from '../../../src/policy/policy';
import { liftLimit } from '../../../src/review/limits/lift-limit';
import type { Clock } from '../../../src/base/clock';
import { asError } from '../kernel/as-error';
import type { StorageCall } from '../storage/call';
import { createSimulatedClients } from '../storage/clients';
import type { RunningWorld } from './running-world';

/** How often the operator looks, in seconds. */
const looks: readonly [number, number] = [900, 7_200];

/** Lets an operator lift all limits now and then, with the code of `postern lift`. */
export function startOperator(world: RunningWorld): void {
  const { scheduler, account, trace, judge, stream } = world;
  const random = stream('operator');
  const call: StorageCall = (_info, effect) =>
    new Promise((resolve, reject) => {
      scheduler.at(random.between(2, 20), () => {
        try {
          resolve(effect());
        } catch (error) {
          reject(asError(error));
        }
      });
    });
  const clock: Clock = {
    now: () => new Date(Math.floor(scheduler.nowMs())),
    monotonicMs: () => scheduler.nowMs(),
    after: (ms, job) => scheduler.at(ms, job),
  };
  const storage = createStorage({ clients: createSimulatedClients({ account, call, clock }), clock });
  const logger = { info: ignore, warn: ignore, error: ignore };
  const telemetry = { emit: ignore, flush: async () => undefined };
  const audit = createAuditLog({ ledger: storage.ledger, telemetry, logger });
  const { operationStore: operations, limits, reviewQueue: reviews } = storage;
  const lift = async (): Promise<void> => {
    for (const kind of limitedKinds) {
      judge.onLift();
      await liftLimit({ operations, limits, reviews, audit, clock }, kind, 'operator');
      judge.onLift();
    }
    trace.note('operator', 'lifts every limit');
  };
  const again = (): void => {
    scheduler.at(random.between(...looks) * 1000, () => void lift().catch(ignore).finally(again));
  };
  again();
}

function ignore(): void {
  // The operator tries again at the next look.
}
