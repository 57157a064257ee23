import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Findings } from './report/findings';

/** Worlds make much that nobody needs a moment later: with V8's own size, a tenth of the time goes into collecting it. */
const youngHeap = '--max-semi-space-size=64';

export interface ProcessesOptions {
  readonly worlds: number;
  readonly processes: number;
  /** The arguments of each process. */
  readonly args: readonly string[];
  /** Tells by the findings of a world whether no more worlds are needed. */
  readonly isEnough: (findings: Findings) => boolean;
}

/**
 * Runs worlds in processes of their own, each the next one as soon as it has finished another. Every process is this
 * program with the same arguments, so that a number says which world is meant.
 */
export async function inProcesses({
  worlds,
  processes,
  args,
  isEnough,
}: ProcessesOptions): Promise<readonly Findings[]> {
  const found: Findings[] = [];
  const state = { next: 0 };
  const workers = Array.from({ length: Math.min(processes, worlds) }, async () => {
    const child = fork(process.argv[1] ?? '', args, { execArgv: [...process.execArgv, youngHeap] });
    const exited = once(child, 'exit');
    while (state.next < worlds) {
      const index = state.next;
      state.next += 1;
      const findings = await answerOf(child, exited, index);
      found.push(findings);
      if (isEnough(findings)) state.next = worlds;
    }
    child.disconnect();
    await exited;
  });
  await Promise.all(workers);
  return found;
}

async function answerOf(child: ChildProcess, exited: Promise<unknown[]>, index: number): Promise<Findings> {
  const answered = once(child, 'message') as Promise<[Findings]>;
  child.send(index);
  const ended = exited.then(([code]) =>
    Promise.reject(new Error(`A process of the explorer ended with ${String(code)}`)),
  );
  const [findings] = await Promise.race([answered, ended]);
  return findings;
}

/** Answers the numbers of worlds that the parent process sends, until it says no more. */
export async function answerParent(run: (index: number) => Promise<Findings>): Promise<void> {
  const over = once(process, 'disconnect');
  process.on('message', (index: number) => {
    void run(index).then(
      (findings) => process.send?.(findings),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  await over;
}
