import type { Clock } from '../../../base/clock';
import { hasEventTopic } from '../../../config/registration';
import { type Check, notChecked } from '../check';
import type { Examination } from '../examination';
import { ageText, type Finding, ok, problem, warning } from '../finding';
import type { PartState, StoragePart } from '../sources';

const poison = '-poison';

/** What Postern keeps its own state in, and what the host puts aside. */
const always: readonly StoragePart[] = [
  { service: 'blob', name: 'leases' },
  { service: 'queue', name: 'reviews' },
  { service: 'queue', name: 'operations' },
  { service: 'queue', name: `reviews${poison}` },
  { service: 'queue', name: `operations${poison}` },
  { service: 'table', name: 'operations' },
  { service: 'table', name: 'ledger' },
];

/** Outcome events that the topic did not take at once. */
const withTopic: readonly StoragePart[] = [
  { service: 'queue', name: 'outcomes' },
  { service: 'queue', name: `outcomes${poison}` },
];

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

/** A review that waits this long while the app runs: nobody takes messages. */
const longestWaitSeconds = 15 * 60;

export function judgePart(part: StoragePart, state: PartState, clock: Pick<Clock, 'now'>): Finding {
  const place = placeOf(part);
  const isPoison = part.name.endsWith(poison);
  if (state.kind === 'missing') {
    if (isPoison) return ok(place, 'not there: no message was ever put aside');
    return warning(place, 'not there yet', 'Postern makes it when it first uses it; has it ever run?');
  }
  if (state.messages === undefined) return ok(place, 'there');
  const count = `about ${state.messages} message${state.messages === 1 ? '' : 's'}`;
  if (isPoison && state.messages > 0) {
    return problem(place, `${count} put aside after five failures`, poisonFix(part));
  }
  const waits =
    state.oldestAt === undefined ? 0 : (clock.now().getTime() - Date.parse(state.oldestAt)) / 1000;
  const oldest = state.oldestAt === undefined ? '' : `, the oldest in sight put in ${ageText(waits)} ago`;
  if (part.name === 'reviews' && waits > longestWaitSeconds)
    return problem(place, `${count}${oldest}`, 'does the app run? Look at its invocations and its logs');
  return ok(place, state.messages === 0 ? 'there, and empty' : `${count}${oldest}`);
}

function poisonFix({ name }: StoragePart): string {
  return name.startsWith('outcomes')
    ? 'look at the app’s log for what the topic says; the ledger has what they told'
    : 'does the app run? onAbandoned takes them out and audits them; then look at postern retry';
}

function placeOf({ service, name }: StoragePart): string {
  return `${kinds[service]} ${name}`;
}

const kinds = { blob: 'container', queue: 'queue', table: 'table' } as const;
