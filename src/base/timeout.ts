/**
 * Settles as `work` does, or with `late` once `timeoutMs` milliseconds have passed, even if `work` ignores the signal,
 * which is aborted then. A later failure of `work` is dropped.
 */
export async function withTimeout<T, U>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  late: U,
): Promise<T | U> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<U>((resolve) => {
    timer = setTimeout(() => {
      // Before the abort, so that the failure it brings about does not win the race.
      resolve(late);
      controller.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([work(controller.signal), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs `work` with a signal that is aborted after `timeoutMs` milliseconds, and waits for it however long it takes. Its
 * timer ends with `work`; the one of `AbortSignal.timeout` would keep alive what `work` held in memory.
 */
export async function withAbortAfter<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}
