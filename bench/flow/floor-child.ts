import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FloorMessage, FloorOrder, FloorResult } from './floor/order';

/** The bare script in its own process. */
export interface FloorChild {
  readonly pid: number;
  /** Resolves when all calls are prepared. */
  prepare(order: FloorOrder): Promise<void>;
  /** Makes the prepared calls. */
  settle(): Promise<FloorResult>;
  close(): Promise<void>;
}

export function startFloorChild(root: string, environment: Readonly<Record<string, string>>): FloorChild {
  const child = fork(join(root, 'dist/bench/flow-floor.mjs'), [], {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const request = async (message: FloorOrder | 'go'): Promise<FloorMessage> => {
    child.send(message);
    const [answer] = (await Promise.race([once(child, 'message'), ended])) as [FloorMessage | number | null];
    if (typeof answer !== 'object' || answer === null) throw new Error('The bare script ended too early');
    return answer;
  };
  return {
    pid: child.pid ?? -1,
    prepare: async (order) => {
      await request(order);
    },
    settle: async () => {
      const answer = await request('go');
      if (answer.kind !== 'settled') throw new Error('The bare script has not settled anything');
      return answer;
    },
    close: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
