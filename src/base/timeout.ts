import type { Clock } from './clock';

/**
 * Settles as `work` does, or with `late` once `ms` milliseconds have passed, even if `work` ignores
 * the signal, which is aborted then. A later failure of `work` is dropped.
 */
export async function withTimeout<T, U>(
  { clock, ms, late }: { readonly clock: Clock; readonly ms: number; readonly late: U },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | U> {
  const controller = new AbortController();
  let cancel: (() => void) | undefined;
  const timeout = new Promise<U>((resolve) => {
    cancel = clock.after(ms, () => {
      // Before the abort, so that the failure it brings about does not win the race.
      resolve(late);
      controller.abort();
    });
  });
  try {
    return await Promise.race([work(controller.signal), timeout]);
  } finally {
    cancel?.();
  }
}

/**
 * Runs `work` with a signal that is aborted after `ms` milliseconds, and waits for it however long
 * it takes. Its timer ends with `work`; the one of `AbortSignal.timeout` would keep alive what
 * `work` held in memory.
 */
export async function withAbortAfter<T>(
  { clock, ms }: { readonly clock: Clock; readonly ms: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const cancel = clock.after(ms, () => controller.abort());
  try {
    return await work(controller.signal);
  } finally {
    cancel();
  }
}
