/**
 * The same work, but never twice at once in this process: who asks while it runs gets the end of the run that is under way.
 * For work that looks at everything: a second run beside it would see the same.
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
