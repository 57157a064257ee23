import { compareText, lower } from '../../base/compare';

/** Where the entries of a managed list come from: the subscriptions below a management group. */
export interface ListSource {
  /** The id of the management group, as written. It is compared whole and without case. */
  readonly group: string;
  /** Tags that a subscription must have, all of them: names without case, values with case. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A list of the policy whose entries Postern reads from Azure. */
export interface ManagedList {
  readonly name: string;
  readonly source: ListSource;
  /** The age in seconds at which its entries may no longer be used: the list is then absent. */
  readonly maxAgeSeconds: number;
}

/** The bounds of managed lists. */
export const listBounds = {
  /** The most entries of a list. A source with more is never read in part. */
  entries: 5_000,
  /** The length of an entry: a subscription's id. */
  entryLength: 36,
  tags: 20,
  /** How often a list is read again. */
  refreshSeconds: 15 * 60,
  defaultMaxAgeSeconds: 24 * 60 * 60,
  shortestMaxAgeSeconds: 60 * 60,
  longestMaxAgeSeconds: 7 * 24 * 60 * 60,
} as const;

/**
 * Returns a text that is equal for sources with the same meaning, for people and for comparison:
 * `subscriptionsUnder corp, tags env=prod`.
 */
export function sourceText({ group, tags }: ListSource): string {
  const wanted = Object.entries(tags)
    .map(([name, value]) => `${lower(name)}=${JSON.stringify(value)}`)
    .sort(compareText);
  return [
    `subscriptionsUnder ${lower(group)}`,
    ...(wanted.length === 0 ? [] : [`tags ${wanted.join(' ')}`]),
  ].join(', ');
}
