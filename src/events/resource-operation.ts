import * as z from '../base/schema/schema';
import { firstProblem } from '../base/errors';
import { ifWellFormed, type EventEnvelope } from './event-envelope';
import { type EventReader, type EventReading, readingOf } from './hints';
import { namedResource, type NamedResource, type Owner } from './named-resource';

/** What an operation did to its resource. */
export type Verb = 'write' | 'action' | 'delete';

/** The claim that names who made the request. Azure sets it; whoever forges an event can set it, too. */
const objectIdClaim = 'http://schemas.microsoft.com/identity/claims/objectidentifier';

const schema = z.object({
  operationName: z.nullish(z.string().check(z.maxLength(1000))),
  resourceUri: z.nullish(z.string().check(z.maxLength(10_000))),
  status: z.nullish(z.string().check(z.maxLength(100))),
  claims: ifWellFormed(z.object({ [objectIdClaim]: ifWellFormed(z.string().check(z.maxLength(100))) })),
});

/** Matches operation names that concern connections, whatever the subject is. */
const aboutConnections = /\/privateEndpointConnection(?:s|Proxies|sApproval)(?:\/|$)/i;
const aboutProxies = /\/privateEndpointConnectionProxies\//i;

/**
 * Reads `Microsoft.Resources.Resource{Write,Action,Delete}Success`. These events carry no resource
 * body: the subject is the id of the resource that the operation was about, and `operationName`
 * names the operation.
 */
export function readOperation(
  envelope: EventEnvelope,
  verb: Verb,
  { answers, ownObjectId }: EventReader,
): EventReading {
  const parsed = schema.safeParse(envelope.data ?? {});
  if (!parsed.success) return { kind: 'malformed', problem: `data: ${firstProblem(parsed.error)}` };
  const { operationName, resourceUri, status, claims } = parsed.data;
  if (/^(?:failed|cancell?ed)$/i.test(status ?? '')) return ignored('failed-operation');
  const operation = operationName ?? '';
  const texts = [envelope.subject, resourceUri].filter((text) => typeof text === 'string');
  const resource = texts.map((text) => namedResource(text, answers)).find((found) => found !== undefined);
  if (resource !== undefined) {
    const isOwn = ownObjectId !== undefined && claims?.[objectIdClaim]?.toLowerCase() === ownObjectId;
    return isOwn && isAboutConnection(resource, operation)
      ? ignored('own-write')
      : readResource(resource, operation, verb);
  }
  const concernsUs = [operation, ...texts].some((text) => /\/privateEndpoint/i.test(text));
  if (!concernsUs) return ignored('other-resource');
  return { kind: 'malformed', problem: 'neither subject nor data.resourceUri is a resource id' };
}

/** Tells whether the operation was about a connection itself, as each of Postern's writes is. */
function isAboutConnection({ kind }: NamedResource, operation: string): boolean {
  if (aboutProxies.test(operation)) return false;
  return kind === 'connection' || (kind === 'other' && aboutConnections.test(operation));
}

function readResource(resource: NamedResource, operation: string, verb: Verb): EventReading {
  switch (resource.kind) {
    case 'proxy':
      return owned(resource.owner, announces(operation, verb));
    case 'connection':
      return owned(resource.owner, aboutProxies.test(operation) && announces(operation, verb));
    case 'other':
      if (!aboutConnections.test(operation)) return ignored('other-resource');
      return owned(resource.owner, aboutProxies.test(operation) && announces(operation, verb));
    case 'endpoint-child':
      return ignored('endpoint-child');
    case 'endpoint':
      if (verb === 'action') return ignored('other-resource');
      if (verb === 'delete') return ignored('endpoint-deleted-targets-unknown');
      return { kind: 'hints', hints: [resource], unsupportedTargetIds: [] };
  }
}

/**
 * Tells whether an operation announces a new connection request: the network provider then writes a
 * proxy on the target, or calls its validate action.
 */
function announces(operation: string, verb: Verb): boolean {
  return verb === 'write' || (verb === 'action' && /\/validate\/action$/i.test(operation));
}

function owned(owner: Owner, isNew: boolean): EventReading {
  return readingOf([owner], isNew ? { expects: 'any' } : {});
}

function ignored(reason: Extract<EventReading, { kind: 'ignored' }>['reason']): EventReading {
  return { kind: 'ignored', reason };
}
