import * as z from '../base/schema/schema';
import { anyList, boundedList, maxNestedEntries } from '../base/schema/bounded-list';
import { firstProblem } from '../base/errors';
import { ifWellFormed } from './event-envelope';
import type { EndpointId } from '../connections/resource-id';
import type { EventEnvelope } from './event-envelope';
import { type EventReading, readingOf } from './hints';
import { namedResource, type Owner, ownerFromText, type Answers } from './named-resource';

const linked = z.pipe(
  z.object({
    properties: z.object({ privateLinkServiceId: z.string().check(z.minLength(1), z.maxLength(2048)) }),
  }),
  z.transform(({ properties }) => properties.privateLinkServiceId),
);
const connections = ifWellFormed(boundedList(ifWellFormed(linked), maxNestedEntries));

const schema = z.object({
  resourceInfo: z.object({
    id: z.string().check(z.maxLength(10_000)),
    properties: ifWellFormed(
      z.object({
        provisioningState: ifWellFormed(z.string().check(z.maxLength(100))),
        privateLinkServiceConnections: connections,
        manualPrivateLinkServiceConnections: connections,
        privateEndpointConnections: z.catch(z.nullish(anyList(Number.POSITIVE_INFINITY)), undefined),
      }),
    ),
  }),
});

type Properties = z.infer<typeof schema>['resourceInfo']['properties'];

/**
 * Reads `Microsoft.ResourceNotifications.Resources.{CreatedOrUpdated,Deleted}`. These events carry
 * the resource's body, which for an endpoint includes its targets. The endpoint is often still
 * being created, and its connection may not exist yet.
 */
export function readNotification(
  envelope: EventEnvelope,
  verb: 'write' | 'delete',
  answers: Answers,
): EventReading {
  const parsed = schema.safeParse(envelope.data);
  if (!parsed.success) return { kind: 'malformed', problem: `data: ${firstProblem(parsed.error)}` };
  const { id, properties } = parsed.data.resourceInfo;
  const resource = namedResource(id, answers);
  switch (resource?.kind) {
    case 'endpoint':
      return readEndpoint(resource.endpoint, properties, { verb, answers });
    case 'endpoint-child':
      return { kind: 'ignored', reason: 'endpoint-child' };
    case 'connection':
      return readingOf([resource.owner]);
    case 'proxy':
      return readingOf([resource.owner], verb === 'write' ? { expects: 'any' } : {});
    case 'other':
      return readTarget(resource.owner, properties, verb);
    case undefined:
      return /\/privateEndpoint/i.test(id)
        ? { kind: 'malformed', problem: 'data.resourceInfo.id is not a resource id' }
        : { kind: 'ignored', reason: 'other-resource' };
  }
}

function readEndpoint(
  endpoint: EndpointId,
  properties: Properties,
  { verb, answers }: { readonly verb: 'write' | 'delete'; readonly answers: Answers },
): EventReading {
  const ids = [
    ...(properties?.privateLinkServiceConnections ?? []),
    ...(properties?.manualPrivateLinkServiceConnections ?? []),
  ].filter((id) => id !== undefined);
  if (ids.length > 0) {
    const owners = ids.map((each) => ownerFromText(each, answers));
    if (verb === 'delete') return readingOf(owners);
    const isEarly = /^(?:updating|creating)$/i.test(properties?.provisioningState ?? '');
    return readingOf(owners, { expects: endpoint.key, ...(isEarly ? { isEarly } : {}) });
  }
  if (verb === 'delete') return { kind: 'ignored', reason: 'endpoint-deleted-targets-unknown' };
  return { kind: 'hints', hints: [{ kind: 'endpoint', endpoint }], unsupportedTargetIds: [] };
}

/** Reads a change of a target itself. Other resources change constantly and are out of scope. */
function readTarget(owner: Owner, properties: Properties, verb: 'write' | 'delete'): EventReading {
  if (owner.kind === 'malformed') return owner;
  if (owner.kind === 'unsupported') return { kind: 'ignored', reason: 'other-resource' };
  if (verb === 'delete') return { kind: 'ignored', reason: 'target-deleted' };
  const connections = properties?.privateEndpointConnections;
  const hasNone = connections === null || connections?.length === 0;
  return hasNone ? { kind: 'ignored', reason: 'target-without-connections' } : readingOf([owner]);
}
