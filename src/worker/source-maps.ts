import { readFile, realpath } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const deepestCause = 5;

/**
 * Rewrites the stack of an error, and of its causes, to the places in the sources, for every
 * bundled file below `directory` that has a source map beside it. Maps are read only now: Node's
 * own `--enable-source-maps` reads every map when its file is loaded, which would slow every cold
 * start. Never throws; what cannot be read stays unchanged.
 */
export async function showSources(error: unknown, directory: string): Promise<void> {
  try {
    const root = await realpath(directory);
    const maps = new Map<string, Promise<SourceMap | undefined>>();
    let each = error;
    for (let depth = 0; each instanceof Error && depth < deepestCause; depth += 1, each = each.cause) {
      if (each.stack !== undefined) each.stack = await readable(each.stack, { root, maps });
    }
  } catch {
    // The bundle's stack is better than none.
  }
}

interface Sources {
  /** The app's folder, absolute. Nothing outside it is read, whatever a message contains. */
  readonly root: string;
  readonly maps: Map<string, Promise<SourceMap | undefined>>;
}

/** Matches a place in a stack: the file's URL, line and column, both from 1. */
const place = /(file:\/\/[^\s()]+\.mjs):(\d+):(\d+)/g;

async function readable(stack: string, sources: Sources): Promise<string> {
  const parts: string[] = [];
  let end = 0;
  for (const match of stack.matchAll(place)) {
    const [text, url = '', line, column] = match;
    const source = await sourceOf({ url, line: Number(line), column: Number(column) }, sources);
    parts.push(stack.slice(end, match.index), source ?? text);
    end = match.index + text.length;
  }
  return parts.join('') + stack.slice(end);
}

async function sourceOf(
  { url, line, column }: { url: string; line: number; column: number },
  { root, maps }: Sources,
): Promise<string | undefined> {
  const path = fileURLToPath(url);
  if (!path.startsWith(root + sep)) return undefined;
  const reading = maps.get(path) ?? readMap(`${path}.map`);
  maps.set(path, reading);
  const entry = (await reading)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !('originalSource' in entry)) return undefined;
  const source = relative(root, resolve(dirname(path), entry.originalSource));
  return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}

async function readMap(path: string): Promise<SourceMap | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : new SourceMap(JSON.parse(text) as SourceMapPayload);
}
