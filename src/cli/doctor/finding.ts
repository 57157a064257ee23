/** The levels of findings, from good to bad. */
export const findingLevels = ['ok', 'warning', 'problem'] as const;

/** Level of a finding: `ok`, `warning` or `problem`. */
export type FindingLevel = (typeof findingLevels)[number];

/** One result of a check. Its texts can come from anyone; they are escaped when they are printed. */
export interface Finding {
  readonly level: FindingLevel;
  /** Location: a setting, a queue, a subscription or a resource id. */
  readonly place: string;
  /** What was found there, in one line. */
  readonly message: string;
  /** What to do; absent if there is nothing to do. */
  readonly fix?: string | undefined;
  /** Whether it only follows from settings that are wrong, which are findings of their own. */
  readonly followsFromSettings?: true;
}

/** Creates a finding without a defect. */
export function ok(place: string, message: string): Finding {
  return { level: 'ok', place, message };
}

/** Creates a finding that needs attention but does not change the exit code. */
export function warning(place: string, message: string, fix?: string): Finding {
  return { level: 'warning', place, message, fix };
}

/** Creates a finding that makes doctor exit with 1. */
export function problem(place: string, message: string, fix?: string): Finding {
  return { level: 'problem', place, message, fix };
}

/** Returns the worst level of some findings; `ok` if there are none. */
export function worstOf(findings: readonly Finding[]): FindingLevel {
  if (findings.some(({ level }) => level === 'problem')) return 'problem';
  return findings.some(({ level }) => level === 'warning') ? 'warning' : 'ok';
}

const units = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** Formats a duration in its largest unit, rounded down: `45 s`, `12 min`, `3 h`, `8 d`. */
export function ageText(seconds: number): string {
  const unit = units.find(([length]) => seconds >= length * (length === 60 ? 1 : 2));
  if (unit === undefined) return `${Math.max(0, Math.floor(seconds))} s`;
  return `${Math.floor(seconds / unit[0])} ${unit[1]}`;
}

/** Returns the seconds from an ISO 8601 instant to `now`. */
export function secondsSince(instant: string, now: Date): number {
  return (now.getTime() - Date.parse(instant)) / 1000;
}
