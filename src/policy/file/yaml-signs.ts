import { oddSignIn } from '../analysis/odd-signs';
import type { PolicyProblem } from '../policy';
import type { SourceText } from './source-text';

/**
 * Odd signs where YAML looks for its own: in the indentation of a line, for its dash, in its key, for its colon and behind
 * it. Quoted texts and comments may hold any sign. One for each line.
 */
export function oddSignsInStructure(source: SourceText): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  let offset = 0;
  for (const line of source.text.split('\n')) {
    const odd = oddSignIn(structureOf(line, offset === 0));
    if (odd !== undefined)
      problems.push(
        source.problem({ offset: offset + odd.index, length: odd.length }, `this is ${odd.message}`),
      );
    offset += line.length + 1;
  }
  return problems;
}

/** A problem by its true cause, where an odd sign stands in what it is about, or in the structure of its line. */
export function byItsSign(problem: PolicyProblem, source: SourceText): PolicyProblem {
  const lines = source.text.split('\n');
  const line = lines[problem.line - 1] ?? '';
  const about = line.slice(problem.column - 1, problem.column - 1 + problem.length);
  const odd = oddSignIn(about);
  const isFirst = problem.line === 1;
  const found =
    odd === undefined
      ? oddSignIn(structureOf(line, isFirst))
      : { ...odd, index: problem.column - 1 + odd.index };
  if (found === undefined) return problem;
  const start = lines.slice(0, problem.line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  return source.problem({ offset: start + found.index, length: found.length }, `this is ${found.message}`);
}

/** As far as a line is YAML's; the same offsets. A byte order mark belongs at the beginning of a file. */
function structureOf(line: string, isFirst: boolean): string {
  const text = isFirst ? line.replace(/^\ufeff/, ' ') : line;
  const [indent = ''] =
    /^[\s\p{Cf}]*(?:[-\p{Pd}\u2212][\s\p{Cf}]+)*(?:[\p{Pd}\u2212](?=[^\s-]))?/u.exec(text) ?? [];
  const [key = ''] =
    /^[^\s"'#:\uff1a]*[\s\p{Cf}]*[:\uff1a][\s\p{Cf}]*/u.exec(text.slice(indent.length)) ?? [];
  return indent + key;
}
