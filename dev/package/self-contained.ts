import { builtinModules } from 'node:module';
import type { Metafile } from 'esbuild';
import { PackageError } from './errors';

/** What the bundle may ask for and does not bring. */
const provided = new Set([
  // By the Functions worker.
  '@azure/functions-core',
  // By nobody: node-fetch asks for it in a `try`, and does without.
  'encoding',
]);

/** @throws PackageError that names everything that the bundle would look for in a node_modules folder. */
export function requireSelfContained({ outputs }: Pick<Metafile, 'outputs'>): void {
  const wanted = Object.values(outputs).flatMap(({ imports }) =>
    imports.flatMap(({ path, external }) => (external === true && !isProvided(path) ? [path] : [])),
  );
  if (wanted.length > 0) throw new PackageError('The bundle is not whole, it imports:', [...new Set(wanted)]);
}

function isProvided(path: string): boolean {
  return path.startsWith('node:') || builtinModules.includes(path) || provided.has(path);
}
