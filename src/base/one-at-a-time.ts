/**
 * Wraps `work` so that it never runs twice at once in this process: a call during a run gets the result of
 * that run. For work without parameters that matter, where a second run beside the first would see the same.
 */
export function oneAtATime<Asked extends readonly unknown[], T>(
  work: (...asked: Asked) => Promise<T>,
): (...asked: Asked) => Promise<T> {
  let running: Promise<T> | undefined;
  return (...asked) => {
    running ??= work(...asked).finally(() => (running = undefined));
    return running;
  };
}
