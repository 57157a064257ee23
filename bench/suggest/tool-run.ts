import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { exportedFacts } from '../../src/cli/facts/facts-input';
import { residentMemoryOf } from '../scale/resident-memory';
import { type EstateSize, makeEstate } from './estates';

/** How long `postern suggest` took in a process of its own, and its most resident memory. */
export interface ToolRun {
  readonly seconds: number;
  readonly mebibytes: number;
}

/** Runs the built tool over an export of a made-up estate. @throws Error if it fails */
export async function runSuggest(root: string, size: EstateSize): Promise<ToolRun> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-suggest-'));
  try {
    const from = join(folder, 'connections.jsonl');
    const lines = makeEstate(1, size).seen.map(({ facts }) => `${JSON.stringify(exportedFacts(facts))}\n`);
    await writeFile(from, lines);
    return await measured(root, ['suggest', '--from', from, '--out', join(folder, 'policy.yaml')]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(root: string, args: readonly string[]): Promise<ToolRun> {
  const before = performance.now();
  const child = spawn(process.execPath, [join(root, 'dist/dev/postern.mjs'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the tool did not start');
  const memory = residentMemoryOf(pid);
  let mebibytes = 0;
  while (child.exitCode === null) {
    mebibytes = Math.max(mebibytes, peakOf(memory));
    await wait(20);
  }
  const code = await ended;
  if (code !== 0) throw new Error(`postern suggest ended with ${code}`);
  return { seconds: (performance.now() - before) / 1_000, mebibytes };
}

/** A process that has just ended has no memory any more. */
function peakOf(memory: ReturnType<typeof residentMemoryOf>): number {
  try {
    return memory.peak();
  } catch {
    return 0;
  }
}
