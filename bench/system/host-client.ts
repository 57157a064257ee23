import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventWebhookOf } from '../../dev/lib/webhook';

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

/** The end of a function that was started by hand. `problem` is set if it failed. */
export interface HostRan {
  readonly kind: 'ran';
  readonly name: string;
  readonly problem: string | undefined;
}

export type HostCommand = { readonly kind: 'close' } | { readonly kind: 'run'; readonly name: string };

export interface BenchHost {
  /** The URL for Event Grid's events, including the key. */
  readonly webhook: string;
  /** The process ids of the host and of the app. */
  readonly pid: number;
  readonly workerPid: number;
  /** Runs a timer's function, one run at a time. Resolves when it has ended, rejects if it failed. */
  run(functionName: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the host in its own process. Rejects with the host's error. */
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
  const { workerPid } = message;
  return {
    webhook: eventWebhookOf(message),
    pid: child.pid ?? -1,
    workerPid,
    run: (name) => runByHand(child, name),
    close: async () => {
      if (child.connected) child.send({ kind: 'close' });
      const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

function runByHand(child: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (problem: string | undefined): void => {
      child.off('message', onMessage);
      child.off('exit', onExit);
      if (problem === undefined) resolve();
      else reject(new Error(`${name} failed. ${problem}`));
    };
    const onMessage = (message: HostStarted | HostRan): void => {
      if (message.kind === 'ran' && message.name === name) settle(message.problem);
    };
    const onExit = (): void => settle('The host is gone.');
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.send({ kind: 'run', name } satisfies HostCommand);
  });
}
