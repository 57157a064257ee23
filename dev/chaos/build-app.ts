import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BrokenBuild } from './options';

/**
 * Bundles the app for a run, with intervals of seconds instead of ten minutes, and with one mechanism removed
 * if `broken` says so. Resolves to the app's folder.
 */
export async function buildApp(root: string, broken: BrokenBuild | undefined): Promise<string> {
  const name = broken ?? 'whole';
  const builder = spawn(process.execPath, [join(root, 'scripts/build-chaos.mjs'), name], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(builder, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The build ${name} failed`);
  return join(root, 'dist/chaos', name);
}
