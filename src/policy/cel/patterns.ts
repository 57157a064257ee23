import { RE2JS } from 're2js';
import { foldText } from '../../connections/fold-text';

/**
 * Limits of one pattern. Matching takes time proportional to program size × text length, whatever
 * the pattern.
 */
const maxPatternLength = 512;
/** The limit of the compiled size of a regular expression. */
export const maxProgramSize = 300;
const maxGlobSize = 600;

/** Characters beyond ASCII that regular expressions without case treat as `k` and `s`. */
const asciiLookalikes = /[\u017f\u212a]/;

/** How a pattern is matched. */
export type PatternKind = 'matches' | 'matchesWithoutCase' | 'ticket' | 'glob';

/**
 * The regular expressions of one policy, compiled once and run by a linear-time engine. Only
 * patterns that the policy itself contains are compiled, never text of a requester.
 */
export class Patterns {
  private readonly compiled: Readonly<Record<PatternKind, Map<string, RE2JS>>> = {
    matches: new Map(),
    matchesWithoutCase: new Map(),
    ticket: new Map(),
    glob: new Map(),
  };
  private readonly globs: ReadonlySet<string>;
  private readonly globLiterals = new Set<string>();

  /** @param listEntries the texts in the policy's lists, which may be used as globs */
  constructor(listEntries: Iterable<string>) {
    this.globs = new Set(listEntries);
  }

  /** Compiles a literal pattern. Returns what is wrong with it, undefined if it can be matched. */
  add(kind: PatternKind, pattern: string): string | undefined {
    if (pattern.length > maxPatternLength)
      return `the pattern is longer than ${maxPatternLength} characters: shorten it`;
    if (kind === 'glob') this.globLiterals.add(pattern);
    if (this.compiled[kind].has(pattern)) return undefined;
    try {
      const regex = compile(kind, pattern);
      if (regex.programSize() > (kind === 'glob' ? maxGlobSize : maxProgramSize))
        return 'the pattern is too large: use smaller repetitions';
      this.compiled[kind].set(pattern, regex);
      return undefined;
    } catch (error) {
      const why =
        error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
      return `not a valid RE2 regular expression (RE2 has no look-around and no back-references): ${why}`;
    }
  }

  /**
   * Tests whether a text matches a pattern.
   *
   * @throws Error if the pattern was not added, or if the text has letters that cannot be compared
   * without case
   */
  test(kind: Exclude<PatternKind, 'glob'>, text: string, pattern: string): boolean {
    if (kind !== 'matches' && asciiLookalikes.test(text))
      throw new Error('the text has letters that only look like ASCII');
    const regex = this.compiled[kind].get(pattern);
    if (regex === undefined) throw new Error('the pattern is not in the policy');
    return regex.test(text);
  }

  /**
   * Tests whether a whole text matches a glob, without case.
   *
   * @throws Error if the glob is neither a literal of the policy nor an entry of its lists
   */
  glob(text: string, pattern: string): boolean {
    const { glob: compiled } = this.compiled;
    if (!compiled.has(pattern)) {
      const known = this.globs.has(pattern) || this.globLiterals.has(pattern);
      if (!known) throw new Error('glob() takes only patterns that the policy contains');
      const problem = this.add('glob', pattern);
      if (problem !== undefined) throw new Error(problem);
    }
    return compiled.get(pattern)?.test(foldText(text)) ?? false;
  }
}

function compile(kind: PatternKind, pattern: string): RE2JS {
  switch (kind) {
    case 'matches':
      return RE2JS.compile(pattern);
    case 'matchesWithoutCase':
      return RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
    case 'ticket':
      RE2JS.compile(pattern); // so that unbalanced parentheses cannot close the group below
      return RE2JS.compile(
        `(?:^|[^\\p{L}\\p{N}])(?:${pattern})(?:$|[^\\p{L}\\p{N}])`,
        RE2JS.CASE_INSENSITIVE,
      );
    case 'glob':
      // The engine searches several times faster than it matches a whole text.
      return RE2JS.compile(`\\A(?:${globSource(foldText(pattern))})\\z`, RE2JS.DOTALL);
  }
}

function globSource(pattern: string): string {
  return pattern.replace(/\*\*+|\*|\?|[^*?]+/g, (part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return part.startsWith('**') ? '.*' : RE2JS.quote(part);
  });
}
