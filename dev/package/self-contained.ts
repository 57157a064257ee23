import { builtinModules } from 'node:module';
import type { Metafile } from 'esbuild';
import { PackageError } from './errors';

/** Modules that the bundle may import without containing them. */
const provided = new Set([
  // Provided by the Functions worker.
  '@azure/functions-core',
  // Provided by no one: node-fetch tries to import it and works without it.
  'encoding',
]);

/**
 * Checks that the bundle imports nothing from a node_modules folder.
 * @throws PackageError that names every such import.
 */
export function requireSelfContained({ outputs }: Pick<Metafile, 'outputs'>): void {
  const wanted = Object.values(outputs).flatMap(({ imports }) =>
    imports.flatMap(({ path, external }) => (external === true && !isProvided(path) ? [path] : [])),
  );
  if (wanted.length > 0)
    throw new PackageError('The bundle is not self-contained. It imports:', [...new Set(wanted)]);
}

function isProvided(path: string): boolean {
  return path.startsWith('node:') || builtinModules.includes(path) || provided.has(path);
}
