import { EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { isFactRoot } from '../facts/fact-fields';
import { accessOf, type CelProblem, sourceOf } from './ast';
import { type OddCharacter, findOddCharacter } from '../analysis/odd-characters';
import { bracketFix, tagAround } from '../facts/tag-names';

const maxProblemLength = 200;

/**
 * Turns an error of the CEL parser or type checker into a problem with a message that says how to
 * fix it, where known.
 */
export function celProblem(error: unknown, text: string): CelProblem {
  if (
    !(error instanceof ParseError) &&
    !(error instanceof CelTypeError) &&
    !(error instanceof EvaluationError)
  ) {
    return { start: 0, end: text.length, message: `not a condition: ${plain(String(error))}` };
  }
  const { start, end } = error.range ?? { start: 0, end: text.length };
  if (error instanceof ParseError) {
    const odd = findOddCharacterOutside(text, start);
    if (odd !== undefined)
      return { start: odd.index, end: odd.index + odd.length, message: `this is ${odd.message}` };
    const tag = tagAround(text, start);
    if (tag !== undefined) return { start: tag.start, end: tag.end, message: bracketFix(tag) };
  }
  return { start, end, message: fixOf(error.code, error.summary, text.slice(start, end)) };
}

/**
 * Finds the first odd character outside quoted strings. A string that is not closed does not count
 * as quoted, so that its curly quotes are found.
 */
function findOddCharacterOutside(text: string, errorAt: number): OddCharacter | undefined {
  const bare = text.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, (quoted) =>
    '.'.repeat(quoted.length),
  );
  const odd = findOddCharacter(bare);
  return odd !== undefined && (odd.index <= errorAt || /["']/.test(bare) || odd.index - errorAt < 2)
    ? odd
    : undefined;
}

function fixOf(code: string, summary: string, found: string): string {
  switch (code) {
    case 'unexpected_character':
      return characterFixes[found.trim()] ?? `this does not belong here: \`${plain(found)}\``;
    case 'unexpected_token':
      return summary.endsWith('EOF')
        ? 'the condition ends too early: something is missing here'
        : `this does not belong here: \`${plain(found)}\``;
    case 'expected_token':
      return tokenFix(summary, found);
    case 'unterminated_string':
      return 'this text is not closed: end it with the quote it began with (in unquoted YAML, ` #` begins a comment)';
    case 'limit_exceeded':
      return `the condition is too large (${plain(summary)}): split the rule, or use a list`;
    case 'no_such_overload':
      return overloadFix(summary);
    case 'no_matching_overload':
      return `wrong arguments: ${plain(summary).replaceAll('~', '')}`;
    case 'invalid_logical_operand':
    case 'invalid_condition_type':
      return `${plain(summary)}: compare it with something`;
    default:
      return plain(summary);
  }
}

const characterFixes: Readonly<Record<string, string>> = {
  '=': 'write `==` to compare',
  '&': 'write `&&` for and',
  '|': 'write `||` for or',
  and: 'write `&&` instead of `and`',
  or: 'write `||` instead of `or`',
  not: 'write `!` instead of `not`',
};

function tokenFix(summary: string, found: string): string {
  const wanted = /^Expected (\w+)/.exec(summary)?.[1] ?? '';
  const sign =
    { RPAREN: ')', RBRACKET: ']', RBRACE: '}', COLON: ':', IDENTIFIER: 'a name' }[wanted] ?? wanted;
  if (sign === ')' && Object.hasOwn(characterFixes, found.trim())) return characterFixes[found.trim()] ?? '';
  return found === ''
    ? `\`${sign}\` is missing at the end`
    : `\`${sign}\` is missing before \`${plain(found)}\``;
}

function overloadFix(summary: string): string {
  const types = summary.replace(/^no such overload: /, '');
  if (/\bnull\b/.test(types))
    return `a fact is never null (${types}): use \`has(…)\` to check whether it is present`;
  if (/^string in string$/.test(types)) return 'write `text.contains("part")` to search in a text';
  return `these do not go together: ${plain(types)}`;
}

/** Describes in one short line why the evaluation of a condition failed. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof EvaluationError))
    return plain(error instanceof Error ? error.message : String(error));
  const where = placeOf(error.node);
  if (error.code === 'no_such_key' && where?.startsWith('lists.')) return unreadList(where);
  const isFact = where !== undefined && isFactRoot(where.split('.')[0] ?? '');
  if (error.code === 'no_such_key' && isFact) return absence(where);
  return where === undefined ? plain(error.summary) : `${plain(error.summary)} in \`${plain(where)}\``;
}

/** A list that the policy states cannot lack: such a list is one that Postern reads. */
function unreadList(list: string): string {
  return `\`${plain(list)}\` is absent: no complete reading of it is young enough; \`postern lists\` shows why`;
}

/** Returns the source text of the part that failed. A fact is returned by its path, without spaces. */
function placeOf(node: EvaluationError['node']): string | undefined {
  const { input, start, end } = node ?? {};
  if (input === undefined || start === undefined || end === undefined) return undefined;
  const access = node?.op === undefined ? undefined : accessOf(node);
  return access !== undefined && isFactRoot(access.root)
    ? `${access.root}.${access.field}`
    : sourceOf({ input, start, end });
}

function absence(fact: string): string {
  return `\`${plain(fact)}\` is absent; check it with \`has()\` first`;
}

/**
 * Makes a text safe to show that a requester may have written: one short line, without control and
 * bidi characters.
 */
function plain(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .slice(0, maxProblemLength)
    .replace(/\p{Cs}$/u, '');
}
