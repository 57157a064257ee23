import { notChecked, type Check, type CheckRun } from '../check';
import type { EventSubscription, SystemTopic, WatchedTopic } from '../event-filters/event-subscription';
import type { Examination } from '../examination';
import { forEachSome } from '../examination';
import { judgeTopicType, type TopicWithSubscriptions } from './judge-events';
import { warning } from '../finding';
import type { EventSubscriptionReader } from '../sources';

/** What Postern listens to in each watched subscription. */
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

export function eventsCheck(examination: Examination): Check {
  return {
    name: 'events',
    title: 'Event subscriptions',
    async run(run) {
      const { events } = examination.sources.arm();
      const subscriptions = await watched(examination);
      if (subscriptions.length === 0)
        run.tell(warning('events', 'no subscription with a target can be seen', 'name some: --subscription'));
      await forEachSome(subscriptions, run.signal, async (id) => {
        try {
          await checkSubscription(events, { id, functionAppId: examination.functionAppId }, run);
        } catch (error) {
          run.tell(notChecked(id, error));
        }
      });
    },
  };
}

/** Those that were named; else those that have a target. */
async function watched({ subscriptions, targets }: Examination): Promise<readonly string[]> {
  if (subscriptions.length > 0) return subscriptions;
  const found = (await targets()).targets.map(({ subscriptionId }) => subscriptionId.toLowerCase());
  return [...new Set(found)];
}

async function checkSubscription(
  events: EventSubscriptionReader,
  { id, functionAppId }: { readonly id: string; readonly functionAppId: string | undefined },
  { tell }: CheckRun,
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
      judgeTopicType(place, { wanted, found, functionAppId }).forEach(tell);
    } catch (error) {
      tell(notChecked(place, error));
    }
  }
}

function isAbout({ topicType, source }: SystemTopic, subscriptionId: string, wanted: WatchedTopic): boolean {
  return (
    topicType.toLowerCase() === wanted.topicType.toLowerCase() &&
    source.replace(/\/+$/, '').toLowerCase() === `/subscriptions/${subscriptionId}`.toLowerCase()
  );
}
