import { findOddCharacter } from '../analysis/odd-characters';
import type { PolicyProblem } from '../policy';
import type { SourceText } from './source-text';

/**
 * Finds odd characters in the structure of YAML: in the indentation of a line, its dash, its key,
 * its colon and the space after that. Quoted texts and comments may contain any character. Reports
 * at most one for each line.
 */
export function oddCharactersInStructure(source: SourceText): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  let offset = 0;
  for (const line of source.text.split('\n')) {
    const odd = findOddCharacter(structureOf(line, offset === 0));
    if (odd !== undefined)
      problems.push(
        source.problem({ offset: offset + odd.index, length: odd.length }, `this is ${odd.message}`),
      );
    offset += line.length + 1;
  }
  return problems;
}

/**
 * Replaces a problem by its cause if there is an odd character in the part that it marks, or in the
 * structure of its line.
 */
export function blameOddCharacter(problem: PolicyProblem, source: SourceText): PolicyProblem {
  const lines = source.text.split('\n');
  const line = lines[problem.line - 1] ?? '';
  const about = line.slice(problem.column - 1, problem.column - 1 + problem.length);
  const odd = findOddCharacter(about);
  const isFirst = problem.line === 1;
  const found =
    odd === undefined
      ? findOddCharacter(structureOf(line, isFirst))
      : { ...odd, index: problem.column - 1 + odd.index };
  if (found === undefined) return problem;
  const start = lines.slice(0, problem.line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  return source.problem({ offset: start + found.index, length: found.length }, `this is ${found.message}`);
}

/**
 * Returns the part of a line that is YAML structure, with the same offsets. A file may begin with a
 * byte order mark.
 */
function structureOf(line: string, isFirst: boolean): string {
  const text = isFirst ? line.replace(/^\ufeff/, ' ') : line;
  const [indent = ''] =
    /^[\s\p{Cf}]*(?:[-\p{Pd}\u2212][\s\p{Cf}]+)*(?:[\p{Pd}\u2212](?=[^\s-]))?/u.exec(text) ?? [];
  const [key = ''] =
    /^[^\s"'#:\uff1a]*[\s\p{Cf}]*[:\uff1a][\s\p{Cf}]*/u.exec(text.slice(indent.length)) ?? [];
  return indent + key;
}
