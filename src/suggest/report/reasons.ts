import { lower } from '../../base/compare';
import type { Cell, Estate } from '../estate/estate';
import type { Unanswerable } from '../estate/observation';
import { originsOf } from '../problem/dimensions';
import { evidenceWanted } from '../problem/evidence';

/** The likeliest reasons why no rule explains an approval. */
export const reasons = [
  'microsoft',
  'outside',
  'unknownTenant',
  'opensMany',
  'contradicted',
  'few',
  'noPattern',
] as const;

/** The likeliest reason why no rule explains an approval. */
export type Reason = (typeof reasons)[number] | Unanswerable;

interface Tally {
  approved: number;
  rejected: number;
}

/** Returns a function that finds the likeliest reason why no rule explains the approvals of a cell. */
export function whyNotApproved(estate: Estate): (cell: Cell) => Reason {
  const origins = originsOf(estate.requesters);
  const bySubscription = new Map<string, Tally>();
  for (const cell of estate.cells) {
    const id = subscriptionOf(estate, cell);
    const tally = bySubscription.get(id) ?? { approved: 0, rejected: 0 };
    tally.approved += cell.examples.approved.length;
    tally.rejected += cell.examples.rejected.length;
    bySubscription.set(id, tally);
  }
  return (cell) => {
    const id = subscriptionOf(estate, cell);
    const { approved, rejected } = bySubscription.get(id) ?? { approved: 0, rejected: 0 };
    const origin = origins.get(id) ?? 'unknown';
    const isProven = estate.requesters[cell.requester]?.behind !== undefined;
    if (origin === 'microsoft' && !isProven) return 'microsoft';
    if (origin === 'other') return 'outside';
    if (origin === 'unknown' && approved < evidenceWanted.unknown.approved) return 'unknownTenant';
    if (estate.targets[cell.target]?.opensMany === true) return 'opensMany';
    const here = cell.examples;
    if (here.rejected.length * 2 >= here.approved.length || rejected * 2 >= approved) return 'contradicted';
    return approved <= 2 ? 'few' : 'noPattern';
  };
}

function subscriptionOf({ requesters }: Estate, { requester }: Cell): string {
  return lower(requesters[requester]?.subscriptionId ?? '');
}
