import { oneLine, type CheckResult } from './check';
import { findingLevels, worstOf, type Finding, type FindingLevel } from './finding';
import { counted } from '../output';

const width = Math.max(...findingLevels.map(({ length }) => length));

/**
 * Formats one check as text: its heading, a line for each finding, and a line for each fix. Equal findings from many places are one,
 * with a line for each place: three of more than three, or all if `showsAll`.
 */
export function groupLines({ title, findings }: CheckResult, showsAll = false): readonly string[] {
  return [title, ...grouped(findings).flatMap((group) => linesOf(group, showsAll)), ''];
}

/** More places than this are left out, and counted. */
const mostPlaces = 3;

/** Groups equal findings, in the order of the first of each. */
function grouped(findings: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const { level, message, fix, place } = finding;
    const key = JSON.stringify(level === 'ok' ? [place, message] : [level, message, fix]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}

function findingLines({ level, place, message, fix }: Finding): readonly string[] {
  const head = `  ${level.padEnd(width)}  ${oneLine(place)}: ${oneLine(message)}`;
  return fix === undefined ? [head] : [head, `${indent}fix: ${oneLine(fix)}`];
}

const indent = `  ${' '.repeat(width)}  `;

function linesOf(group: readonly [Finding, ...Finding[]], showsAll: boolean): readonly string[] {
  if (group.length <= mostPlaces) return group.flatMap(findingLines);
  const [{ level, message, fix }] = group;
  const fixLines = fix === undefined ? [] : [`${indent}fix: ${oneLine(fix)}`];
  const head = `  ${level.padEnd(width)}  `;
  const shown = showsAll ? group : group.slice(0, mostPlaces);
  const rest = group.length - shown.length;
  return [
    `${head}${group.length} places: ${oneLine(message)}`,
    ...shown.map((each) => `${indent}  ${oneLine(each.place)}`),
    ...(rest === 0 ? [] : [`${indent}  and ${rest} more (--all shows them)`]),
    ...fixLines,
  ];
}

/** Formats the last line of the text output: the number of problems and warnings. */
export function summaryLine(results: readonly CheckResult[]): string {
  const [problems, warnings] = [countOf(results, 'problem'), countOf(results, 'warning')];
  if (problems + warnings === 0) return 'All checks passed.';
  return `${counted(problems, 'problem')}, ${counted(warnings, 'warning')}.`;
}

function countOf(results: readonly CheckResult[], level: FindingLevel): number {
  const findings = results.flatMap((result) => result.findings).filter((finding) => finding.level === level);
  const own = findings.filter(({ followsFromSettings }) => followsFromSettings !== true);
  // A missing setting counts once, however many checks need it.
  return own.length === 0 ? Math.min(1, findings.length) : own.length;
}

/**
 * Builds the JSON report: each check with its worst level. Version 2 names the advice `fix`; before
 * it was `mend`.
 */
export function reportJson(results: readonly CheckResult[], at: Date): object {
  return {
    version: 2,
    at: at.toISOString(),
    level: worstOf(results.flatMap(({ findings }) => findings)),
    checks: results.map(({ name, findings }) => ({ name, level: worstOf(findings), findings })),
  };
}
