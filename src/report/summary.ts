import { compareText, lower } from '../base/compare';
import { type Flag, flags } from './flags';
import { type DecisionSource, decisionSources, type ReportRow } from './row';

/** A value with the number of connections that have it. */
export interface Count<Key extends string = string> {
  readonly key: Key;
  readonly count: number;
}

/** The ages that a summary tells apart, in days: from the first to below the second. */
export const ages = [
  'under 30 days',
  '30 to 89 days',
  '90 to 364 days',
  'a year or more',
  'unknown',
] as const;

/** One of `ages`. */
export type Age = (typeof ages)[number];

/** When approvals end, as a summary tells them apart: from when the report was made. */
export const endings = ['has passed', 'within 7 days', 'within 30 days', 'later'] as const;

/** One of `endings`. */
export type Ending = (typeof endings)[number];

/** What connections have in common. Lists without an order of their own have the most frequent first. */
export interface Summary {
  readonly connections: number;
  readonly targets: number;
  readonly byStatus: readonly Count[];
  readonly byType: readonly Count[];
  /** By who brought them to their status, in the order of `decisionSources`. */
  readonly bySource: readonly Count<DecisionSource>[];
  /** By how long they have been in their status, in the order of `ages`. */
  readonly byAge: readonly Count<Age>[];
  /** Approved connections by what today's policy would answer to the same request. */
  readonly byVerdict: readonly Count[];
  /** Approvals that end, by when, in the order of `endings`. */
  readonly byEnd: readonly Count<Ending>[];
  /** Flags, in their order; a connection may have several. */
  readonly byFlag: readonly Count<Flag>[];
  /** Approved connections by target, at most `mostListed`. */
  readonly byTarget: readonly Count[];
  /** Approved connections by the requester's subscription, at most `mostListed`. */
  readonly byRequester: readonly Count[];
}

/** The most targets and subscriptions that a summary lists. */
export const mostListed = 10;

/** Counts what rows have in common. `now`: when the report was made. Pure. */
export function summaryOf(rows: Iterable<ReportRow>, now: Date): Summary {
  const tally = {
    status: new Tally(),
    type: new Tally(),
    verdict: new Tally(),
    target: new Tally(),
    requester: new Tally(),
  };
  const [source, age, end, flag] = [new Tally(), new Tally(), new Tally(), new Tally()];
  const targets = new Set<string>();
  let connections = 0;
  for (const row of rows) {
    connections += 1;
    targets.add(lower(row.target));
    tally.status.add(row.status);
    tally.type.add(row.type);
    source.add(row.decision.source);
    age.add(ageOf(row.since, now));
    row.flags.forEach((each) => flag.add(each));
    if (lower(row.status) !== 'approved') continue;
    if (row.endsAt !== undefined) end.add(endingOf(row.endsAt, now));
    tally.target.add(row.target);
    tally.requester.add(row.requester?.subscription ?? row.endpoint?.subscription ?? 'no endpoint');
    const verdict = row.policy?.asRequest?.effect;
    if (verdict !== undefined) tally.verdict.add(verdict);
  }
  return {
    connections,
    targets: targets.size,
    byStatus: tally.status.entries(),
    byType: tally.type.entries(),
    bySource: source.inOrder(decisionSources),
    byAge: age.inOrder(ages),
    byVerdict: tally.verdict.entries(),
    byEnd: end.inOrder(endings),
    byFlag: flag.inOrder(flags),
    byTarget: tally.target.entries().slice(0, mostListed),
    byRequester: tally.requester.entries().slice(0, mostListed),
  };
}

const dayMs = 24 * 60 * 60 * 1000;

/** Returns how long before `now` an instant was. An instant that is later than `now` is no age. Pure. */
export function ageOf(since: string | undefined, now: Date): Age {
  const days = since === undefined ? Number.NaN : (now.getTime() - Date.parse(since)) / dayMs;
  if (!(days >= 0)) return 'unknown';
  if (days < 30) return 'under 30 days';
  if (days < 90) return '30 to 89 days';
  return days < 365 ? '90 to 364 days' : 'a year or more';
}

/** Returns how long after `now` an approval ends. Pure. */
export function endingOf(endsAt: string, now: Date): Ending {
  const days = (Date.parse(endsAt) - now.getTime()) / dayMs;
  if (days <= 0) return 'has passed';
  if (days <= 7) return 'within 7 days';
  return days <= 30 ? 'within 30 days' : 'later';
}

/** Counts values without regard to the case of ASCII letters, and shows the spelling that came first. */
class Tally {
  private readonly counts = new Map<string, { readonly key: string; count: number }>();

  add(key: string): void {
    const entry = this.counts.get(lower(key));
    if (entry === undefined) this.counts.set(lower(key), { key, count: 1 });
    else entry.count += 1;
  }

  /** Returns the counts, the most frequent first, then by value. */
  entries(): readonly Count[] {
    return [...this.counts.values()].sort((a, b) => b.count - a.count || compareText(a.key, b.key));
  }

  /** Returns the counts of known values, in their order, without those that do not occur. */
  inOrder<Key extends string>(keys: readonly Key[]): readonly Count<Key>[] {
    return keys.flatMap((key) => {
      const count = this.counts.get(lower(key))?.count ?? 0;
      return count === 0 ? [] : [{ key, count }];
    });
  }
}
