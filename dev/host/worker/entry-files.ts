import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Returns the files that `main` in the app's `package.json` names, absolute and sorted. `main` may be a glob
 * with `*`, `**`, `?` and `{a,b}`, as in the real worker.
 * @throws Error if there is no `main` or no file matches it.
 */
export async function entryFiles(appDirectory: string): Promise<string[]> {
  const main = await mainOf(appDirectory);
  const pattern = globToRegExp(main.replace(/^\.\//, ''));
  const folder = main.split('/').filter((part) => part !== '.');
  const fixed = folder.slice(
    0,
    folder.findIndex((part, index) => isGlob(part) || index === folder.length - 1),
  );
  const found: string[] = [];
  for await (const path of filesBelow(appDirectory, fixed.join('/'))) {
    if (pattern.test(path)) found.push(join(appDirectory, path));
  }
  if (found.length === 0) throw new Error(`No file matches "main" of package.json: "${main}".`);
  return found.sort();
}

async function mainOf(appDirectory: string): Promise<string> {
  const text = await readFile(join(appDirectory, 'package.json'), 'utf8');
  const parsed: unknown = JSON.parse(text);
  const main = typeof parsed === 'object' && parsed !== null && 'main' in parsed ? parsed.main : undefined;
  if (typeof main !== 'string' || main === '') throw new Error('package.json has no "main".');
  return main;
}

/** Translates a glob over `/`-separated relative paths. */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*|\*|\?|\{[^{}]*\}|[.+^$()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:[^/]+/)*';
    if (token === '**') return '.*';
    if (token === '*') return '[^/]*';
    if (token === '?') return '[^/]';
    if (token.startsWith('{')) return alternatives(token);
    return `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}

function alternatives(token: string): string {
  const parts = token.slice(1, -1).split(',');
  return `(?:${parts.map((part) => globToRegExp(part).source.slice(1, -1)).join('|')})`;
}

function isGlob(part: string): boolean {
  return /[*?{]/.test(part);
}

async function* filesBelow(root: string, folder: string): AsyncGenerator<string> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && entry.name !== 'node_modules') yield* filesBelow(root, path);
    else if (entry.isFile()) yield path;
  }
}
