import listedActions from '../../../../src/azure/roles/type-actions.json';
import { profileOf, targetTypeFrom } from '../../../../src/connections/target-type';
import {
  armError,
  emptyResponse,
  jsonResponse,
  type JsonObject,
  type LocalResponse,
} from '../../http/message';
import type { Connection, OperationContext, Target, TargetProfile } from '../../model/world';
import { deleteReplyOf, type TypeEvidence, type WireReply, writeReplyOf } from './evidence';
import { createBodies } from './table-bodies';
import { statesOf } from './table-states';

/** The HTTP status of an operation's URL while it runs, of the types that were recorded not to say 200. */
const runningStatuses: Readonly<Record<string, number>> = {
  'Microsoft.ContainerRegistry/registries': 201,
  'Microsoft.Databricks/workspaces': 202,
  'Microsoft.Dashboard/grafana': 202,
};

/** Creates the profile of a type from its evidence: the provider answers as it was recorded, or as it is described. */
export function createTableProfile(evidence: TypeEvidence): TargetProfile {
  const { type } = evidence;
  const writeReply = writeReplyOf(evidence);
  const deleteReply = deleteReplyOf(evidence);
  const [group = 'default'] = Object.keys(evidence.groupIds).filter((id) => !/[({]/.test(id));
  const bodies = createBodies(evidence);
  const known = targetTypeFrom(type);
  const isInstant =
    writeReply.headers.length === 0 && writeReply.statusShown !== 'old' && writeReply.body === 'connection';
  const isShown =
    writeReply.statusShown === 'new' || writeReply.statusShown?.startsWith('transitional') === true;
  const seconds = isInstant ? 0 : secondsOf(evidence);
  return {
    type,
    method: evidence.write.method === 'PATCH' ? 'PATCH' : 'PUT',
    isHiddenFromGraph: known === undefined || !profileOf(known).inResourceGraph,
    timings: {
      approveSeconds: seconds,
      rejectSeconds: seconds,
      deleteSeconds: deleteReply.headers.length === 0 ? 0 : 15,
      lockSeconds: 0,
    },
    privateLink: { name: group, requiredMember: 'default', zone: 'privatelink.example.net' },
    headers: {},
    states: statesOf(evidence, { isInstant, whileRunning: writeReply.provisioningState ?? undefined }),
    showsNewStatusAtOnce: isShown,
    hasEtags: false,
    listsNewestFirst: false,
    canReviveRejected: known !== undefined && profileOf(known).canReviveRejected,
    ignoresSameStatus: false,
    needsBodyId: evidence.write.needsId === true,
    autoApprovedDescription: 'Auto-Approved',
    nameConnection: (request) => nameFrom(evidence, request),
    storeDescription: (sent) => (storesDescription(evidence) ? (sent ?? '') : ''),
    ...bodies,
    privateLinkBody: (target) => privateLinkBody(target, type, group),
    writeAccepted: (context) => replyTo(writeReply, context, bodies.connectionBody),
    deleteAccepted: (context) => replyTo(deleteReply, context, bodies.connectionBody),
    poll: (context) => poll(context, runningStatuses[type] ?? 200),
    error: armError,
    conflict: ({ name }) => ({
      code: 'AnotherOperationInProgress',
      message: `Another operation on '${name}' is in progress.`,
    }),
    refuses: ({ status }, wanted) => refusalIn(evidence, status, wanted) !== undefined,
    refusal: ({ status }, wanted) => ({
      code: refusalIn(evidence, status, wanted) ?? 'BadRequest',
      message: `The status of the private endpoint connection cannot be changed from '${status}' to '${wanted}'.`,
    }),
  };
}

/** Returns the code with which a change was refused; `undefined` if it was not. */
function refusalIn({ transitions }: TypeEvidence, from: string, to: string): string | undefined {
  const result = transitions[`${from}>${to}`]?.result;
  if (typeof result === 'string') return result.startsWith('refused') ? 'BadRequest' : undefined;
  const [refusal] = Object.keys(result ?? {}).filter((each) => each.startsWith('refused'));
  return refusal?.split(' ').at(-1);
}

/** Returns a time between the shortest and the longest that was seen. */
function secondsOf({ states }: TypeEvidence): number {
  const [shortest = 15, longest = shortest] = states.secondsUntilSeenDone ?? [];
  return Math.max(5, Math.round((shortest + Math.min(longest, 120)) / 2));
}

function nameFrom(
  { connectionName, type }: TypeEvidence,
  { targetName, connectionName: name, guid }: { targetName: string; connectionName: string; guid: string },
): string {
  const known = targetTypeFrom(type);
  const machinery = known === undefined ? undefined : profileOf(known).machinery?.connection;
  // The only names that were recorded may be those of the provider's own connections.
  const recorded = connectionName?.pattern.findLast((each) => machinery?.test(each) !== true);
  const pattern = recorded ?? '{endpoint}.{guid}';
  return pattern
    .replace(/;.*$| \(.*$/g, '')
    .replace('{resource}', targetName)
    .replace('{volumeGroup}', targetName)
    .replace('{guid}', guid)
    .replace('{32 hex digits}', guid.replaceAll('-', ''))
    .replace(/\{[^}]*\}/, name);
}

function storesDescription({ states }: TypeEvidence): boolean {
  const said = Object.keys(states.description ?? {});
  return (
    said.length === 0 ||
    said.some((each) => /^stored$|: stored$|ends as/.test(each)) ||
    !said.some((each) => each.startsWith('not stored'))
  );
}

function replyTo(
  { status, body, headers }: WireReply,
  context: OperationContext,
  connectionBody: (connection: Connection) => JsonObject,
): LocalResponse {
  const url = operationUrl(context);
  const named = Object.fromEntries(headers.map((name) => [name, name === 'retry-after' ? '15' : url]));
  if (body === 'connection' && context.connection !== undefined)
    return jsonResponse(status, connectionBody(context.connection), named);
  if (body === 'other:operation+startTime')
    return jsonResponse(
      status,
      { operation: context.operation.kind, startTime: context.operation.startedAt.toISOString() },
      named,
    );
  if (body === 'other:status') return jsonResponse(status, { status: 'Enqueued' }, named);
  return body.startsWith('other:') ? jsonResponse(status, {}, named) : emptyResponse(status, named);
}

/** Returns the operation URL, at the place for which Azure lists a read. */
function operationUrl({ operation, target, origin, apiVersion }: OperationContext): string {
  const [read] =
    (listedActions as Readonly<Record<string, { operations?: string[] }>>)[target.profile.type]?.operations ??
    [];
  const words = read?.split('/').slice(0, -1) ?? [];
  const [namespace = '', ...path] = words;
  const subscription = target.id.split('/').slice(0, 3).join('/');
  const region = target.location.toLowerCase().replace(/ /g, '');
  const place =
    path[0]?.toLowerCase() === 'locations'
      ? `${subscription}/providers/${namespace}/locations/${region}/${path.slice(1).join('/')}`
      : `${operation.connectionId}/operationStatuses`;
  return `${origin}${place}/${operation.id}?api-version=${apiVersion}`;
}

/** Answers the operation URL. The word in the body counts, whatever the HTTP status. */
function poll({ operation }: OperationContext, runningStatus: number): LocalResponse {
  const { state, error, id } = operation;
  if (state === 'InProgress') return jsonResponse(runningStatus, { name: id, status: 'InProgress' });
  return jsonResponse(200, {
    name: id,
    status: state,
    error: error === undefined ? undefined : { ...error },
  });
}

function privateLinkBody(target: Target, type: string, group: string): JsonObject {
  return {
    id: `${target.id}/privateLinkResources/${group}`,
    name: group,
    type: `${type}/privateLinkResources`,
    properties: { groupId: group, requiredMembers: ['default'], requiredZoneNames: [] },
  };
}
