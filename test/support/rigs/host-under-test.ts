import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import type { HostLogLine } from '../../../dev/host/log-line';
import { startHost, type RunningHost, type StartHostOptions } from '../../../dev/host/start-host';

export interface BuiltWorker {
  workerPath: string;
  remove(): Promise<void>;
}

/** Bundles the worker into its own folder. */
export async function buildWorker(): Promise<BuiltWorker> {
  const folder = await mkdtemp(join(tmpdir(), 'host-worker-'));
  const workerPath = join(folder, 'host-worker.mjs');
  await build({
    entryPoints: [resolve(__dirname, '../../../dev/host/worker/main.ts')],
    outfile: workerPath,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  return { workerPath, remove: () => rm(folder, { recursive: true }) };
}

/** The log of a host, which tests can wait for. */
export class LogCollector {
  readonly lines: HostLogLine[] = [];
  #waiting: (() => void)[] = [];

  readonly onLog = (line: HostLogLine): void => {
    this.lines.push(line);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  };

  /** Resolves as soon as `count` lines match. */
  async until(fits: (line: HostLogLine) => boolean, count = 1): Promise<HostLogLine[]> {
    for (;;) {
      const found = this.lines.filter(fits);
      if (found.length >= count) return found;
      await new Promise<void>((resume) => this.#waiting.push(resume));
    }
  }

  /** Returns the values that the sample app logged for `functionName`, as soon as there are `count`. */
  async logged(functionName: string, count = 1): Promise<Record<string, unknown>[]> {
    const prefix = `${functionName} `;
    const fits = (line: HostLogLine): boolean => line.category === 'user' && line.message.startsWith(prefix);
    const lines = await this.until(fits, count);
    return lines.map(({ message }) => JSON.parse(message.slice(prefix.length)) as Record<string, unknown>);
  }
}

/** Starts a sample app of `test/support/host-apps` on a free port. */
export async function startSample(
  name: string,
  options: Partial<StartHostOptions> & { workerPath: string },
): Promise<{ host: RunningHost; logs: LogCollector }> {
  const logs = new LogCollector();
  const host = await startHost({
    appDirectory: resolve(__dirname, '../host-apps', name),
    port: 0,
    settings: {},
    onLog: logs.onLog,
    ...options,
  });
  return { host, logs };
}
