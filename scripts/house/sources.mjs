import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folders of this project that hold code. */
export const topFolders = ['src', 'functions', 'console', 'report', 'dev', 'bench', 'test', 'scripts'];

/** Reads the source files below the top folders of `root`. Paths have slashes; the tests' data is left out. */
export function readSources(root) {
  const folders = topFolders.filter((folder) => existsSync(join(root, folder)));
  return folders
    .flatMap((folder) => pathsBelow(root, folder))
    .map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8')));
}

/** Returns a source file with its folder and its top folder. */
export function sourceOf(path, text) {
  return { path, text, folder: path.slice(0, path.lastIndexOf('/')), top: path.slice(0, path.indexOf('/')) };
}

function pathsBelow(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return path === 'test/data' ? [] : pathsBelow(root, path);
    return /\.([cm]?[jt]s|tsx)$/.test(entry.name) ? [path] : [];
  });
}

/** Groups values by a key. */
export function groupBy(values, keyOf) {
  const groups = new Map();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}
