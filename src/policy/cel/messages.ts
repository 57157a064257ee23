import { EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { isFactRoot } from '../facts/fact-fields';
import { accessOf, type CelProblem, sourceOf } from './ast';
import { type OddSign, oddSignIn } from '../analysis/odd-signs';
import { bracketMend, tagAround } from '../facts/tag-names';

const longestProblem = 200;

/** What the CEL parser or type checker found, with the mend where it is known. */
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
    const odd = oddSignOutside(text, start);
    if (odd !== undefined)
      return { start: odd.index, end: odd.index + odd.length, message: `this is ${odd.message}` };
    const tag = tagAround(text, start);
    if (tag !== undefined) return { start: tag.start, end: tag.end, message: bracketMend(tag) };
  }
  return { start, end, message: mendOf(error.code, error.summary, text.slice(start, end)) };
}

/** The first odd sign that is no part of a text in quotes; in one that is not closed, its curly quotes are. */
function oddSignOutside(text: string, errorAt: number): OddSign | undefined {
  const bare = text.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, (quoted) =>
    '.'.repeat(quoted.length),
  );
  const odd = oddSignIn(bare);
  return odd !== undefined && (odd.index <= errorAt || /["']/.test(bare) || odd.index - errorAt < 2)
    ? odd
    : undefined;
}

function mendOf(code: string, summary: string, found: string): string {
  switch (code) {
    case 'unexpected_character':
      return characterMends[found.trim()] ?? `this does not belong here: \`${plain(found)}\``;
    case 'unexpected_token':
      return summary.endsWith('EOF')
        ? 'the condition ends too early: something is missing here'
        : `this does not belong here: \`${plain(found)}\``;
    case 'expected_token':
      return tokenMend(summary, found);
    case 'unterminated_string':
      return 'this text is not closed: end it with the quote it began with (in unquoted YAML, ` #` begins a comment)';
    case 'limit_exceeded':
      return `the condition is too large (${plain(summary)}): split the rule, or use a list`;
    case 'no_such_overload':
      return overloadMend(summary);
    case 'no_matching_overload':
      return `wrong arguments: ${plain(summary).replaceAll('~', '')}`;
    case 'invalid_logical_operand':
    case 'invalid_condition_type':
      return `${plain(summary)}: compare it with something`;
    default:
      return plain(summary);
  }
}

const characterMends: Readonly<Record<string, string>> = {
  '=': 'write `==` to compare',
  '&': 'write `&&` for and',
  '|': 'write `||` for or',
  and: 'CEL writes `&&` for `and`',
  or: 'CEL writes `||` for `or`',
  not: 'CEL writes `!` for `not`',
};

function tokenMend(summary: string, found: string): string {
  const wanted = /^Expected (\w+)/.exec(summary)?.[1] ?? '';
  const sign =
    { RPAREN: ')', RBRACKET: ']', RBRACE: '}', COLON: ':', IDENTIFIER: 'a name' }[wanted] ?? wanted;
  if (sign === ')' && Object.hasOwn(characterMends, found.trim())) return characterMends[found.trim()] ?? '';
  return found === ''
    ? `\`${sign}\` is missing at the end`
    : `\`${sign}\` is missing before \`${plain(found)}\``;
}

function overloadMend(summary: string): string {
  const types = summary.replace(/^no such overload: /, '');
  if (/\bnull\b/.test(types))
    return `a fact is never null (${types}): ask with \`has(…)\` whether it is there`;
  if (/^string in string$/.test(types)) return 'write `text.contains("part")` to look into a text';
  return `these do not go together: ${plain(types)}`;
}

/** Why a condition failed, in one short line. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof EvaluationError))
    return plain(error instanceof Error ? error.message : String(error));
  const where = placeOf(error.node);
  const isFact = where !== undefined && isFactRoot(where.split('.')[0] ?? '');
  if (error.code === 'no_such_key' && isFact) return absence(where);
  return where === undefined ? plain(error.summary) : `${plain(error.summary)} in \`${plain(where)}\``;
}

/** The text of the part that failed; a fact by its path, however it is spaced. */
function placeOf(node: EvaluationError['node']): string | undefined {
  const { input, start, end } = node ?? {};
  if (input === undefined || start === undefined || end === undefined) return undefined;
  const access = node?.op === undefined ? undefined : accessOf(node);
  return access !== undefined && isFactRoot(access.root)
    ? `${access.root}.${access.field}`
    : sourceOf({ input, start, end });
}

function absence(fact: string): string {
  return `\`${plain(fact)}\` is absent; \`has()\` asks`;
}

/** Texts may have come from a requester: one line, no control or bidi characters, not long. */
function plain(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .slice(0, longestProblem)
    .replace(/\p{Cs}$/u, '');
}
