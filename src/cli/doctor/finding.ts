export const findingLevels = ['ok', 'warning', 'problem'] as const;

export type FindingLevel = (typeof findingLevels)[number];

/** One thing that a check found. Texts may be a stranger's: they are made harmless where they are printed. */
export interface Finding {
  readonly level: FindingLevel;
  /** Where: a setting, a queue, a subscription, a resource id. */
  readonly place: string;
  /** What is so there, in one line. */
  readonly message: string;
  /** What to do about it; absent when all is well, or when nobody can do anything. */
  readonly fix?: string | undefined;
}

export function ok(place: string, message: string): Finding {
  return { level: 'ok', place, message };
}

export function warning(place: string, message: string, fix?: string): Finding {
  return { level: 'warning', place, message, fix };
}

export function problem(place: string, message: string, fix?: string): Finding {
  return { level: 'problem', place, message, fix };
}

/** The worst of them; well when there are none. */
export function worstOf(findings: readonly Finding[]): FindingLevel {
  if (findings.some(({ level }) => level === 'problem')) return 'problem';
  return findings.some(({ level }) => level === 'warning') ? 'warning' : 'ok';
}

const units = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** A time for people: `45 s`, `12 min`, `3 h`, `8 d`; rounded down. */
export function ageText(seconds: number): string {
  const unit = units.find(([length]) => seconds >= length * (length === 60 ? 1 : 2));
  if (unit === undefined) return `${Math.max(0, Math.floor(seconds))} s`;
  return `${Math.floor(seconds / unit[0])} ${unit[1]}`;
}

/** Seconds from an ISO 8601 instant to `now`. */
export function secondsSince(instant: string, now: Date): number {
  return (now.getTime() - Date.parse(instant)) / 1000;
}
