import { hash32 } from '../kernel/streams';
import type { Violation } from '../judge/judge';
import type { WorldReport } from '../world/simulate';
import { sumOf, type Visits } from './visited';

/** A law that a world broke. */
export interface Failure {
  readonly seed: number;
  readonly violation: Violation;
}

/** What was found in one world, or in several. */
export interface Findings {
  readonly worlds: number;
  readonly failures: readonly Failure[];
  readonly steps: number;
  readonly virtualHours: number;
  readonly writes: number;
  /** Says whether two runs of the same worlds had the same histories, in whatever order. A whole number. */
  readonly digest: number;
  readonly visits: Visits;
}

export const nothingFound: Findings = {
  worlds: 0,
  failures: [],
  steps: 0,
  virtualHours: 0,
  writes: 0,
  digest: 0,
  visits: {},
};

/** Returns the findings of one world. `again`: the report of a second run, which must be the same. */
export function findingsOf(report: WorldReport, again: WorldReport | undefined): Findings {
  const { seed, violations, steps, virtualHours, writes, visits } = report;
  const [violation] = violations;
  const isOther = again !== undefined && again.digest !== report.digest;
  const what = 'the same seed gave another history';
  const other: Failure = { seed, violation: { law: 'no-failure-escapes', what, about: '', atMs: 0 } };
  return {
    worlds: 1,
    failures: [...(violation === undefined ? [] : [{ seed, violation }]), ...(isOther ? [other] : [])],
    steps,
    virtualHours,
    writes,
    digest: hash32(`${seed} ${report.digest}`),
    visits,
  };
}

/** Adds up what was found in several worlds. */
export function allFindings(all: readonly Findings[]): Findings {
  const sum = (of: (each: Findings) => number): number => all.reduce((total, each) => total + of(each), 0);
  return {
    worlds: sum(({ worlds }) => worlds),
    failures: all.flatMap(({ failures }) => failures).toSorted((one, other) => one.seed - other.seed),
    steps: sum(({ steps }) => steps),
    virtualHours: sum(({ virtualHours }) => virtualHours),
    writes: sum(({ writes }) => writes),
    digest: sum(({ digest }) => digest) >>> 0,
    visits: sumOf(all.map(({ visits }) => visits)),
  };
}
