import { type Refusal, serviceError } from '../errors';

/** The state of a blob's lease. Times are in milliseconds. */
export type Lease =
  | { readonly state: 'available' }
  | {
      readonly state: 'leased';
      readonly leaseId: string;
      readonly seconds: number;
      /** Infinity for a lease without end. */
      readonly expiresAtMs: number;
    }
  | { readonly state: 'expired'; readonly leaseId: string; readonly seconds: number }
  | { readonly state: 'breaking'; readonly leaseId: string; readonly breaksAtMs: number }
  | { readonly state: 'broken'; readonly leaseId: string };

/** The duration of a lease without end. */
export const infiniteSeconds = -1;

/** Returns the lease at a later instant: one that is not renewed expires, and a breaking one ends. */
export function leaseAt(lease: Lease, nowMs: number): Lease {
  if (lease.state === 'leased' && lease.expiresAtMs <= nowMs) {
    return { state: 'expired', leaseId: lease.leaseId, seconds: lease.seconds };
  }
  if (lease.state === 'breaking' && lease.breaksAtMs <= nowMs)
    return { state: 'broken', leaseId: lease.leaseId };
  return lease;
}

/**
 * Acquires a lease, or the same one again. The duration is 15 to 60 seconds, or infinite. @throws RestError
 */
export function acquire(
  lease: Lease,
  leaseId: string,
  { seconds, nowMs }: { seconds: number; nowMs: number },
): Lease {
  if (lease.state === 'leased' && lease.leaseId !== leaseId) throw serviceError(alreadyPresent);
  if (lease.state === 'breaking') {
    throw serviceError(lease.leaseId === leaseId ? cannotBeAcquired : alreadyPresent);
  }
  if (seconds !== infiniteSeconds && !(seconds >= 15 && seconds <= 60)) throw serviceError(invalidHeader);
  return leased(leaseId, seconds, nowMs);
}

/**
 * Renews a lease for its whole duration; an expired one, too, unless the blob was changed or leased since.
 * @throws RestError
 */
export function renew(lease: Lease, leaseId: string, nowMs: number): Lease {
  // Azurite renews an expired lease for whoever asks; the documentation says that the id must match.
  if (lease.state === 'available' || lease.leaseId !== leaseId) throw serviceError(otherLease);
  if (lease.state === 'breaking' || lease.state === 'broken') throw serviceError(cannotBeRenewed);
  return leased(leaseId, lease.seconds, nowMs);
}

/** Ends a lease at once. @throws RestError */
export function release(lease: Lease, leaseId: string): Lease {
  if (lease.state === 'available' || lease.leaseId !== leaseId) throw serviceError(otherLease);
  return { state: 'available' };
}

/**
 * Ends a lease that another holds, after `seconds`; by default when it would have expired, an infinite one at
 * once. @throws RestError
 */
export function breakLease(lease: Lease, seconds: number | undefined, nowMs: number): Lease {
  switch (lease.state) {
    case 'available':
      throw serviceError(notPresent);
    case 'broken':
      return lease;
    case 'expired':
      return { state: 'broken', leaseId: lease.leaseId };
    case 'leased':
      return breaking(lease.leaseId, { seconds, nowMs, endsAtMs: lease.expiresAtMs });
    case 'breaking':
      return breaking(lease.leaseId, { seconds, nowMs, endsAtMs: lease.breaksAtMs });
  }
}

/**
 * Returns the lease after a write to the blob without a lease id. @throws RestError while the lease is held.
 */
export function leaseAfterWrite(lease: Lease): Lease {
  if (lease.state === 'leased' || lease.state === 'breaking') throw serviceError(idMissing);
  return { state: 'available' };
}

function leased(leaseId: string, seconds: number, nowMs: number): Lease {
  const expiresAtMs = seconds === infiniteSeconds ? Number.POSITIVE_INFINITY : nowMs + seconds * 1000;
  return { state: 'leased', leaseId, seconds, expiresAtMs };
}

function breaking(
  leaseId: string,
  { seconds, nowMs, endsAtMs }: { seconds: number | undefined; nowMs: number; endsAtMs: number },
): Lease {
  if (seconds !== undefined && !(seconds >= 0 && seconds <= 60)) throw serviceError(invalidHeader);
  if (seconds === 0 || (seconds === undefined && endsAtMs === Number.POSITIVE_INFINITY)) {
    return { state: 'broken', leaseId };
  }
  const breaksAtMs = seconds === undefined ? endsAtMs : Math.min(endsAtMs, nowMs + seconds * 1000);
  return { state: 'breaking', leaseId, breaksAtMs };
}

const alreadyPresent = conflict('LeaseAlreadyPresent', 'There is already a lease present.');
const cannotBeAcquired = conflict(
  'LeaseIsBreakingAndCannotBeAcquired',
  'The lease ID matched, but the lease is currently in breaking state and cannot be acquired until it is broken.',
);
const cannotBeRenewed = conflict(
  'LeaseIsBrokenAndCannotBeRenewed',
  'The lease ID matched, but the lease has been broken explicitly and cannot be renewed.',
);
const otherLease = conflict(
  'LeaseIdMismatchWithLeaseOperation',
  'The lease ID specified did not match the lease ID for the container or blob.',
);
const notPresent = conflict(
  'LeaseNotPresentWithLeaseOperation',
  'There is currently no lease on the container or blob.',
);
const idMissing: Refusal = {
  status: 412,
  code: 'LeaseIdMissing',
  message: 'There is currently a lease on the blob and no lease ID was specified in the request.',
};
const invalidHeader: Refusal = {
  status: 400,
  code: 'InvalidHeaderValue',
  message: 'The value for one of the HTTP headers is not in the correct format.',
};

function conflict(code: string, message: string): Refusal {
  return { status: 409, code, message };
}
