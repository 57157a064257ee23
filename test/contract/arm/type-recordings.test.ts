import { createArm, type Arm } from '../../../src/azure/arm/arm';
import { fieldsOf } from '../../../src/base/json';
import type { Connection } from '../../../src/connections/connection';
import type { WriteReply } from '../../../src/connections/connection-store';
import { createPace } from '../../../src/connections/pace';
import { connectionIdOf } from '../../../src/connections/resource-id';
import { isOwnStoreType, profileOf, targetTypeFrom } from '../../../src/connections/target-type';
import { ArmError } from '../../../src/base/errors';
import { nextStep } from '../../../src/operations/next-step';
import type { Operation, Ticket } from '../../../src/operations/operation';
import type { Reply } from '../../../src/operations/proof/step';
import { firstTicket } from '../../../src/operations/write/first-ticket';
import { FakeClock } from '../../support/fakes/fake-clock';
import { callOf, expectedEnd, pathOf, stateOf } from '../../support/http/recorded-end';
import { createTimeline, itemsIn, namesOf, type Timeline } from '../../support/http/timeline';
import {
  type Interaction,
  type RecordedWrite,
  subjectOf,
  typeRecordings,
  writesIn,
} from '../../support/http/type-recordings';

const recordings = typeRecordings();

test('there are recordings of dozens of types', () => {
  expect(new Set(recordings.map(({ type }) => type)).size).toBeGreaterThanOrEqual(48);
});

describe.each(recordings)('the recording $title', ({ type, interactions }) => {
  test('has a row', () => {
    const row = targetTypeFrom(type);
    expect(row).toBeDefined();
    expect(row !== undefined && isOwnStoreType(row)).toBe(false);
  });

  test('every list and every connection in it is read whole', async () => {
    for (const [at, each] of interactions.entries()) await readAgain(interactions, at, each);
  });

  test('every approval, rejection and deletion makes the recorded calls and ends as it did', async () => {
    for (const write of writesIn(interactions)) await replay(interactions, write);
  });
});

interface Stage extends Timeline {
  readonly arm: Arm;
  readonly clock: FakeClock;
}

/** Creates the real adapters over a recorded Azure, with the api-version that was recorded. */
function stageAt(interactions: readonly Interaction[], at: number): Stage {
  const clock = new FakeClock();
  const timeline = createTimeline(interactions, at);
  const { request } = interactions[at] ?? {};
  const subject = subjectOf(request?.url ?? '');
  const version = new URL(request?.url ?? '').searchParams.get('api-version') ?? '';
  const arm = createArm({
    endpoint: 'https://management.azure.com',
    credential: {
      getToken: () => Promise.resolve({ token: 't', expiresOnTimestamp: Number.MAX_SAFE_INTEGER }),
    },
    httpClient: timeline.httpClient,
    clock,
    apiVersions: new Map([[subject?.target.type.toLowerCase() ?? '', version]]),
  });
  return { ...timeline, arm, clock };
}

async function readAgain(interactions: readonly Interaction[], at: number, each: Interaction): Promise<void> {
  const { request, response } = each;
  const subject = subjectOf(request.url);
  if (request.method !== 'GET' || subject === undefined || response.status !== 200) return;
  const { arm } = stageAt([...interactions.slice(0, at + 1), each], at + 1);
  if (subject.kind === 'connection') {
    const read = await arm.connections.get(connectionIdOf(subject.target, subject.connection ?? ''));
    expect(read).toMatchObject({
      status: stateOf(response.body).status,
      message: stateOf(response.body).description ?? '',
    });
    expect(read?.endpoint).toBeDefined();
    return;
  }
  const items = itemsIn(response.body);
  if (items === undefined || /privateLinkResources/i.test(request.url)) return;
  const listing = await arm.connections.list(subject.target);
  expect(listing?.malformed).toEqual([]);
  expect(listing?.connections).toHaveLength(items.length);
  for (const connection of listing?.connections ?? []) {
    const item = items.find((other) => namesOf(other).includes(connection.id.name.toLowerCase()));
    expect(connection).toMatchObject({ status: stateOf(item).status, endpoint: expect.anything() });
  }
}

