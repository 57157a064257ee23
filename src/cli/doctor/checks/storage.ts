import type { Clock } from '../../../base/clock';
import { hasEventTopic } from '../../../config/registration';
import { type Check, notChecked } from '../check';
import type { Examination } from '../examination';
import { ageText, type Finding, ok, problem, warning } from '../finding';
import type { PartState, StoragePart } from '../sources';

const poison = '-poison';

/** Parts that every deployment uses, including the host's poison queues. */
const always: readonly StoragePart[] = [
  { service: 'blob', name: 'leases' },
  { service: 'queue', name: 'reviews' },
  { service: 'queue', name: 'operations' },
  { service: 'queue', name: `reviews${poison}` },
  { service: 'queue', name: `operations${poison}` },
  { service: 'table', name: 'operations' },
  { service: 'table', name: 'ledger' },
];

/** Parts that only a deployment with outcome events uses. */
const withTopic: readonly StoragePart[] = [
  { service: 'queue', name: 'outcomes' },
  { service: 'queue', name: `outcomes${poison}` },
];

/** Creates the check of the storage account. */
export function storageCheck({ sources, clock }: Examination): Check {
  return {
    name: 'storage',
    title: 'Storage',
    async run({ report }) {
      const inspector = sources.storage();
      const hasTopic = hasEventTopic(sources.settings.environment);
      for (const part of hasTopic ? [...always, ...withTopic] : always) {
        try {
          report(judgePart(part, await inspector.inspect(part), clock));
        } catch (error) {
          report(notChecked(placeOf(part), error));
        }
      }
    },
  };
}

/** A message that is older than this shows that the app does not process the queue. */
const longestWaitSeconds = 15 * 60;

/** Checks one container, queue or table. */
export function judgePart(part: StoragePart, state: PartState, clock: Pick<Clock, 'now'>): Finding {
  const place = placeOf(part);
  const isPoison = part.name.endsWith(poison);
  if (state.kind === 'missing') {
    if (isPoison) return ok(place, 'does not exist, because no message has ever failed');
    return warning(
      place,
      'does not exist yet',
      'the app creates it with its first use; check that the app runs with this storage',
    );
  }
  if (state.messages === undefined) return ok(place, 'exists');
  const count = `about ${state.messages} message${state.messages === 1 ? '' : 's'}`;
  if (isPoison && state.messages > 0) {
    return problem(place, `${count} that failed five times`, poisonFix(part));
  }
  const waits =
    state.oldestAt === undefined ? 0 : (clock.now().getTime() - Date.parse(state.oldestAt)) / 1000;
  const oldest = state.oldestAt === undefined ? '' : `; the oldest visible one is ${ageText(waits)} old`;
  if (part.name === 'reviews' && waits > longestWaitSeconds)
    return problem(place, `${count}${oldest}`, 'check that the app runs: see its invocations and logs');
  return ok(place, state.messages === 0 ? 'exists and is empty' : `${count}${oldest}`);
}

function poisonFix({ name }: StoragePart): string {
  return name.startsWith('outcomes')
    ? 'see the topic’s error in the app’s log; the ledger has the same records'
    : 'check that the app runs: its onAbandoned functions take and audit these messages; then run postern retry';
}

function placeOf({ service, name }: StoragePart): string {
  return `${kinds[service]} ${name}`;
}

const kinds = { blob: 'container', queue: 'queue', table: 'table' } as const;
