import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesBelow } from './files-below';
import { projectRoot } from './project';

/** A Markdown file of the project. */
export interface MarkdownFile {
  /** The path from the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Returns README.md and every Markdown file in docs/ and infra/. */
export function markdownFiles(): MarkdownFile[] {
  const below = ['docs', 'infra'].flatMap((folder) => filesBelow(join(projectRoot, folder)));
  const paths = below
    .map((path) => path.slice(projectRoot.length + 1))
    .filter((path) => path.endsWith('.md'));
  return ['README.md', ...paths].map((path) => ({
    path,
    text: readFileSync(join(projectRoot, path), 'utf8'),
  }));
}

/** Returns all lines with their numbers, and whether they are in fenced blocks. */
export function linesOf({ text }: MarkdownFile): { line: number; text: string; isCode: boolean }[] {
  let fence: string | undefined;
  return text.split('\n').map((content, index) => {
    const [, mark] = /^ *(```+|~~~+)/.exec(content) ?? [];
    const isCode = fence !== undefined || mark !== undefined;
    if (mark !== undefined) fence = fence === undefined ? mark : mark === fence ? undefined : fence;
    return { line: index + 1, text: content, isCode };
  });
}

/** A fenced block. */
export interface FencedBlock {
  /** The word after the fence; empty if there is none. */
  readonly language: string;
  readonly text: string;
  /** The line of the opening fence. */
  readonly line: number;
  /** What the HTML comment on the line before says, such as `not run: needs Azure`. */
  readonly marker?: string;
}

/** Returns the fenced blocks of a file. */
export function fencedBlocks({ text }: MarkdownFile): FencedBlock[] {
  return [...text.matchAll(/(?:^<!-- (.*) -->\n)?^```(\w*)\n([^]*?)^```$/gm)].map(
    ([whole, marker, language = '', content = '']) => ({
      language,
      text: content,
      line: text.slice(0, text.indexOf(whole)).split('\n').length + (marker === undefined ? 0 : 1),
      ...(marker === undefined ? {} : { marker }),
    }),
  );
}

/** Returns the anchors of a file: GitHub's slugs of its headings, and explicit anchors. */
export function anchorsOf(file: MarkdownFile): Set<string> {
  const anchors = new Set<string>();
  for (const { text, isCode } of linesOf(file)) {
    if (isCode) continue;
    const [, heading] = /^#{1,6} +(.*?) *#*$/.exec(text) ?? [];
    if (heading !== undefined) anchors.add(unused(slugOf(heading), anchors));
    for (const [, id = ''] of text.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)) anchors.add(id);
  }
  return anchors;
}

/**
 * Returns GitHub's slug of a heading: the visible text in lower case, without punctuation, with hyphens for
 * spaces.
 */
export function slugOf(heading: string): string {
  return heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*`]|(?<![\w])_|_(?![\w])/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

function unused(slug: string, taken: ReadonlySet<string>): string {
  if (!taken.has(slug)) return slug;
  for (let count = 1; ; count += 1) if (!taken.has(`${slug}-${count}`)) return `${slug}-${count}`;
}

export interface MarkdownLink {
  readonly target: string;
  readonly line: number;
}

/** Returns every link and image outside code. */
export function linksOf(file: MarkdownFile): MarkdownLink[] {
  return linesOf(file).flatMap(({ line, text, isCode }) => {
    if (isCode) return [];
    const plain = text.replace(/`[^`]*`/g, (code) => 'x'.repeat(code.length));
    const inline = plain.matchAll(/\]\(<?([^)\s>]*)>?(?:\s+"[^"]*")?\)/g);
    const references = plain.matchAll(/^ {0,3}\[[^\]]+\]:\s*(\S+)/g);
    const bare = plain.matchAll(/<(https?:[^>]+)>/g);
    return [...inline, ...references, ...bare].map(([, target = '']) => ({ target, line }));
  });
}
