import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readProject, type BicepProject } from './project';

/** A project of these files, by path, for as long as `use` takes. */
export function withProject<T>(
  files: Readonly<Record<string, string>>,
  use: (project: BicepProject) => T,
): T {
  const root = mkdtempSync(join(tmpdir(), 'bicep-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return use(readProject(root, '.'));
  } finally {
    rmSync(root, { recursive: true });
  }
}
