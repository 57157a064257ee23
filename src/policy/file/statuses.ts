import { nearest } from '../../base/did-you-mean';
import type { Effect } from '../decision';

/** The statuses that Azure documents. Providers may send others; policy may name those, too. */
export const knownStatuses = ['Pending', 'Approved', 'Rejected', 'Disconnected'] as const;

export type KnownStatus = (typeof knownStatuses)[number];

/** The documented status, whatever the casing of `text`; `undefined` for one that Azure does not document. */
export function knownStatusFrom(text: string): KnownStatus | undefined {
  return knownStatuses.find((status) => status.toLowerCase() === text.toLowerCase());
}

/** What is wrong with a status that a rule names; `undefined` when nothing is. */
export function statusProblem(text: string): string | undefined {
  if (knownStatusFrom(text) !== undefined) return undefined;
  const near = nearest(text, knownStatuses);
  if (near !== undefined) return `unknown status \`${text}\`: did you mean \`${near}\`?`;
  if (/^[A-Za-z]{1,40}$/.test(text)) return undefined;
  return `\`${text}\` is not a connection status: statuses are ${knownStatuses.join(', ')}, or another single word`;
}

/**
 * Why no provider would carry `effect` out on a connection with `status`, with the mend; `undefined` when some might.
 * Known from the providers' behaviour: an approval works on Pending, and on Rejected with Key Vault only.
 */
export function transitionProblem(effect: Effect, status: string): string | undefined {
  const known = knownStatusFrom(status);
  if (effect === 'hold' || effect === 'delete' || known === 'Pending') return undefined;
  if (effect === 'approve') return approvalProblem(known ?? status);
  if (known === 'Approved') return undefined;
  if (known === 'Rejected') return 'a Rejected connection is rejected already: take Rejected out of `on`';
  return `Azure does not reject a connection that is ${known ?? status}: use \`effect: delete\`, or take it out of \`on\``;
}

function approvalProblem(status: string): string | undefined {
  if (status === 'Rejected') return undefined;
  if (status === 'Approved') {
    return 'an Approved connection is approved already: take Approved out of `on` (what no rule matches is left as it is)';
  }
  return `Azure does not approve a connection that is ${status}: the requester must recreate it; take ${status} out of \`on\``;
}
