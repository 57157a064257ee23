import { chmod, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../lib/cli-options';

/** What a second terminal needs to know of a running `npm start`. */
export interface Running {
  readonly pid: number;
  readonly armPort: number;
  readonly armUrl: string;
  readonly identityUrl: string;
  /** The value of `X-IDENTITY-HEADER`. */
  readonly identitySecret: string;
  readonly certFile: string;
  readonly hostUrl: string;
  /** The address of the console. */
  readonly page: string;
  /** The settings with which the tools (`postern …`) reach this system. */
  readonly toolSettings: Readonly<Record<string, string>>;
}

/** Returns the folder of this user's running systems. */
export function runningFolder(): string {
  return join(tmpdir(), `postern-start-${userInfo().uid}`);
}

/**
 * Writes the file of this process, readable by this user only. Returns a function that removes it.
 * @throws UsageError if the folder belongs to somebody else.
 */
export async function writeRunning(running: Running, folder = runningFolder()): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await requireOwnFolder(folder);
  await chmod(folder, 0o700);
  const path = join(folder, `${running.pid}.json`);
  await writeFile(path, JSON.stringify(running), { mode: 0o600 });
  return () => rm(path, { force: true });
}

/** Returns the systems that run now. Files of processes that were killed are removed. */
export async function readRunning(folder = runningFolder()): Promise<readonly Running[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  if (names.length > 0) await requireOwnFolder(folder);
  const found: Running[] = [];
  for (const name of names.filter((file) => /^\d+\.json$/.test(file))) {
    const path = join(folder, name);
    if (isAlive(Number.parseInt(name, 10))) found.push(JSON.parse(await readFile(path, 'utf8')) as Running);
    else await rm(path, { force: true });
  }
  return found;
}

/** In a shared temporary folder, somebody else could have made a folder of this name. */
async function requireOwnFolder(folder: string): Promise<void> {
  const stats = await lstat(folder);
  if (stats.isDirectory() && stats.uid === (process.getuid?.() ?? stats.uid)) return;
  throw new UsageError(`${folder} belongs to somebody else: remove it, or set TMPDIR to a folder of yours`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Chooses the only running system, or the one whose local Azure has this port.
 * @throws UsageError that says what to do if none runs, or several do.
 */
export function chooseRunning(running: readonly Running[], armPort: number | undefined): Running {
  const [first, ...others] = running.filter((one) => armPort === undefined || one.armPort === armPort);
  const ports = running.map((one) => one.armPort).join(', ');
  if (first === undefined) {
    throw new UsageError(
      running.length === 0
        ? 'No local Azure runs: begin one with `npm start` in another terminal, then repeat this command'
        : `No local Azure runs on port ${armPort ?? ''}: --arm-port is one of ${ports}`,
    );
  }
  if (others.length === 0) return first;
  throw new UsageError(`Several local Azures run: choose one with --arm-port, one of ${ports}`);
}
