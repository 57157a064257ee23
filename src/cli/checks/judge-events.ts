import { idKey } from '../../connections/id-key';
import type { EventSubscription, SystemTopic, WatchedTopic } from './event-subscription';
import { ok, problem, warning, type Finding } from './finding';

export interface TopicWithSubscriptions {
  readonly topic: SystemTopic;
  readonly subscriptions: readonly EventSubscription[];
}

export interface TopicFacts {
  readonly wanted: WatchedTopic;
  /** The system topics of that type and subscription: one, if all is well. */
  readonly found: readonly TopicWithSubscriptions[];
  /** Where events must go to; absent: any function app. */
  readonly functionAppId: string | undefined;
}

const deploy =
  'deploy the event subscriptions of this subscription; until then only the sweep finds requests';
const functionName = 'onResourceEvent';

/** Whether the events of one type in one subscription reach Postern. One event subscription that is well is enough. */
export function judgeTopicType(
  place: string,
  { wanted, found, functionAppId }: TopicFacts,
): readonly Finding[] {
  if (found.length === 0) return [problem(place, 'there is no system topic', deploy)];
  const ours = found
    .flatMap(({ subscriptions }) => subscriptions)
    .filter(({ destination }) => reaches(destination, functionAppId));
  if (ours.length === 0) {
    const other = found.flatMap(({ subscriptions }) => subscriptions).length;
    const where = functionAppId === undefined ? functionName : `${functionName} of ${functionAppId}`;
    return [problem(place, `no event subscription delivers to ${where} (${other} to others)`, deploy)];
  }
  const judged = ours.map((each) => judgeSubscription(place, each, wanted));
  return (
    judged.find((findings) => findings.every(({ level }) => level === 'ok')) ??
    judged.find((findings) => findings.every(({ level }) => level !== 'problem')) ??
    judged.flat()
  );
}

function reaches(destination: EventSubscription['destination'], functionAppId: string | undefined): boolean {
  switch (destination.kind) {
    case 'function': {
      const id = idKey(destination.resourceId);
      const app = functionAppId && idKey(functionAppId).replace(/\/+$/, '');
      const isThere = app === undefined || id.startsWith(`${app}/`);
      return isThere && id.endsWith(`/functions/${functionName.toLowerCase()}`);
    }
    case 'webhook':
      return /\/runtime\/webhooks\/eventgrid\b/i.test(destination.url);
    case 'other':
      return false;
  }
}

function judgeSubscription(
  place: string,
  subscription: EventSubscription,
  { eventTypes }: WatchedTopic,
): readonly Finding[] {
  const { name, provisioningState, includedEventTypes, hasDeadLetter, destination } = subscription;
  const findings: Finding[] = [];
  if (provisioningState?.toLowerCase() !== 'succeeded')
    findings.push(
      problem(place, `${name} is ${provisioningState ?? 'in no known state'}`, 'deploy it again'),
    );
  const missing = missingTypes(eventTypes, includedEventTypes);
  if (missing.length > 0)
    findings.push(problem(place, `${name} leaves out ${missing.join(', ')}`, 'include these event types'));
  if (!hasDeadLetter)
    findings.push(
      warning(place, `${name} has no dead-letter container: what is not delivered is lost`, 'set one'),
    );
  if (destination.kind === 'webhook')
    findings.push(
      warning(place, `${name} is a webhook: nobody can tell which function it calls`, 'name the function'),
    );
  return findings.length > 0 ? findings : [ok(place, `${name} delivers to ${functionName}`)];
}

/** None included is all; so is `All`, of older api-versions. */
function missingTypes(wanted: readonly string[], included: readonly string[]): readonly string[] {
  const lower = included.map((type) => type.toLowerCase());
  if (lower.length === 0 || lower.includes('all')) return [];
  return wanted.filter((type) => !lower.includes(type.toLowerCase()));
}
