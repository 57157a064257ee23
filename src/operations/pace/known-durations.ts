import { addSeconds, type Clock } from '../../base/clock';
import { describeError } from '../../base/errors';
import type { Logger } from '../../base/logger';
import {
  type DurationHistogram,
  emptyHistogram,
  likelyDurations,
  type Observation,
  withObservation,
} from './duration-histogram';
import { type DurationStore, kindKey, type LearnedDurations, type WriteKind } from './duration-store';
import { durationCount, recordedDurations, recordedHistogram } from './recorded-durations';

/** How long writes take, as far as it is known. */
export interface KnownDurations {
  /**
   * Returns equally likely durations of a kind of write, in ascending order, in seconds; empty if
   * nothing is known. Never fails: learned durations that cannot be read count as absent.
   */
  likely(kind: WriteKind): Promise<readonly number[]>;

  /**
   * Learns from one write that was applied. Most writes are not stored, because one in four tells as
   * much as all. Never fails: what cannot be stored is not learned.
   */
  learn(write: LearnedWrite): Promise<void>;
}

/** A write that was applied. */
export interface LearnedWrite {
  readonly kind: WriteKind;
  readonly operationId: string;
  /** The durations by which its polls were chosen. */
  readonly durations: readonly number[];
  readonly observation: Observation;
}

/** The ports of `createKnownDurations`. */
export interface KnownDurationsPorts {
  readonly store: DurationStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * Whether the durations that were recorded in Azure count until others are learned: not in a local
   * Azure whose clock runs fast.
   */
  readonly usesRecorded: boolean;
}

/** For how long the learned durations are kept in memory. */
const readEverySeconds = 60 * 60;
/** When they are read again if they could not be read. */
const readAgainSeconds = 60;
/** A process stores the durations of one kind of write at most this often. */
const saveEverySeconds = 60;

interface Reading {
  readonly at: Date;
  /** For how long it counts. */
  seconds: number;
  readonly rows: Promise<Map<string, LearnedDurations>>;
}

/**
 * Creates the memory of durations. It costs one query when a process first needs it and once an hour
 * after that, and a fraction of a storage operation per write.
 */
export function createKnownDurations(ports: KnownDurationsPorts): KnownDurations {
  const { clock, usesRecorded } = ports;
  const savedAt = new Map<string, Date>();
  let reading: Reading | undefined;

  function rows(): Promise<Map<string, LearnedDurations>> {
    const now = clock.now();
    if (reading !== undefined && isWithin(reading.seconds, reading.at, now)) return reading.rows;
    const whenFailed = (): void => {
      next.seconds = readAgainSeconds;
    };
    const next: Reading = { at: now, seconds: readEverySeconds, rows: load(ports, whenFailed) };
    reading = next;
    return next.rows;
  }

  return {
    async likely(kind) {
      const learned = (await rows()).get(kindKey(kind))?.histogram ?? emptyHistogram;
      if (learned.weights.size > 0) return likelyDurations(learned, durationCount);
      return usesRecorded ? recordedDurations(kind) : [];
    },

    async learn(write) {
      const key = kindKey(write.kind);
      const now = clock.now();
      const last = savedAt.get(key);
      if (last !== undefined && isWithin(saveEverySeconds, last, now)) return;
      if (!isWorthLearning(write)) return;
      savedAt.set(key, now);
      const known = await rows();
      const { histogram = emptyHistogram, ...row } = known.get(key) ?? { kind: write.kind };
      const before = histogram.weights.size > 0 ? histogram : first(write.kind);
      const learned = { ...row, histogram: withObservation(before, write.observation) };
      const version = await save(ports, learned);
      if (version === undefined) reading = undefined;
      else known.set(key, { ...learned, version });
    },
  };

  function first(kind: WriteKind): DurationHistogram {
    return usesRecorded ? recordedHistogram(kind) : emptyHistogram;
  }
}

function isWithin(seconds: number, since: Date, now: Date): boolean {
  return now >= since && now < addSeconds(since, seconds);
}

async function load(
  { store, logger }: KnownDurationsPorts,
  whenFailed: () => void,
): Promise<Map<string, LearnedDurations>> {
  try {
    return new Map((await store.load()).map((row) => [kindKey(row.kind), row]));
  } catch (error) {
    logger.warn(`The learned durations of writes cannot be read: ${describeError(error)}`);
    whenFailed();
    return new Map();
  }
}

/** Resolves to the new version; `undefined` if the row could not be saved. */
async function save(
  { store, logger }: KnownDurationsPorts,
  durations: LearnedDurations,
): Promise<string | undefined> {
  try {
    return await store.save(durations);
  } catch (error) {
    logger.info(`How long ${kindKey(durations.kind)} took is not learned: ${describeError(error)}`);
    return undefined;
  }
}

/**
 * Tells whether a write is stored: one in four, chosen by the random digits of its decision's id, and
 * each one that took as long as hardly any earlier one.
 */
function isWorthLearning({ operationId, durations, observation }: LearnedWrite): boolean {
  const { from, to } = observation;
  const expected = durations.filter((duration) => duration > from && duration <= to).length;
  return expected <= durations.length / surprisingPart || parseInt(operationId.slice(0, 2), 16) % 4 === 0;
}

const surprisingPart = 8;
