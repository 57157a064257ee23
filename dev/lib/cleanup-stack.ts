/** A stack of clean-up steps, run in reverse order. */
export class CleanupStack {
  readonly #steps: (() => Promise<unknown>)[] = [];

  push(close: () => Promise<unknown>): void {
    this.#steps.push(close);
  }

  /** Runs and forgets all steps, the last one first. A second call does nothing. */
  async close(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }
}

/** Opens several things together. If `open` fails, whatever it has pushed is closed before the error is passed on. */
export async function openTogether<T>(open: (cleanup: CleanupStack) => Promise<T>): Promise<T> {
  const cleanup = new CleanupStack();
  try {
    return await open(cleanup);
  } catch (error) {
    await cleanup.close();
    throw error;
  }
}
