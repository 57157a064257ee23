import type { AuditRecord } from '../../../src/audit/audit-record';
import { startWholeApp } from '../../../dev/estate/whole-app';
import { callOf, expectedEnd, shownIn, stateOf } from '../../support/http/recorded-end';
import { createTimeline, itemsIn, namesOf } from '../../support/http/timeline';
import {
  type Interaction,
  ownStoreRecordings,
  type RecordedWrite,
  typeRecordings,
  writesIn,
} from '../../support/http/type-recordings';
import { operationEvent } from '../../support/samples/event-samples';
import '../../../functions/register';

jest.mock('@azure/functions', () => jest.requireActual<object>('../../../dev/explore/app/functions-sdk'));
jest.mock('../../../functions/worker', () => jest.requireActual<object>('../../../dev/explore/app/worker'));

/**
 * Every recorded write is made again by the whole app: an event arrives, the policy wants what was done then, and Azure
 * answers as it did. The calls and the audit record of the end must fit what happened in reality.
 */
const recordings = [...typeRecordings(), ...ownStoreRecordings()];

const ends = ['applied', 'failed', 'expired', 'unproven', 'superseded', 'abandoned'];

/** How often each way of being played occurred, so that a harness that plays nothing is noticed. */
const played = new Map<string, number>();

describe.each(recordings)('the recording $title', ({ interactions }) => {
  test('is made again by the app, and recorded as it ended', async () => {
    for (const write of writesIn(interactions)) {
      const how = await replay(interactions, write);
      played.set(how, (played.get(how) ?? 0) + 1);
    }
  });
});

test('most recorded writes are really made again', () => {
  const count = (prefix: string): number =>
    [...played].reduce((sum, [how, times]) => (how.startsWith(prefix) ? sum + times : sum), 0);
  expect(count('again: approve applied')).toBeGreaterThanOrEqual(24);
  expect(count('again: reject applied')).toBeGreaterThanOrEqual(52);
  expect(count('again: delete applied')).toBeGreaterThanOrEqual(21);
  expect(count('known to be refused')).toBeGreaterThanOrEqual(13);
  expect(count('unseen before')).toBeLessThan(count('again') / 20);
});

/** Plays one write. Returns how: `again` with the end, or why the app would never make it. */
async function replay(interactions: readonly Interaction[], write: RecordedWrite): Promise<string> {
  const { effect, subject, interaction } = write;
  const status = statusBefore(interactions, write);
  if (status === undefined) return 'unseen before';
  if (!mayBeRule(effect, status)) return `no rule may: ${effect} what is ${status}`;
  const timeline = createTimeline(interactions, write.at);
  const version = new URL(interaction.request.url).searchParams.get('api-version') ?? '';
  const app = await startWholeApp({
    httpClient: timeline.httpClient,
    settings: { TARGET_TYPES: 'all', API_VERSIONS: `${subject.target.type}=${version}` },
    policy: policyFor(write, status),
  });
  const isOurs = ({ connection }: AuditRecord): boolean =>
    connection?.toLowerCase().endsWith(`/${subject.connection}`.toLowerCase()) === true;
  const endOf = (): AuditRecord | undefined =>
    app.records.find((record) => isOurs(record) && ends.includes(record.kind));
  void app.deliver(eventAbout(write));
  await app.run(48, () => endOf() !== undefined);
  app.close();
  const decided = app.records.find((record) => isOurs(record) && record.kind === 'decided');
  const [sent] = timeline.asked.filter((each) => !each.startsWith('GET '));
  const story = { write: `${effect} ${status} ${subject.connection}`, log: app.log() };
  if (decided?.effect !== effect || sent?.startsWith(interaction.request.method) !== true) {
    // What the app knows better than to send was refused.
    expect({ ...story, decided: decided?.effect, wasRefused: wasRefused(interactions, write) }).toEqual({
      ...story,
      decided: expect.any(String),
      wasRefused: true,
    });
    return `known to be refused: ${effect} what is ${status}`;
  }
  const end = endOf()?.kind ?? 'endless';
  const wanted = expectedEnd(interactions, write, end);
  expect({ ...story, end, sent: sent.toLowerCase() }).toEqual({
    ...story,
    end: wanted === 'refused' ? 'failed' : wanted,
    sent: callOf(interaction).toLowerCase(),
  });
  return `again: ${effect} ${end}`;
}

/** Nothing is approved twice or rejected twice, and what a requester has left is only deleted. */
function mayBeRule(effect: string, status: string): boolean {
  if (!['Pending', 'Approved', 'Rejected', 'Disconnected'].includes(status)) return false;
  if (effect === 'approve') return status === 'Pending' || status === 'Rejected';
  return effect === 'delete' || status === 'Pending' || status === 'Approved';
}

function wasRefused(interactions: readonly Interaction[], write: RecordedWrite): boolean {
  return ['refused', 'failed'].includes(expectedEnd(interactions, write, 'unproven'));
}

/** Returns the status that was seen last before a write, with the state if the provider was still at work. */
function statusBefore(
  interactions: readonly Interaction[],
  { at, subject }: RecordedWrite,
): string | undefined {
  const names = (item: unknown): boolean => namesOf(item).includes(subject.connection.toLowerCase());
  for (const { request, response } of interactions.slice(0, at).reverse()) {
    if (request.method !== 'GET' || response.status !== 200) continue;
    const items = itemsIn(response.body) ?? [response.body];
    const found = items.find(names);
    const status = stateOf(found).status;
    // Some types show work in progress while a request waits for its answer.
    if (status !== undefined) return status === 'Pending' ? status : shownIn(found);
  }
  return undefined;
}

function policyFor({ effect, subject }: RecordedWrite, status: string): string {
  return `version: 1
mode: enforce
rules:
  - name: again
    effect: ${effect}
    on: [${status}]
    targets: [${subject.target.type}]
    ${effect === 'approve' ? 'approvesAnyone: true' : ''}
    when: connection.name == "${subject.connection}"
`;
}

function eventAbout({ subject }: RecordedWrite): unknown {
  const id = `${subject.target.id}/privateEndpointConnections/${subject.connection}`;
  return operationEvent('Write', `${subject.target.type}/privateEndpointConnections/write`, id);
}
