import { nearest } from '../../base/did-you-mean';
import type { Effect } from '../decision';

/** The statuses that Azure documents. Providers may send others, and policies may name those as well. */
export const knownStatuses = ['Pending', 'Approved', 'Rejected', 'Disconnected'] as const;

/** A status that Azure documents. */
export type KnownStatus = (typeof knownStatuses)[number];

/** Finds the documented status that `text` names, without case. Returns undefined if there is none. */
export function knownStatusFrom(text: string): KnownStatus | undefined {
  return knownStatuses.find((status) => status.toLowerCase() === text.toLowerCase());
}

/** Describes what is wrong with a status that a rule names. Returns undefined if nothing is. */
export function statusProblem(text: string): string | undefined {
  if (knownStatusFrom(text) !== undefined) return undefined;
  const near = nearest(text, knownStatuses);
  if (near !== undefined) return `unknown status \`${text}\`: did you mean \`${near}\`?`;
  if (/^[A-Za-z]{1,40}$/.test(text)) return undefined;
  return `\`${text}\` is not a connection status: statuses are ${knownStatuses.join(', ')}, or another single word`;
}

/**
 * Describes why no provider would apply `effect` to a connection with `status`, and how to fix it.
 * Returns undefined if some provider might. Known from the providers' behavior: an approval works
 * on Pending, and on Rejected only with Key Vault.
 */
export function transitionProblem(effect: Effect, status: string): string | undefined {
  const known = knownStatusFrom(status);
  if (effect === 'hold' || effect === 'delete' || known === 'Pending') return undefined;
  if (effect === 'approve') return approvalProblem(known ?? status);
  if (known === 'Approved') return undefined;
  if (known === 'Rejected') return 'a Rejected connection is already rejected: remove Rejected from `on`';
  return `Azure does not reject a connection that is ${known ?? status}: use \`effect: delete\`, or remove it from \`on\``;
}

function approvalProblem(status: string): string | undefined {
  if (status === 'Rejected') return undefined;
  if (status === 'Approved') {
    return 'an Approved connection is already approved: remove Approved from `on` (connections that no rule matches stay as they are)';
  }
  return `Azure does not approve a connection that is ${status}: the requester must recreate it; remove ${status} from \`on\``;
}
