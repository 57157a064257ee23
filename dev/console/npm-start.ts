import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { UsageError } from '../lib/cli-options';
import { isPortFree } from '../lib/loopback';

/** A running `npm start`. */
export interface NpmStart {
  /** The address of the console. */
  readonly url: string;
  /** Stops it as Ctrl-C does. */
  stop(): Promise<void>;
}

/**
 * Starts what `npm start` starts, on free ports, and waits until its samples have settled. Rejects with its
 * output if it ends before.
 */
export async function startNpmStart(root: string): Promise<NpmStart> {
  const port = await freePorts(5);
  const ports = ['--port', port, '--arm-port', port + 1, '--storage-port', port + 2].map(String);
  const child = spawn(process.execPath, [join(root, 'dist/dev/start.mjs'), ...ports, '--speed', '40'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const [, url] = /(http:\/\/127\.0\.0\.1:\d+\/console\/)\s/.exec(output) ?? [];
      if (url !== undefined) resolve({ url, stop });
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`npm start has ended with ${code}:\n${output}`)));
  });
}

/** Returns the first of `count` consecutive ports that are free. */
async function freePorts(count: number): Promise<number> {
  for (let first = 21_000; first < 32_000; first += count) {
    const ports = Array.from({ length: count }, (_, offset) => first + offset);
    if ((await Promise.all(ports.map(isPortFree))).every(Boolean)) return first;
  }
  throw new UsageError(`There are no ${count} free ports in a row`);
}
