import { profileOf, type TargetType } from './target-type';

/**
 * The shortest times, in seconds, that Postern lets pass before it does something again. One value answers for all use cases;
 * the setting POLL_FLOOR_SECONDS overrides each provider's own figures, for a local Azure whose clock runs fast.
 */
export interface Pace {
  /** From one poll of an operation to the next, and the unit in which a provider's odd answers are waited out. */
  minPollSeconds(type: TargetType): number;
  /** From a write to the first poll of its operation. */
  firstPollSeconds(type: TargetType): number;
  /** The first step of a back-off while ARM, storage or the topic is unavailable. */
  readonly backoffSeconds: number;
  /** An open operation that is this much past its due time has lost its alarm, or its review. */
  readonly overdueSeconds: number;
}

/** Creates the pace from the setting, in seconds; `undefined` stands for each provider's own figures. */
export function createPace(pollFloorSeconds?: number): Pace {
  return {
    minPollSeconds: (type) => pollFloorSeconds ?? profileOf(type).pollFloorSeconds,
    firstPollSeconds: (type) => pollFloorSeconds ?? profileOf(type).firstPollSeconds,
    backoffSeconds: pollFloorSeconds ?? 10,
    overdueSeconds: Math.max(30, (pollFloorSeconds ?? 25) * 12),
  };
}
