import { fieldsOf } from '../../../src/base/json';
import { wantedStatus } from '../../../src/operations/proof/step';
import { isResult, itemsIn, namesOf } from './timeline';
import { type Interaction, type RecordedWrite, subjectOf } from './type-recordings';

/** How a write ended in reality; where nobody recorded that, `end`, which must be any but `applied`. */
export function expectedEnd(interactions: readonly Interaction[], write: RecordedWrite, end: string): string {
  const { interaction } = write;
  if (interaction.response.status >= 400) return 'refused';
  // Some were not read again after that: the failure is then known at the deadline.
  if (failedLater(interactions, write)) return end === 'expired' ? end : 'failed';
  if (wasApplied(interactions, write)) return 'applied';
  return end === 'applied' ? 'not applied' : end;
}

/** The exchanges after a write, up to the next one of the same connection. */
function afterwards(
  interactions: readonly Interaction[],
  { at, interaction }: RecordedWrite,
): readonly Interaction[] {
  const rest = interactions.slice(at + 1);
  const next = rest.findIndex(
    (each) => each.request.method !== 'GET' && pathOf(each) === pathOf(interaction),
  );
  return next === -1 ? rest : rest.slice(0, next);
}

function failedLater(interactions: readonly Interaction[], write: RecordedWrite): boolean {
  const urls = Object.values(write.interaction.response.headers);
  return afterwards(interactions, write).some(
    ({ request, response }) =>
      urls.includes(request.url) && /^failed$/i.test(String(fieldsOf(response.body)['status'])),
  );
}

function wasApplied(interactions: readonly Interaction[], write: RecordedWrite): boolean {
  const wanted = wantedStatus(write.effect);
  const last = afterwards(interactions, write)
    .flatMap((each) => seenIn(each, write) ?? [])
    .at(-1);
  if (last === undefined) return false;
  return wanted === undefined ? last === 'gone' : last.toLowerCase() === wanted.toLowerCase();
}

/** The status that an exchange shows of a connection, or `gone`; `undefined` if it shows nothing of it. */
function seenIn({ request, response }: Interaction, { subject }: RecordedWrite): string | undefined {
  const seen = subjectOf(request.url);
  if (seen === undefined && isResult(response.body, subject.connection)) return shownIn(response.body);
  if (request.method !== 'GET' || seen?.target.key !== subject.target.key) return undefined;
  if (seen.kind === 'connection') {
    if (isOperation(request.url)) return undefined;
    if (seen.connection?.toLowerCase() !== subject.connection.toLowerCase()) return undefined;
    return response.status === 200 ? shownIn(response.body) : 'gone';
  }
  const items = itemsIn(response.body);
  if (items === undefined) return undefined;
  const item = items.find((each) => namesOf(each).includes(subject.connection.toLowerCase()));
  return item === undefined ? 'gone' : shownIn(item);
}

/** A Key Vault's operation has the connection's own path, with more parameters. */
function isOperation(url: string): boolean {
  return [...new URL(url).searchParams.keys()].some((name) => name !== 'api-version');
}

/** Returns the status, with the state if the provider was still at work when it was last seen. */
export function shownIn(item: unknown): string | undefined {
  const state = fieldsOf(fieldsOf(item)['properties'])['provisioningState'];
  const isWorking =
    typeof state === 'string' &&
    /^(?:accepted|approving|processing|provisioning|updating|waiting)$/i.test(state);
  return isWorking ? `${state}/${stateOf(item).status}` : stateOf(item).status;
}

/** Returns the state of a connection's body. */
export function stateOf(body: unknown): { status?: string; description?: string | null } {
  return fieldsOf(fieldsOf(fieldsOf(body)['properties'])['privateLinkServiceConnectionState']);
}

export function pathOf({ request }: Interaction): string {
  return new URL(request.url).pathname;
}

/** Returns a request as `METHOD path?api-version`. */
export function callOf(each: Interaction): string {
  return `${each.request.method} ${pathOf(each)}?${new URL(each.request.url).searchParams.get('api-version')}`;
}
