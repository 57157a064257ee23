import fc from 'fast-check';
import { parseTableConnection } from '../../../src/azure/arm/connections/table/table-body';
import { type WireType, wireTypeOf } from '../../../src/azure/arm/connections/table/wire-type';
import { ArmError } from '../../../src/base/errors';
import { progressOf } from '../../../src/connections/connection';
import { connectionIdOf, parseTargetId, type TargetId } from '../../../src/connections/resource-id';
import {
  isOwnStoreType,
  profileOf,
  type TargetType,
  targetTypes,
} from '../../../src/connections/target-type';
import { nextStep } from '../../../src/operations/next-step';
import type { Ticket } from '../../../src/operations/operation';
import { type ConnectionView, type Reply, type Step, wantedStatus } from '../../../src/operations/proof/step';

/**
 * Whatever a provider says, and whatever row its type has: an operation ends as applied only when the connection was
 * read with the wanted status, in a state that the row calls an end; a deletion only when it was not found twice.
 */
const group = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg';
const now = new Date('2026-01-01T00:00:00Z');

const words = ['Pending', 'Approved', 'Rejected', 'Disconnected', 'Approving', 'Updating', 'Invented'];
const states = [
  undefined,
  'Succeeded',
  'SUCCEEDED',
  'Ready',
  'Failed',
  'Waiting',
  'Updating',
  'Dequeued',
  'Invented',
  ...words,
];
type Said = typeof said extends fc.Arbitrary<infer T> ? T : never;

const said = fc.oneof(
  fc.record({
    kind: fc.constant('read' as const),
    state: fc.constantFrom(...states),
    status: fc.constantFrom(...words),
  }),
  fc.record({
    kind: fc.constant('operation' as const),
    status: fc.constantFrom('Succeeded', 'Failed', 'InProgress', 'Dequeued', 'Approved', undefined),
    httpStatus: fc.constantFrom(200, 201, 202, 204),
  }),
  fc.constant({ kind: 'nothing' as const }),
  fc.constant({ kind: 'refused' as const }),
);

function targetOf(type: TargetType): TargetId {
  const [namespace = '', ...parts] = type.split('/');
  return parseTargetId(`${group}/providers/${namespace}/${parts.map((part) => `${part}/name1`).join('/')}`);
}

function replyFrom(one: Said, viewOf: ViewOf): Reply {
  switch (one.kind) {
    case 'nothing':
      return { kind: 'connection', connection: undefined };
    case 'refused':
      return { kind: 'error', error: new ArmError('ARM_REFUSED', 'no', { httpStatus: 400 }) };
    case 'operation':
      return { kind: 'operation', report: { httpStatus: one.httpStatus, status: one.status } };
    case 'read':
      return { kind: 'connection', connection: viewOf(one.status, one.state) };
  }
}

/** Reads a connection as the store of a type does. */
type ViewOf = (status: string, state: string | undefined) => ConnectionView;

async function viewsOf(type: TargetType): Promise<ViewOf> {
  if (isOwnStoreType(type))
    return (status, provisioningState) => ({ status, message: '', provisioningState });
  const wire: WireType = await wireTypeOf(type);
  const id = connectionIdOf(targetOf(type), 'c');
  return (status, provisioningState) =>
    parseTableConnection(
      { properties: { provisioningState, privateLinkServiceConnectionState: { status, description: '' } } },
      id,
      wire,
    );
}

function ticketFor(type: TargetType, effect: Ticket['effect']): Ticket {
  const { pollFloorSeconds, deadlineSeconds } = profileOf(type);
  return {
    version: 1,
    connectionId: 'c',
    effect,
    statusBefore: effect === 'approve' ? 'Pending' : 'Approved',
    phase: 'operation',
    operationUrl: 'https://management.azure.com/o',
    confirmed: true,
    pollFloorSeconds,
    deadlineAt: new Date(now.getTime() + deadlineSeconds * 1000).toISOString(),
    polls: 0,
  };
}

type NextStep = typeof nextStep;

/** Plays replies until the operation ends. Returns what is wrong with an end as applied; `undefined`: nothing is. */
function problemIn(replies: readonly Reply[], first: Ticket, next: NextStep): string | undefined {
  let ticket = first;
  let at = now.getTime();
  let absences = 0;
  for (const reply of replies) {
    const step = next(ticket, reply, new Date(at));
    if (reply.kind === 'connection') absences = reply.connection === undefined ? absences + 1 : 0;
    if (step.kind === 'done' && step.outcome === 'applied') return unproven(reply, first.effect, absences);
    if (step.kind !== 'wait') return undefined;
    ticket = step.ticket;
    at += Math.max(step.delaySeconds, 1) * 1000;
  }
  return undefined;
}

