import { idKey } from '../../../connections/resource-id';
import { type Check, type CheckRun, notChecked } from '../check';
import { deployedFilters, type DeployedFilters } from '../event-filters/deployed-filters';
import type { EventSubscription, SystemTopic, WatchedTopic } from '../../../events/event-subscription';
import { judgeFilter } from '../event-filters/judge-filter';
import { type Examination, forEachSome } from '../examination';
import { type Finding, ok, problem, warning } from '../finding';
import type { EventSubscriptionReader } from '../sources';

/** The topic types that Postern listens to in each watched subscription. */
export const watchedTopics: readonly WatchedTopic[] = [
  {
    topicType: 'Microsoft.Resources.Subscriptions',
    eventTypes: [
      'Microsoft.Resources.ResourceWriteSuccess',
      'Microsoft.Resources.ResourceDeleteSuccess',
      'Microsoft.Resources.ResourceActionSuccess',
    ],
  },
  {
    topicType: 'Microsoft.ResourceNotifications.Resources',
    eventTypes: [
      'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated',
      'Microsoft.ResourceNotifications.Resources.Deleted',
    ],
  },
];

/** Creates the check of the event subscriptions. */
export function eventsCheck(examination: Examination): Check {
  return {
    name: 'events',
    title: 'Event subscriptions',
    async run(run) {
      const { events } = examination.sources.arm();
      const subscriptions = await watched(examination);
      if (subscriptions.length === 0)
        run.report(
          warning(
            'events',
            'no subscription with a target is visible',
            'pass subscriptions with --subscription',
          ),
        );
      await forEachSome(subscriptions, run.signal, async (id) => {
        try {
          await checkSubscription(events, { id, functionAppId: examination.functionAppId }, run);
        } catch (error) {
          run.report(notChecked(id, error));
        }
      });
    },
  };
}

/** Returns the named subscriptions; if there are none, those with a target. */
async function watched({ subscriptions, targets }: Examination): Promise<readonly string[]> {
  if (subscriptions.length > 0) return subscriptions;
  const found = (await targets()).targets.map(({ subscriptionId }) => subscriptionId.toLowerCase());
  return [...new Set(found)];
}

async function checkSubscription(
  events: EventSubscriptionReader,
  { id, functionAppId }: { readonly id: string; readonly functionAppId: string | undefined },
  { report }: CheckRun,
): Promise<void> {
  const topics = await events.topics(id);
  for (const wanted of watchedTopics) {
    const place = `${id} ${wanted.topicType}`;
    try {
      const found: TopicWithSubscriptions[] = [];
      for (const topic of topics.filter((each) => isAbout(each, id, wanted))) {
        const subscriptions: readonly EventSubscription[] = await events.subscriptionsOf(topic);
        found.push({ topic, subscriptions });
      }
      judgeTopicType(place, { wanted, found, functionAppId }).forEach(report);
    } catch (error) {
      report(notChecked(place, error));
    }
  }
}

function isAbout({ topicType, source }: SystemTopic, subscriptionId: string, wanted: WatchedTopic): boolean {
  return (
    topicType.toLowerCase() === wanted.topicType.toLowerCase() &&
    source.replace(/\/+$/, '').toLowerCase() === `/subscriptions/${subscriptionId}`.toLowerCase()
  );
}

/** A system topic with its event subscriptions. */
export interface TopicWithSubscriptions {
  readonly topic: SystemTopic;
  readonly subscriptions: readonly EventSubscription[];
}

/** What the check of one topic type needs. */
export interface TopicFacts {
  readonly wanted: WatchedTopic;
  /** The system topics of this type for the subscription; normally one. */
  readonly found: readonly TopicWithSubscriptions[];
  /** The function app that events must be delivered to; absent: any. */
  readonly functionAppId: string | undefined;
  /** Filter conditions of this version. */
  readonly filters?: DeployedFilters | undefined;
}

const deploy =
  'deploy the event subscriptions of this subscription; until then, only the sweep finds requests';
const functionName = 'onResourceEvent';

/** Checks whether the events of one topic type reach Postern. One correct event subscription is enough. */
export function judgeTopicType(
  place: string,
  { wanted, found, functionAppId, filters = deployedFilters }: TopicFacts,
): readonly Finding[] {
  if (found.length === 0) return [problem(place, 'there is no system topic', deploy)];
  const ours = found.flatMap(({ topic, subscriptions }) =>
    subscriptions
      .filter(({ destination }) => reaches(destination, functionAppId))
      .map((subscription) => ({ topic, subscription })),
  );
  if (ours.length === 0) {
    const other = found.flatMap(({ subscriptions }) => subscriptions).length;
    const where = functionAppId === undefined ? functionName : `${functionName} of ${functionAppId}`;
    return [
      problem(
        place,
        `no event subscription delivers to ${where} (event subscriptions to other destinations: ${other})`,
        deploy,
      ),
    ];
  }
  const judged = ours.map(({ topic, subscription }) => {
    const findings = [
      ...judgeSubscription(place, subscription, wanted),
      ...judgeFilter(place, subscription, { topicType: wanted.topicType, filters }),
      ...judgeIdentity(place, subscription, topic),
    ];
    return findings.length > 0 ? findings : [ok(place, `${subscription.name} delivers to ${functionName}`)];
  });
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
      problem(place, `${name} is ${provisioningState ?? 'in an unknown state'}`, 'deploy it again'),
    );
  const missing = missingTypes(eventTypes, includedEventTypes);
  if (missing.length > 0)
    findings.push(
      problem(place, `${name} does not deliver ${missing.join(', ')}`, 'include these event types'),
    );
  if (!hasDeadLetter)
    findings.push(
      warning(place, `${name} has no dead-letter container: undelivered events are lost`, 'set one'),
    );
  if (destination.kind === 'webhook')
    findings.push(
      warning(place, `${name} calls a webhook whose function is unknown`, 'use the function as destination'),
    );
  return findings;
}

/**
 * Checks the topic's identity, which is missing if the topic is older than Postern or another
 * deployment replaced it.
 */
function judgeIdentity(
  place: string,
  { name, deadLetterIdentityId: needed }: EventSubscription,
  topic: SystemTopic,
): readonly Finding[] {
  if (needed === undefined || topic.identityIds.some((id) => idKey(id) === idKey(needed))) return [];
  const what = `the topic ${topic.name} lacks the identity that ${name} uses for its dead-letter container: undelivered events are lost`;
  return [warning(place, what, `assign this identity to the topic: ${needed}`)];
}

/**
 * Returns the event types that are not delivered. An empty list, or `All` in older API versions,
 * includes all types.
 */
function missingTypes(wanted: readonly string[], included: readonly string[]): readonly string[] {
  const lower = included.map((type) => type.toLowerCase());
  if (lower.length === 0 || lower.includes('all')) return [];
  return wanted.filter((type) => !lower.includes(type.toLowerCase()));
}