async function replay(interactions: readonly Interaction[], write: RecordedWrite): Promise<void> {
  const { effect, subject, interaction } = write;
  const stage = stageAt(interactions, write.at);
  const connection = await connectionBefore(stage, write);
  if (connection === undefined) return;
  const sentBefore = stage.asked.length;
  const result = await sent(stage, connection, write);
  const calls = stage.asked.slice(sentBefore);
  expect(calls[0]?.toLowerCase()).toContain(`get ${pathOf(interaction).toLowerCase()}`);
  expect(calls[1]?.toLowerCase()).toBe(callOf(interaction).toLowerCase());
  if (effect !== 'delete') compareBodies(interaction.request.body, stage.sent.at(-1));
  const end = result instanceof ArmError ? 'refused' : await follow(stage, connection, write, result);
  expect({ [`${effect} ${subject.connection}`]: end }).toEqual({
    [`${effect} ${subject.connection}`]: expectedEnd(interactions, write, end),
  });
}

/** The connection as it was listed, or at least read, before the write; `undefined` if nobody had seen it. */
async function connectionBefore({ arm }: Stage, { subject }: RecordedWrite): Promise<Connection | undefined> {
  const id = connectionIdOf(subject.target, subject.connection);
  const listed = await orNothing(() => arm.connections.list(subject.target));
  const found = listed?.connections.find((each) => each.id.key === id.key);
  const read = await orNothing(() => arm.connections.get(id));
  // A list may have been recorded before an earlier write.
  return found?.status === read?.status ? found : read;
}

async function orNothing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ArmError && error.code === 'ARM_FORBIDDEN') return undefined;
    throw error;
  }
}

async function sent(
  { arm }: Stage,
  connection: Connection,
  { effect }: RecordedWrite,
): Promise<WriteReply | ArmError> {
  try {
    return await arm.connections.write({ connection, effect, description: 'ours' }, () => undefined);
  } catch (error) {
    if (error instanceof ArmError) return error;
    throw error;
  }
}

/** Polls as the poller does, on a clock of its own, until the operation ends. */
async function follow(
  stage: Stage,
  connection: Connection,
  { effect }: RecordedWrite,
  reply: WriteReply,
): Promise<string> {
  const { clock } = stage;
  let ticket = ticketOf(stage, connection, effect, reply);
  clock.advance(profileOf(connection.id.target.type).firstPollSeconds);
  for (let polls = 0; polls < 2_000; polls += 1) {
    const step = nextStep(ticket, await poll(stage, connection, ticket), clock.now());
    if (step.kind === 'done') return step.outcome;
    if (step.kind !== 'wait') return step.kind;
    ticket = step.ticket;
    clock.advance(step.delaySeconds);
  }
  return 'endless';
}

function ticketOf(
  { clock }: Stage,
  connection: Connection,
  effect: RecordedWrite['effect'],
  reply: WriteReply,
): Ticket {
  const operation = { effect } as Operation;
  const connectionState = {
    connection: connection.id,
    endpointKey: connection.endpoint?.key ?? '',
    status: connection.status,
    generation: 0,
    firstSeen: clock.now().toISOString(),
  };
  const accepted = reply.kind === 'accepted' ? reply : undefined;
  const ticket = firstTicket(
    { clock, pace: createPace() },
    { connection, connectionState, operation },
    accepted,
  );
  return reply.kind === 'gone' ? { ...ticket, missingSince: clock.now().toISOString() } : ticket;
}

async function poll({ arm }: Stage, { id }: Connection, { phase, operationUrl }: Ticket): Promise<Reply> {
  try {
    return phase === 'operation' && operationUrl !== undefined
      ? { kind: 'operation', report: await arm.operations.read(operationUrl) }
      : { kind: 'connection', connection: await arm.connections.get(id) };
  } catch (error) {
    if (error instanceof ArmError) return { kind: 'error', error };
    throw error;
  }
}

/** What was recorded is sent, too: the wanted status, the endpoint, and the id where the body had one. */
function compareBodies(recorded: unknown, ours: unknown): void {
  const wanted = stateOf(recorded);
  expect(stateOf(ours)).toMatchObject({ status: wanted.status, description: 'ours' });
  const { id, properties } = fieldsOf(recorded);
  if (id !== undefined) expect(fieldsOf(ours)['id']).toBe(id);
  const { privateEndpoint } = fieldsOf(properties);
  if (privateEndpoint !== undefined)
    expect(fieldsOf(fieldsOf(ours)['properties'])['privateEndpoint']).toMatchObject(
      fieldsOf(privateEndpoint),
    );
}
