import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Returns the nearest folder with a package.json above a module. `moduleUrl` is the module's `import.meta.url`. */
export function projectRootOf(moduleUrl: string): string {
  return nearestPackage(dirname(fileURLToPath(moduleUrl)));
}

function nearestPackage(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : nearestPackage(dirname(folder));
}
