import { hasStatus, isSettled } from '../connections/connection';
import type { ConnectionListing, EndpointDetails, TargetDetails } from '../connections/connection-store';
import type { EndpointId } from '../connections/resource-id';
import { targetProfiles } from '../connections/target-type';
import { ArmError, describeError, isTransient } from '../errors';
import type { Sighting } from '../operations/operation';
import { hasOutlivedApproval } from '../operations/timed-approval';
import type { ReviewJob, ReviewTargetOptions } from './review-job';

export interface FactsRead {
  readonly details: TargetDetails | undefined;
  /** By endpoint key; one that Postern may not read is absent. */
  readonly endpoints: ReadonlyMap<string, EndpointDetails>;
  /** Keys of those that could not be read this time. */
  readonly unread: ReadonlySet<string>;
  /** The longest that ARM asked to wait for one of them. */
  readonly retryAfterSeconds: number | undefined;
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
  const wantsDetails =
    concerned.length > 0 && (policy.reads.target || targetProfiles[target.type].locksTarget);
  const details = wantsDetails
    ? await unlessForbidden(options, () => options.resources.readTarget(target))
    : undefined;
  const wanted = policy.reads.endpoint ? concerned.flatMap(({ endpoint }) => endpoint ?? []) : [];
  return { details, ...(await readEndpoints(options, wanted)) };
}

/** So many at once: one after the other, a target with many connections would be out of date before it was read. */
const readsAtOnce = 8;

/**
 * Endpoints belong to others: trouble with one of them, which its owner may even have caused, must not keep the
 * connections of all others waiting.
 */
async function readEndpoints(
  options: Options,
  wanted: readonly EndpointId[],
): Promise<Omit<FactsRead, 'details'>> {
  const endpoints = new Map<string, EndpointDetails>();
  const unread = new Set<string>();
  let retryAfterSeconds: number | undefined;
  const left = [...new Map(wanted.map((endpoint) => [endpoint.key, endpoint])).values()];
  async function readNext(): Promise<void> {
    for (let endpoint = left.shift(); endpoint !== undefined; endpoint = left.shift()) {
      const { id, key } = endpoint;
      try {
        const read = await unlessForbidden(options, () => options.resources.readEndpoint(id));
        if (read !== undefined) endpoints.set(key, read);
      } catch (error) {
        if (!isTransient(error)) {
          left.length = 0;
          throw error;
        }
        options.logger.warn(`${id} could not be read; its connections wait. ${describeError(error)}`);
        unread.add(key);
        retryAfterSeconds = Math.max(retryAfterSeconds ?? 0, error.retryAfterSeconds ?? 0) || undefined;
      }
    }
  }
  await Promise.all(Array.from({ length: readsAtOnce }, readNext));
  return { endpoints, unread, retryAfterSeconds };
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