function unproven(reply: Reply, effect: Ticket['effect'], absences: number): string | undefined {
  if (reply.kind !== 'connection') return 'the connection was not read';
  const wanted = wantedStatus(effect);
  if (reply.connection?.status !== wanted) return `read as ${reply.connection?.status}`;
  if (reply.connection === undefined) return absences < 2 ? 'not found only once' : undefined;
  const progress = progressOf(reply.connection);
  // The types with a store of their own: a state that nobody knows is waited for, and then the status decides.
  const isAccepted = progress === 'unknown' && reply.connection.progress === undefined;
  return progress === 'final' || isAccepted ? undefined : `the provider is ${progress}`;
}

const effects = ['approve', 'reject', 'delete'] as const;
const rows = targetTypes().flatMap((type) => effects.map((effect) => ({ type, effect })));

/** What providers say, at random. */
function findProblem(viewOf: ViewOf, first: Ticket, next: NextStep, numRuns: number): string | undefined {
  const runs = fc.tuple(said, fc.integer({ min: 1, max: 20 }));
  const result = fc.check(
    fc.property(fc.array(runs, { minLength: 1, maxLength: 5 }), (parts) => {
      const replies = parts.flatMap(([one, times]) =>
        Array.from({ length: times }, () => replyFrom(one, viewOf)),
      );
      return problemIn(replies, first, next) === undefined;
    }),
    { numRuns, endOnFailure: true },
  );
  return result.failed ? JSON.stringify(result.counterexample) : undefined;
}

test('there are rows for all types', () => {
  expect(rows.length).toBeGreaterThanOrEqual(3 * 102);
});

test.each(rows)(
  'no reply of $type leads a write ($effect) to applied without proof',
  async ({ type, effect }) => {
    expect(findProblem(await viewsOf(type), ticketFor(type, effect), nextStep, 60)).toBeUndefined();
  },
);

test.each(rows)('what is proven of $type is applied ($effect)', async ({ type, effect }) => {
  const viewOf = await viewsOf(type);
  const [end] = (isOwnStoreType(type) ? undefined : (await wireTypeOf(type)).states.terminal) ?? [
    'Succeeded',
  ];
  const wanted = wantedStatus(effect);
  const reply: Reply = {
    kind: 'connection',
    connection: wanted === undefined ? undefined : viewOf(wanted, end),
  };
  const ticket: Ticket = { ...ticketFor(type, effect), phase: 'proof', operationUrl: undefined };
  const step = nextStep(ticket, reply, now);
  if (wanted !== undefined) {
    expect(step).toMatchObject({ kind: 'done', outcome: 'applied' });
    return;
  }
  if (step.kind !== 'wait') throw new Error(`one absence ended the deletion as ${step.kind}`);
  const later = new Date(now.getTime() + step.delaySeconds * 1000);
  expect(nextStep(step.ticket, reply, later)).toMatchObject({ kind: 'done', outcome: 'applied' });
});

const applied = (status: string): Step => ({
  kind: 'done',
  outcome: 'applied',
  reason: '',
  seen: { status },
});

/** Proofs with a part left out. */
const broken: Readonly<Record<string, NextStep>> = {
  'an operation that says Succeeded is enough': (ticket, reply, at) =>
    reply.kind === 'operation' && reply.report.status === 'Succeeded'
      ? applied(wantedStatus(ticket.effect) ?? '')
      : nextStep(ticket, reply, at),
  'a status is enough, whatever the state': (ticket, reply, at) =>
    reply.kind === 'connection' && reply.connection?.status === (wantedStatus(ticket.effect) ?? 'none')
      ? applied(reply.connection.status)
      : nextStep(ticket, reply, at),
  'an end is enough, whatever the status': (ticket, reply, at) =>
    reply.kind === 'connection' && reply.connection !== undefined && progressOf(reply.connection) === 'final'
      ? applied(reply.connection.status)
      : nextStep(ticket, reply, at),
  'a connection that is gone once is gone': (ticket, reply, at) =>
    reply.kind === 'connection' && reply.connection === undefined ? applied('') : nextStep(ticket, reply, at),
};

describe.each(Object.entries(broken))('a proof by which %s', (name, next) => {
  const concerned = rows.filter(({ effect }) => effect !== 'delete' || !name.startsWith('a status'));

  test.each(concerned)('is noticed for $type ($effect)', async ({ type, effect }) => {
    expect(findProblem(await viewsOf(type), ticketFor(type, effect), next, 1_000)).toBeDefined();
  });
});

test('a wanted status in a state that nobody knows is told as unproven', async () => {
  const type = targetTypes().find((each) => !isOwnStoreType(each));
  if (type === undefined) throw new Error('the table is empty');
  const viewOf = await viewsOf(type);
  const reply: Reply = { kind: 'connection', connection: viewOf('Approved', 'Invented') };
  const ticket: Ticket = { ...ticketFor(type, 'approve'), phase: 'proof', operationUrl: undefined };
  expect(nextStep(ticket, reply, now).kind).toBe('wait');
  const late = new Date(Date.parse(ticket.deadlineAt));
  expect(nextStep(ticket, reply, late)).toMatchObject({ kind: 'done', outcome: 'unproven' });
});
