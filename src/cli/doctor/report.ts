import { oneLine, type CheckResult } from './check';
import { findingLevels, worstOf, type Finding, type FindingLevel } from './finding';
import { counted } from '../output';

const width = Math.max(...findingLevels.map(({ length }) => length));

/** Formats one check as text: its heading, a line for each finding, and a line for each fix. */
export function groupLines({ title, findings }: CheckResult): readonly string[] {
  return [title, ...merged(findings).flatMap(findingLines), ''];
}

/** More equal findings than this are printed in one line, with some of their places. */
const mostAlike = 3;
const mostPlaces = 8;

/** Merges equal findings from many places into one. The JSON output keeps all places. */
function merged(findings: readonly Finding[]): readonly Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { level, message, fix, place } = finding;
    const key = JSON.stringify(level === 'ok' ? [place, message] : [level, message, fix]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length <= mostAlike) return group;
    return [{ ...first, place: placesOf(group) }];
  });
}

function placesOf(group: readonly Finding[]): string {
  const named = group.slice(0, mostPlaces).map(({ place }) => place);
  const rest = group.length - named.length;
  return `${named.join(', ')}${rest === 0 ? '' : ` and ${rest} more (--json lists them)`}`;
}

function findingLines({ level, place, message, fix }: Finding): readonly string[] {
  const head = `  ${level.padEnd(width)}  ${oneLine(place)}: ${oneLine(message)}`;
  return fix === undefined ? [head] : [head, `  ${' '.repeat(width)}  fix: ${oneLine(fix)}`];
}

/** Formats the last line of the text output: the number of problems and warnings. */
export function summaryLine(results: readonly CheckResult[]): string {
  const [problems, warnings] = [countOf(results, 'problem'), countOf(results, 'warning')];
  if (problems + warnings === 0) return 'All checks passed.';
  return `${counted(problems, 'problem')}, ${counted(warnings, 'warning')}.`;
}

function countOf(results: readonly CheckResult[], level: FindingLevel): number {
  const findings = results.flatMap((result) => result.findings);
  return findings.filter((finding) => finding.level === level).length;
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
