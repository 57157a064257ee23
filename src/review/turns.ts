import { E_TIMEOUT, Mutex, withTimeout } from 'async-mutex';

/** In this process, reviews of one target take turns: only one of them asks for the lease, which the others would miss. */
export interface Turns {
  /**
   * Runs `work` when those before it are done, and tells it whether it had to wait. Resolves to `undefined`, without having run
   * it, when they take longer than a few seconds.
   */
  take<T>(key: string, work: (waited: boolean) => Promise<T>): Promise<T | undefined>;
}

const patienceMs = 3_000;

export function createTurns(): Turns {
  const lines = new Map<string, Mutex>();
  return {
    async take(key, work) {
      const line = lines.get(key) ?? new Mutex();
      lines.set(key, line);
      const waited = line.isLocked();
      const release = await admission(line);
      if (release === undefined) return undefined;
      try {
        return await work(waited);
      } finally {
        release();
        if (!line.isLocked() && lines.get(key) === line) lines.delete(key);
      }
    },
  };
}

async function admission(line: Mutex): Promise<(() => void) | undefined> {
  try {
    return await withTimeout(line, patienceMs).acquire();
  } catch (error) {
    if (error === E_TIMEOUT) return undefined;
    throw error;
  }
}
