/** Milliseconds between two readings. */
export interface Pace {
  readonly active: number;
  readonly idle: number;
}

/** The pace of a list, and of a connection on which nothing is about to happen. */
export const calm: Pace = { active: 20_000, idle: 60_000 };

/** The pace while an answer is carried out. */
export const following: Pace = { active: 3000, idle: 20_000 };

/** Milliseconds during which a person who has done something waits for its effect. */
export const followFor = 120_000;

/** Milliseconds without a key or a pointer after which a person counts as gone. */
export const idleAfter = 600_000;

/** Returns the milliseconds until the next reading; undefined: none while nobody can see it. */
export function nextReading(
  pace: Pace,
  isVisible: boolean,
  lastInput: number,
  now: number,
): number | undefined {
  if (!isVisible) return undefined;
  return now - lastInput >= idleAfter ? pace.idle : pace.active;
}
