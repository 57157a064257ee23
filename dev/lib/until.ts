import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  /** How long to wait at most. Default 120. */
  readonly seconds?: number | undefined;
  /** The pause between two checks. Default 250. */
  readonly everyMs?: number | undefined;
}

/** Repeats `check` until it holds. Rejects after `seconds` with an error that says `what` was waited for. */
export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
  { seconds = 120, everyMs = 250 }: UntilOptions = {},
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`Timed out after ${seconds} s, waiting for: ${what}`);
    await sleep(everyMs);
  }
}
