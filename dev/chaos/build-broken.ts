import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BrokenBuild } from './options';

/** Bundles the app with one mechanism taken out. Resolves to the folder of that app. */
export async function buildBroken(root: string, variant: BrokenBuild): Promise<string> {
  const builder = spawn(process.execPath, [join(root, 'scripts/build-broken.mjs'), variant], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = (await once(builder, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`The build ${variant} failed`);
  return join(root, 'dist/chaos', variant);
}
