import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface HostOrder {
  readonly appDirectory: string;
  readonly workerPath: string;
  readonly settings: Record<string, string>;
  readonly env: Record<string, string>;
  readonly nodeArgs: string[];
}

export type HostStarted =
  | {
      readonly kind: 'started';
      readonly url: string;
      readonly systemKey: string;
      readonly workerPid: number;
    }
  | { readonly kind: 'failed'; readonly problem: string };

export interface BenchHost {
  /** Where Event Grid's events go, the key included. */
  readonly webhook: string;
  /** The host's process, and the one process of the app. */
  readonly pid: number;
  readonly workerPid: number;
  close(): Promise<void>;
}

/** Starts the host in a process of its own. Rejects with what it says when it cannot. */
export async function startBenchHost(root: string, order: HostOrder): Promise<BenchHost> {
  const child = fork(join(root, 'dist/bench/host-process.mjs'), [], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  child.send(order);
  const answer = await Promise.race([once(child, 'message'), ended]);
  const [message] = answer as [HostStarted | number | null];
  if (typeof message !== 'object' || message?.kind !== 'started') {
    child.kill('SIGKILL');
    throw new Error(`The host did not start: ${typeof message === 'object' ? message?.problem : message}`);
  }
  const { url, systemKey, workerPid } = message;
  return {
    webhook: `${url}/runtime/webhooks/eventgrid?functionName=onResourceEvent&code=${encodeURIComponent(systemKey)}`,
    pid: child.pid ?? -1,
    workerPid,
    close: async () => {
      if (child.connected) child.send({ kind: 'close' });
      const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await ended;
      clearTimeout(timer);
    },
  };
}
