import { hasStatus, isSettled } from '../connections/connection';
import type { ConnectionListing, EndpointDetails, TargetDetails } from '../connections/connection-store';
import { targetProfiles } from '../connections/target-type';
import { ArmError, describeError } from '../errors';
import type { Sighting } from '../operations/operation';
import { hasOutlivedApproval } from '../operations/timed-approval';
import type { ReviewJob, ReviewTargetOptions } from './review-job';

export interface FactsRead {
  readonly details: TargetDetails | undefined;
  readonly endpoints: ReadonlyMap<string, EndpointDetails>;
}

type Options = Pick<ReviewTargetOptions, 'resources' | 'clock' | 'logger'>;

/** Facts that cost a call: only if a loaded rule reads them, or a write must know whether the target is locked. */
export async function readFacts(
  options: Options,
  { policy, target }: ReviewJob,
  known: { readonly listing: ConnectionListing | undefined; readonly sightings: readonly Sighting[] },
): Promise<FactsRead> {
  const sightings = new Map(known.sightings.map((sighting) => [sighting.connection.key, sighting]));
  const concerned = (known.listing?.connections ?? []).filter(
    (connection) =>
      isSettled(connection) &&
      (policy.statuses.some((status) => hasStatus(connection, status)) ||
        hasOutlivedApproval(connection, sightings.get(connection.id.key), options.clock.now())),
  );
  if (concerned.length === 0) return { details: undefined, endpoints: new Map() };
  const wantsDetails = policy.reads.target || targetProfiles[target.type].locksTarget;
  const details = wantsDetails
    ? await unlessForbidden(options, () => options.resources.readTarget(target))
    : undefined;
  const endpoints = new Map<string, EndpointDetails>();
  if (policy.reads.endpoint) {
    for (const { endpoint } of concerned) {
      if (endpoint === undefined || endpoints.has(endpoint.key)) continue;
      const read = await unlessForbidden(options, () => options.resources.readEndpoint(endpoint.id));
      if (read !== undefined) endpoints.set(endpoint.key, read);
    }
  }
  return { details, endpoints };
}

/** What Postern may not read stays absent, and a rule that reads it holds the connection. */
async function unlessForbidden<T>(options: Options, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ArmError) || !absentCodes.has(error.code)) throw error;
    options.logger.warn(`A fact could not be read and stays absent. ${describeError(error)}`);
    return undefined;
  }
}

const absentCodes: ReadonlySet<string> = new Set(['ARM_FORBIDDEN', 'ARM_NOT_FOUND', 'ARM_REFUSED']);
