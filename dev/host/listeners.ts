import type { Clock } from '../../src/base/clock';
import { HostError, messageOf } from './errors';
import type { HostedFunction } from './functions';
import type { QueueOptions } from './host-json';
import type { Invoke } from './invoker';
import type { HostLog } from './log-line';
import { QueueListener, type QueueTimes } from './queue/queue-listener';
import type { Queues } from './queue/queues';
import type { Settings } from './settings';
import type { StorageClients } from './storage/clients';
import { connectionOf } from './storage/connection-string';
import { TimerListener } from './timer/timer-listener';
import { BlobTimerStatusStore } from './timer/timer-status';

export interface ListenerOptions {
  /** The functions that are not disabled. */
  readonly functions: readonly HostedFunction[];
  readonly settings: Settings;
  readonly hostId: string;
  readonly clients: StorageClients;
  readonly queues: Queues;
  readonly queueOptions: QueueOptions;
  readonly queueTimes: QueueTimes;
  readonly invoke: Invoke;
  readonly clock: Clock;
  readonly log: HostLog;
}

export interface Listeners {
  /** Starts no more invocations and resolves when the running ones are finished. */
  stop(): Promise<void>;
  /**
   * Behaves as if the host's process ended: starts no more invocations, and ignores the outcome of running
   * ones.
   */
  abandon(): void;
}

/** Starts the listeners for queues and timers. */
export async function startListeners(options: ListenerOptions): Promise<Listeners> {
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
  return { stop, abandon: () => [...timers, ...queues].forEach((listener) => listener.abandon()) };
}

/**
 * Creates the timer listeners. A timer with an invalid schedule does not run, but everything else does, as in
 * the real host.
 */
function timerListeners(options: ListenerOptions): TimerListener[] {
  const targets = options.functions.filter(({ trigger }) => trigger.kind === 'timer');
  if (targets.length === 0) return [];
  const service = options.clients.blobs(connectionOf(undefined, options.settings));
  const statuses = new BlobTimerStatusStore({ service, hostId: options.hostId });
  return targets.flatMap((target) => {
    const { trigger } = target;
    if (trigger.kind !== 'timer') return [];
    try {
      return [new TimerListener({ ...options, target, trigger, statuses })];
    } catch (error) {
      const message = `The '${target.name}' function is in error: ${messageOf(error)}`;
      options.log({ level: 'error', category: 'host', function: target.name, message });
      return [];
    }
  });
}

function queueListeners(options: ListenerOptions): QueueListener[] {
  return options.functions.flatMap((target) => {
    const { trigger } = target;
    if (trigger.kind !== 'queue') return [];
    return [
      new QueueListener({
        ...options,
        ...options.queueTimes,
        options: options.queueOptions,
        target,
        trigger,
      }),
    ];
  });
}
