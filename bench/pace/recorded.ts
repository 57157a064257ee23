import recorded from '../../data/recorded-durations.json';
import type { RecordedOperation } from '../../src/operations/pace/recorded-durations';

/** The recorded operations, each with the span in which it ended. */
export const recordedOperations = recorded as readonly RecordedOperation[];

const samples = 5;

/** Returns durations spread evenly over the span in which a recorded operation ended, in seconds. */
export function possibleDurations({ from, to }: RecordedOperation): readonly number[] {
  const durations = Array.from(
    { length: samples },
    (_, index) => from + ((to - from) * (index + 0.5)) / samples,
  );
  // As a share of less than two seconds, no lateness means anything.
  return durations.filter((duration) => duration >= 2);
}
