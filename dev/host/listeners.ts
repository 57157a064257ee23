import type { Clock } from '../../src/clock';
import { HostError, messageOf } from './errors';
import type { HostedFunction } from './functions';
import type { QueueOptions } from './host-json';
import type { Invoke } from './invoker';
import type { HostLog } from './log-line';
import { QueueListener } from './queue-listener';
import type { Queues } from './queues';
import { connectionStringOf } from './settings';
import type { Settings } from './settings';
import { TimerListener } from './timer-listener';
import { BlobTimerStatusStore } from './timer-status';

export interface ListenerOptions {
  /** The functions that are not disabled. */
  functions: HostedFunction[];
  settings: Settings;
  hostId: string;
  queues: Queues;
  queueOptions: QueueOptions;
  invoke: Invoke;
  clock: Clock;
  log: HostLog;
}

export interface Listeners {
  /** Starts no more invocations and resolves when those that run are done with. */
  stop(): Promise<void>;
}

/** Starts the triggers that come by themselves: queues and timers. */
export async function startListeners(options: ListenerOptions): Promise<Listeners> {
  // All are made before one starts: a wrong schedule must not leave a queue half read.
  const timers = timerListeners(options);
  const queues = queueListeners(options);
  const stop = async (): Promise<void> => {
    await Promise.all([...timers, ...queues].map((listener) => listener.stop()));
  };
  try {
    await Promise.all(timers.map((timer) => timer.start()));
  } catch (error) {
    await stop();
    const problem = `The storage of AzureWebJobsStorage cannot be used: ${messageOf(error)}`;
    throw new HostError('HOST_STORAGE_UNREACHABLE', problem, { cause: error });
  }
  for (const queue of queues) queue.start();
  return { stop };
}

function timerListeners(options: ListenerOptions): TimerListener[] {
  const targets = options.functions.filter(({ trigger }) => trigger.kind === 'timer');
  if (targets.length === 0) return [];
  const connectionString = connectionStringOf(undefined, options.settings);
  const statuses = new BlobTimerStatusStore({ connectionString, hostId: options.hostId });
  return targets.flatMap((target) => {
    const { trigger } = target;
    if (trigger.kind !== 'timer') return [];
    try {
      return [new TimerListener({ ...options, target, trigger, statuses })];
    } catch (error) {
      const problem = `function "${target.name}": ${messageOf(error)}`;
      throw new HostError('HOST_BINDING_INVALID', problem, { cause: error });
    }
  });
}

function queueListeners(options: ListenerOptions): QueueListener[] {
  return options.functions.flatMap((target) => {
    const { trigger } = target;
    if (trigger.kind !== 'queue') return [];
    return [new QueueListener({ ...options, options: options.queueOptions, target, trigger })];
  });
}
