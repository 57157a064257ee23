import { profileOf, type TargetType } from '../../src/connections/target-type';
import {
  likelyDurations,
  type Observation,
  withObservation,
} from '../../src/operations/pace/duration-histogram';
import { nextPollAt } from '../../src/operations/pace/next-poll';
import {
  durationCount,
  recordedHistogram,
  type RecordedOperation,
  tableOf,
} from '../../src/operations/pace/recorded-durations';
import { mean, median } from '../report/statistics';
import { possibleDurations, recordedOperations } from './recorded';

/** What polling costs and brings, over all recorded operations. */
export interface Outcome {
  readonly name: string;
  /** Polls per operation. */
  readonly polls: number;
  /** From the end to the poll that finds it, as a share of the duration. */
  readonly medianLateness: number;
  readonly meanLateness: number;
}

/** Chooses the next poll, in seconds after the write. */
type Poller = (poll: { readonly elapsed: number; readonly isFirst: boolean }) => number;

/** A message comes up to two seconds after it is due. */
const deliverySeconds = 1;

/** Polls at a fixed interval, in seconds, from the beginning. */
export function atInterval(seconds: number): Outcome {
  return outcomeOf(
    `every ${seconds} s`,
    () =>
      ({ elapsed }) =>
        elapsed + seconds,
  );
}

/** Polls by the rule, knowing nothing of how long operations take. */
export function knowingNothing(): Outcome {
  return outcomeOf('the rule, nothing known', ({ type }) => byRule(type, []));
}

/** Polls by the rule, knowing the other recorded operations of the same kind, but not this one. */
export function knowingOthers(): Outcome {
  return outcomeOf('the rule, as shipped', (operation) => {
    const others = recordedOperations.filter((each) => each.type === operation.type && each !== operation);
    const row = tableOf(others)[operation.type.toLowerCase()] ?? {};
    const other = { approve: row.reject, reject: row.approve, delete: undefined }[operation.effect];
    return byRule(operation.type, row[operation.effect] ?? other ?? []);
  });
}

const learnedOperations = 40;

/** Polls by the rule, after it has learned from operations of the same kind that it polled itself. */
export function havingLearned(): Outcome {
  return outcomeOf('the rule, having learned', (operation) => {
    const { type, effect, from, to } = operation;
    let histogram = recordedHistogram({ type: type as TargetType, effect });
    for (let count = 0; count < learnedOperations; count += 1) {
      // The golden ratio spreads them evenly, in no order.
      const duration = from + (to - from) * ((count * 0.618034) % 1);
      const poller = byRule(type, likelyDurations(histogram, durationCount));
      histogram = withObservation(histogram, pollUntilEnd(duration, poller).observation);
    }
    return byRule(type, likelyDurations(histogram, durationCount));
  });
}

function byRule(type: string, durations: readonly number[]): Poller {
  const { firstPollSeconds, pollFloorSeconds } = profileOf(type as TargetType);
  return ({ elapsed, isFirst }) =>
    nextPollAt({ durations, elapsed, gap: isFirst ? firstPollSeconds : pollFloorSeconds });
}

function outcomeOf(name: string, pollerFor: (operation: RecordedOperation) => Poller): Outcome {
  const all = recordedOperations.flatMap((operation) => {
    const poller = pollerFor(operation);
    return possibleDurations(operation).map((duration) => {
      const { polls, observation } = pollUntilEnd(duration, poller);
      return { polls, lateness: (observation.to - duration) / duration };
    });
  });
  const lateness = all.map((each) => each.lateness);
  return {
    name,
    polls: mean(all.map(({ polls }) => polls)),
    medianLateness: median(lateness),
    meanLateness: mean(lateness),
  };
}

function pollUntilEnd(
  duration: number,
  poller: Poller,
): { readonly polls: number; readonly observation: Observation } {
  let from = 0;
  for (let polls = 1, elapsed = 0; ; polls += 1) {
    elapsed = poller({ elapsed, isFirst: polls === 1 });
    const at = elapsed + deliverySeconds;
    if (at >= duration) return { polls, observation: { from, to: at } };
    from = at;
  }
}

/**
 * Returns the lateness that fixed intervals have with as many polls, between the two of them that are
 * nearest; infinite for fewer polls than any of them makes.
 */
export function latenessAt(
  polls: number,
  curve: readonly Outcome[],
  pick: (outcome: Outcome) => number,
): number {
  const ascending = curve.toSorted((one, other) => one.polls - other.polls);
  const above = ascending.findIndex((each) => each.polls >= polls);
  const [low, high] = [ascending[above - 1], ascending[above]];
  if (high === undefined) return pick(ascending.at(-1)!);
  if (low === undefined) return Infinity;
  const share = (polls - low.polls) / (high.polls - low.polls);
  return pick(low) + (pick(high) - pick(low)) * share;
}
