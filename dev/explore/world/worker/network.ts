import type { Random } from '../../../azure/model/random';
import { asError } from '../../kernel/as-error';
import type { Owner, Scheduler } from '../../kernel/scheduler';
import type { Trace } from '../../kernel/trace';
import type { StorageCall, StorageRequest } from '../../storage/call';
import type { FaultSet } from '../faults';

export interface NetworkParts {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly trace: Trace;
  readonly faults: FaultSet;
  /** Whether faults still occur. */
  readonly isDisturbed: () => boolean;
  readonly isStorageAway: () => boolean;
  /** Called after each effect on a queue. */
  readonly onQueueChange: (queue: string) => void;
  /** Called when a call leaves, and when its effect has happened. */
  readonly atCall: () => void;
}

/** How often the SDKs try, and how long they wait in between. */
const mostTries = 4;
const firstRetryMs = 400;
const longestRetryMs = 3_000;
const transientStatuses: readonly number[] = [408, 429, 500, 503];

/** Creates the way of one worker to storage, with the SDK's retries at its end. */
export function createStorageNetwork(
  parts: NetworkParts,
  worker: Owner & { readonly name: string },
): StorageCall {
  const { scheduler } = parts;
  return (call, effect, { abortSignal } = {}) =>
    new Promise((resolve, reject) => {
      let isOver = false;
      const over = (settle: () => void): void => {
        if (isOver) return;
        isOver = true;
        abortSignal?.removeEventListener('abort', onAbort);
        settle();
      };
      const onAbort = (): void => over(() => reject(abortError()));
      if (abortSignal?.aborted === true) return reject(abortError());
      abortSignal?.addEventListener('abort', onAbort);
      const attempt = (tries: number): void => {
        send(parts, worker, call, effect, (outcome) => {
          if (isOver) return;
          const isTransient = 'error' in outcome && mayRetry(outcome.error);
          if (isTransient && tries < mostTries) {
            const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (tries - 1));
            scheduler.at(waitMs, () => (isOver ? undefined : attempt(tries + 1)), worker);
            return;
          }
          over(() => ('error' in outcome ? reject(asError(outcome.error)) : resolve(outcome.value)));
        });
      };
      attempt(1);
    });
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Sends one try. The way there and the service do not depend on whether the worker still lives. */
function send<T>(
  parts: NetworkParts,
  worker: Owner & { readonly name: string },
  call: StorageRequest,
  effect: () => T,
  settle: (outcome: Outcome<T>) => void,
): void {
  const { scheduler, random, trace } = parts;
  const fate = fateOf(parts);
  const label = `${call.service} ${call.resource} ${call.operation}`;
  parts.atCall();
  scheduler.at(delayMs(parts), () => {
    if (fate === 'refused' || parts.isStorageAway()) {
      trace.note(worker.name, `${label}: refused`, call.key);
      const error = storageError(parts.isStorageAway() ? 0 : 503, 'ServerBusy');
      scheduler.at(delayMs(parts), () => settle({ error }), worker);
      return;
    }
    const outcome = outcomeOf(effect);
    trace.note(worker.name, `${label}${'error' in outcome ? `: ${statusOf(outcome.error)}` : ''}`, call.key);
    if (call.service === 'queue') parts.onQueueChange(call.resource);
    parts.atCall();
    if (fate === 'silence') return;
    const answer: Outcome<T> = fate === 'cut' ? { error: storageError(0, 'ECONNRESET') } : outcome;
    scheduler.at(delayMs(parts) + random.next(), () => settle(answer), worker);
  });
}

function fateOf({ random, faults, isDisturbed }: NetworkParts): 'well' | 'refused' | 'cut' | 'silence' {
  const drawn = random.next();
  if (!isDisturbed()) return 'well';
  if (faults.has('storage-refuses') && drawn < 0.04) return 'refused';
  if (!faults.has('storage-loses-replies')) return 'well';
  if (drawn > 0.993) return 'cut';
  return drawn > 0.99 ? 'silence' : 'well';
}

function delayMs({ random, faults, isDisturbed }: NetworkParts): number {
  const drawn = random.next();
  const usual = 1 + drawn * drawn * 12;
  if (!faults.has('storage-slow') || !isDisturbed()) return usual;
  if (drawn > 0.995) return random.between(2_000, 25_000);
  return drawn > 0.9 ? random.between(200, 3_000) : usual;
}

function outcomeOf<T>(effect: () => T): Outcome<T> {
  try {
    return { value: effect() };
  } catch (error) {
    return { error };
  }
}

function statusOf(error: unknown): string {
  return error instanceof Error && 'statusCode' in error ? String(error.statusCode) : String(error);
}

function mayRetry(error: unknown): boolean {
  if (!(error instanceof Error) || !('statusCode' in error)) return false;
  return error.statusCode === undefined || transientStatuses.includes(error.statusCode as number);
}

/** Returns an error as the SDKs throw it. Status 0: no reply came. */
function storageError(status: number, code: string): Error {
  const error = new Error(`storage: ${code}`);
  return Object.assign(error, {
    name: 'RestError',
    statusCode: status === 0 ? undefined : status,
    code,
    details: status === 0 ? {} : { errorCode: code },
  });
}

export function abortError(): Error {
  return Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' });
}
