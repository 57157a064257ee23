import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until `check` holds. Rejects after `seconds`, with what was waited for. */
export async function until(
  what: string,
  seconds: number,
  check: () => boolean | Promise<boolean>,
  everyMs = 250,
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`It did not come to pass in ${seconds} s: ${what}`);
    await sleep(everyMs);
  }
}
