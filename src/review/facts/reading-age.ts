import { lower } from '../../base/compare';
import type { Connection } from '../../connections/connection';
import type { Planned } from '../../operations/write/planned';
import type { DetailsRead, FactsRead } from './read-facts';
import { findRequesters } from './find-requesters';
import { detailsOf, readDetails } from './read-facts';
import { approvalMaxAgeSeconds } from './tenants';
import type { ReviewJob, ReviewPorts } from '../review-job';

/**
 * The longest time in milliseconds from a reading to the write that is based on it. Older readings
 * are repeated, and no write is sent later.
 */
export const freshMs = 20_000;

interface Reading {
  readonly planned: Planned;
  /** The facts that the decision is based on. */
  readonly facts: FactsRead;
  readonly readAtMs: number;
}

/**
 * Makes sure that what a write is based on was read within the last 20 seconds and has not changed
 * since the decision: the connection, and the facts of its endpoint and its target that some rule
 * reads. Reads again what is older. The tenants on which an approval depends may be an hour old.
 * Counts and `now` stay those of the review, which is at most 10
 * minutes old.
 * @returns the time of the reading, on the monotonic clock; `undefined` if anything has changed, so
 *   that it must be decided anew.
 * @throws ArmError
 */
export async function readingFor(
  ports: ReviewPorts,
  job: ReviewJob,
  { planned, facts, readAtMs }: Reading,
): Promise<number | undefined> {
  const { connection } = planned;
  if (!(await isOfSameTenants(ports, job, { planned, facts }))) return undefined;
  const nowMs = ports.clock.monotonicMs();
  if (nowMs - readAtMs <= freshMs) return readAtMs;
  if (!(await isStillProven(ports, job, { connection, facts }))) return undefined;
  const seen = await ports.connections.get(connection.id);
  if (seen === undefined || !isSame(seen, connection)) return undefined;
  const now = await readDetails(ports, job, { connection, facts });
  return stable(detailsOf(facts, connection)) === stable(now) ? nowMs : undefined;
}

/**
 * Tells whether the subscriptions still belong to the tenants that the decision to approve saw: a
 * subscription may have gone to another one since yesterday.
 */
async function isOfSameTenants(
  { tenants }: ReviewPorts,
  { target }: ReviewJob,
  { planned, facts }: Pick<Reading, 'planned' | 'facts'>,
): Promise<boolean> {
  const { connection, operation } = planned;
  if (operation.effect !== 'approve') return true;
  for (const { subscriptionId } of [
    target,
    ...(connection.endpoint === undefined ? [] : [connection.endpoint]),
  ]) {
    const known = facts.tenants.get(lower(subscriptionId));
    if (known === undefined) continue;
    if ((await tenants.tenantOf(subscriptionId, approvalMaxAgeSeconds)) !== known) return false;
  }
  return true;
}

/**
 * Tells whether the proof of who asks, if the decision had one, would be found again: our link still
 * waits, and no other connection could be its own by now.
 */
async function isStillProven(
  ports: ReviewPorts,
  { target, policy: { microsoftTenants } }: ReviewJob,
  { connection, facts }: { readonly connection: Connection; readonly facts: FactsRead },
): Promise<boolean> {
  const proof = facts.proofs.get(connection.id.key);
  if (proof?.kind !== 'proven') return true;
  const listing = await ports.connections.list(target);
  const seen = listing?.connections.find(({ id }) => id.key === connection.id.key);
  if (listing === undefined || seen === undefined) return false;
  const search = { target, listing, tenants: facts.tenants, microsoftTenants, connectionStates: [] };
  const found = (await findRequesters(ports, { ...search, wanted: [seen] })).read.get(connection.id.key);
  return found !== undefined && found.kind !== 'none' && found.linkId === proof.linkId;
}

/** Serializes what a decision is based on. */
function stable({ details, endpoint, network }: DetailsRead): string {
  return JSON.stringify([details && withoutState(details), endpoint, network]);
}

/**
 * Returns the details without the provisioning state: whether a target is locked is checked
 * separately.
 */
function withoutState({ kind, location, tags }: NonNullable<FactsRead['details']>): readonly unknown[] {
  return [kind, location, Object.entries(tags).sort()];
}

/** Tells whether two readings are equal in everything that a decision is based on. */
function isSame(one: Connection, other: Connection): boolean {
  return (
    one.status === other.status &&
    one.message === other.message &&
    one.endpointText === other.endpointText &&
    one.provisioningState === other.provisioningState &&
    hasSameGroups(one.groupIds, other.groupIds)
  );
}

/** Tells whether the group ids are equal. Not every reply contains them. */
function hasSameGroups(some: readonly string[], others: readonly string[]): boolean {
  return some.length === 0 || others.length === 0 || some.join('\n') === others.join('\n');
}
