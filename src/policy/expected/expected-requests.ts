import type { TargetId } from '../../connections/resource-id';
import type { PolicyProblem } from '../policy-file';

/** A request that somebody has announced: who will ask, for which target, until when. */
export interface ExpectedRequest {
  /** 16 hexadecimal digits over who, target and `until`: the same announcement has the same id everywhere. */
  readonly id: string;
  readonly who: ExpectedRequester;
  readonly target: TargetId;
  /** From this time on, the request is expected no longer. */
  readonly until: Date;
  /** Who announced it, for people. */
  readonly by: string;
}

/**
 * Whose request is expected: one endpoint, or whatever bears a name and comes from one tenant. Ids, names and
 * tenants are in lower case.
 */
export type ExpectedRequester =
  | { readonly kind: 'endpoint'; readonly endpointKey: string }
  | { readonly kind: 'endpointName'; readonly name: string; readonly tenantId: string }
  | { readonly kind: 'connectionName'; readonly name: string; readonly tenantId: string };

/** Who asks, as far as it is known. Ids, names and tenants are in lower case. */
export interface Asker {
  readonly endpointKey: string;
  readonly endpointName: string;
  readonly connectionName: string;
  /** The tenant that owns the endpoint's subscription; absent: not known. */
  readonly tenantId: string | undefined;
}

/** Tells whether the announced one may ask under this name, whatever the tenant. */
export function hasName(who: ExpectedRequester, asker: Omit<Asker, 'tenantId'>): boolean {
  switch (who.kind) {
    case 'endpoint':
      return asker.endpointKey === who.endpointKey;
    case 'endpointName':
      return asker.endpointName === who.name;
    case 'connectionName':
      return asker.connectionName === who.name;
  }
}

/** Tells whether it is the announced one who asks. A name counts only in the tenant that was announced with it. */
export function isAnnounced(who: ExpectedRequester, asker: Asker): boolean {
  return hasName(who, asker) && (who.kind === 'endpoint' || asker.tenantId === who.tenantId);
}

/** All expected requests of a policy. */
export interface ExpectedRequests {
  /** SHA-256 over the files' names and bytes, 64 hexadecimal digits. Not part of the policy's digest. */
  readonly digest: string;
  /** Each once, in the order of files and lines. */
  readonly requests: readonly ExpectedRequest[];
  /** The same by their target's key. */
  readonly byTarget: ReadonlyMap<string, readonly ExpectedRequest[]>;
  /** What is wrong with files of which nothing is expected. The policy loads all the same. */
  readonly problems: readonly PolicyProblem[];
}

/** Groups expected requests by target. */
export function expectedRequests(parts: Omit<ExpectedRequests, 'byTarget'>): ExpectedRequests {
  const byTarget = new Map<string, ExpectedRequest[]>();
  for (const request of parts.requests) {
    const { key } = request.target;
    byTarget.set(key, [...(byTarget.get(key) ?? []), request]);
  }
  return { ...parts, byTarget };
}

/** Nothing is expected. */
export const nothingExpected: ExpectedRequests = expectedRequests({ digest: '', requests: [], problems: [] });
