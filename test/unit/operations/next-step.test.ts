import fc from 'fast-check';
import { ArmError, type ArmErrorCode } from '../../../src/base/errors';
import { afterGlance, nextStep } from '../../../src/operations/next-step';
import type { Ticket } from '../../../src/operations/operation';
import type { Reply, Step } from '../../../src/operations/proof/step';

const now = new Date('2026-01-05T12:00:00Z');
const ticket: Ticket = {
  version: 1,
  connectionId: '/subscriptions/x',
  effect: 'approve',
  statusBefore: 'Pending',
  phase: 'proof',
  confirmed: true,
  pollFloorSeconds: 10,
  deadlineAt: '2026-01-05T12:15:00Z',
  polls: 3,
};
const inOperation: Ticket = { ...ticket, phase: 'operation', operationUrl: 'https://arm/op' };

function connection(
  status: string,
  provisioningState: string | undefined = 'Succeeded',
  message = 'please',
): Reply {
  return { kind: 'connection', connection: { status, message, provisioningState } };
}
function inState(provisioningState: string | undefined): Reply {
  return { kind: 'connection', connection: { status: 'Approved', message: '', provisioningState } };
}
function behind(key: string): Reply {
  const endpoint = { subscriptionId: '', resourceGroup: '', name: '', id: key, key };
  const view = { status: 'Approved', message: '', provisioningState: 'Succeeded', endpoint };
  return { kind: 'connection', connection: view };
}
const gone: Reply = { kind: 'connection', connection: undefined };
function report(httpStatus: number, rest: object = {}): Reply {
  return { kind: 'operation', report: { httpStatus, ...rest } };
}
function trouble(code: ArmErrorCode, retryAfterSeconds?: number): Reply {
  return { kind: 'error', error: new ArmError(code, 'trouble', { retryAfterSeconds }) };
}
function summary(step: Step): string {
  switch (step.kind) {
    case 'done':
      return step.outcome;
    case 'wait':
      return `${step.ticket.phase} in ${step.delaySeconds}`;
    case 'failed':
    case 'expired':
      return step.kind;
  }
}

type Case = [string, Partial<Ticket>, Reply, string];

describe('a poll that read the connection', () => {
  const cases: readonly Case[] = [
    ['the wanted status and a final state are the proof', {}, connection('Approved'), 'applied'],
    ['a status in other letters is the same status', {}, connection('APPROVED', 'succeeded'), 'applied'],
    [
      'the new status while Key Vault is still updating proves nothing',
      {},
      connection('Approved', 'Updating'),
      'proof in 10',
    ],
    [
      'Succeeded with the old status proves nothing: API Management and disks say so while they work',
      {},
      connection('Pending'),
      'proof in 10',
    ],
    ['a state that is in no enum is not final', {}, connection('Approved', 'Approving'), 'proof in 10'],
    [
      'the wanted status of a provisioning that failed is a failure',
      {},
      connection('Approved', 'Failed'),
      'failed',
    ],
    [
      'the old status of a provisioning that failed is a failure',
      {},
      connection('Pending', 'Failed'),
      'failed',
    ],
    ['another final status is somebody else’s work', {}, connection('Rejected'), 'superseded'],
    [
      'another status that is still moving is waited for',
      {},
      connection('Rejected', 'Updating'),
      'proof in 10',
    ],
    ['one look that does not find the connection proves nothing', {}, gone, 'proof in 30'],
    ['nor does it for a delete', { effect: 'delete' }, gone, 'proof in 30'],
    [
      'nor do two that follow each other at once',
      { missingSince: '2026-01-05T11:59:31Z' },
      gone,
      'proof in 30',
    ],
    [
      'a connection that two looks have not found supersedes an approval',
      { missingSince: '2026-01-05T11:59:30Z' },
      gone,
      'superseded',
    ],
    [
      'a connection that two looks have not found is what a delete wanted',
      { effect: 'delete', missingSince: '2026-01-05T11:59:30Z' },
      gone,
      'applied',
    ],
    [
      'a connection that one look has not found goes on where it was',
      { missingSince: '2026-01-05T11:59:30Z' },
      connection('Approved'),
      'applied',
    ],
    [
      'a connection that is still there after a delete is waited for',
      { effect: 'delete' },
      connection('Disconnected'),
      'proof in 10',
    ],
    [
      'a reported failure counts once the connection shows no change',
      { reportedError: 'x: y' },
      connection('Pending'),
      'failed',
    ],
    [
      'a reported failure is void when the connection is as wanted',
      { reportedError: 'x: y' },
      connection('Approved'),
      'applied',
    ],
    ...['', 'Pending', 'Zzz', undefined].flatMap((state): Case[] => [
      [`${state} for a state proves nothing at once`, {}, inState(state), 'proof in 10'],
      [
        `${state} for a state is waited for, but not for ever`,
        { unknownSince: '2026-01-05T11:58:00Z' },
        inState(state),
        'applied',
      ],
      [
        `${state} for a state is waited for as long as twelve polls take`,
        { unknownSince: '2026-01-05T11:58:01Z' },
        inState(state),
        'proof in 10',
      ],
      [
        `${state} for a state at the deadline leaves what is proven to decide`,
        { deadlineAt: '2026-01-05T12:00:00Z' },
        inState(state),
        'applied',
      ],
    ]),
    [
      'the old status is an answer once it cannot lag any more: nothing was done, or somebody has undone it',
      { answersBy: '2026-01-05T12:00:00Z' },
      connection('Pending'),
      'expired',
    ],
    [
      'the old status may lag until then',
      { answersBy: '2026-01-05T12:00:01Z' },
      connection('Pending'),
      'proof in 10',
    ],
    [
      'another endpoint behind the name is another connection',
      { endpointKey: '/subscriptions/a' },
      behind('/subscriptions/b'),
      'superseded',
    ],
    [
      'an endpoint that ARM leaves out is no other',
      { endpointKey: '/subscriptions/a' },
      connection('Approved'),
      'applied',
    ],
  ];
  test.each(cases)('%s', (_, change, reply, expected) => {
    expect(summary(nextStep({ ...ticket, ...change }, reply, now))).toBe(expected);
  });
});

describe('the end that a reading proves', () => {
  const seen = (status: string, isNamed?: boolean): object =>
    isNamed === undefined ? { seen: { status } } : { seen: { status, isNamed } };
  const missing = { missingSince: '2026-01-05T11:59:30Z' };
  const cases: readonly [string, Partial<Ticket>, Reply, object][] = [
    [
      'an approval',
      {},
      connection('Approved'),
      {
        kind: 'done',
        outcome: 'applied',
        reason: 'The connection was read back as Approved',
        ...seen('Approved', false),
      },
    ],
    [
      'a rejection',
      { effect: 'reject', namedDecision: 'cafe0123' },
      connection('Rejected', 'Succeeded', '[Postern rejected; cafe0123]'),
      {
        kind: 'done',
        outcome: 'applied',
        reason: 'The connection was read back as Rejected',
        ...seen('Rejected', true),
      },
    ],
    [
      'a removal',
      { effect: 'delete', ...missing },
      gone,
      { kind: 'done', outcome: 'applied', reason: 'The connection is gone', ...seen('(gone)') },
    ],
    [
      'a connection that went away',
      missing,
      gone,
      { kind: 'done', outcome: 'superseded', reason: 'The connection went away', ...seen('(gone)') },
    ],
    [
      'another status',
      {},
      connection('Rejected'),
      {
        kind: 'done',
        outcome: 'superseded',
        reason: 'Someone else changed the status to Rejected',
        ...seen('Rejected'),
      },
    ],
    [
      'another endpoint',
      { endpointKey: '/subscriptions/a' },
      behind('/subscriptions/b'),
      {
        kind: 'done',
        outcome: 'superseded',
        reason: 'The connection name now belongs to another endpoint',
        ...seen('Approved'),
      },
    ],
    [
      'somebody else’s approval',
      { confirmed: false, namedDecision: 'cafe0123' },
      connection('Approved'),
      {
        kind: 'done',
        outcome: 'superseded',
        reason:
          'The status is Approved, but the description does not name this decision: someone else changed it',
        ...seen('Approved', false),
      },
    ],
    [
      'a provisioning that failed behind the new status',
      { reportedError: 'x: y' },
      connection('Approved', 'Failed'),
      { kind: 'failed', error: 'the status is Approved, but provisioningState is Failed' },
    ],
    [
      'a provisioning that failed behind the old status',
      {},
      connection('Pending', 'Cancelled'),
      { kind: 'failed', error: 'provisioningState is Cancelled' },
    ],
    [
      'one whose error was reported',
      { reportedError: 'x: y' },
      connection('Pending', 'Canceled'),
      { kind: 'failed', error: 'x: y' },
    ],
    [
      'a write without an effect',
      { answersBy: '2026-01-05T12:00:00Z' },
      connection('Pending'),
      {
        kind: 'expired',
        error: 'the status is still Pending: the write had no effect, or someone has undone it',
        undone: true,
      },
    ],
    [
      'a deadline',
      { deadlineAt: '2026-01-05T12:00:00Z' },
      connection('Pending'),
      { kind: 'expired', error: 'the deadline passed without proof' },
    ],
  ];
  test.each(cases)('%s is told in words, with what was read', (_, change, reply, expected) => {
    expect(nextStep({ ...ticket, ...change }, reply, now)).toEqual(expected);
  });

  test('an endpoint of which nothing was known before is no other', () => {
    expect(summary(nextStep(ticket, behind('/subscriptions/b'), now))).toBe('applied');
  });

  test('an undocumented state is noted from the first reading on, and forgotten with a documented one', () => {
    const first = nextStep(ticket, inState('Zzz'), now);
    expect(first).toMatchObject({ ticket: { unknownSince: now.toISOString() } });
    const noted = { ...ticket, unknownSince: '2026-01-05T11:59:00Z' };
    expect(nextStep(noted, inState('Zzz'), now)).toMatchObject({
      ticket: { unknownSince: noted.unknownSince },
    });
    expect(nextStep(noted, inState('Updating'), now)).toMatchObject({ ticket: { unknownSince: undefined } });
  });
});

describe('the wanted status after a write that ARM never confirmed', () => {
  const unconfirmed: Ticket = { ...ticket, confirmed: false, namedDecision: 'cafe0123-and-more' };
  const cases: readonly [string, Ticket, string, string][] = [
    [
      'is ours when the description names the decision',
      unconfirmed,
      'please [Postern approved: a; cafe0123]',
      'applied',
    ],
    ['is somebody else’s when the description names nothing', unconfirmed, 'please', 'superseded'],
    [
      'is somebody else’s when the description names another decision',
      unconfirmed,
      '[Postern approved: a; beef0123]',
      'superseded',
    ],
    [
      'is taken for ours when the note did not fit: nothing tells',
      { ...unconfirmed, namedDecision: undefined },
      'x',
      'applied',
    ],
    ['is ours without a word once ARM has confirmed', { ...unconfirmed, confirmed: true }, 'x', 'applied'],
  ];
  test.each(cases)('%s', (_, unsure, message, expected) => {
    expect(summary(nextStep(unsure, connection('Approved', 'Succeeded', message), now))).toBe(expected);
  });
});

describe('a poll that asked the operation URL', () => {
  const cases: readonly [string, Reply, string][] = [
    ['202 means not yet', report(202), 'operation in 10'],
    [
      'Retry-After is honoured when it is longer than the floor',
      report(202, { retryAfterSeconds: 60 }),
      'operation in 60',
    ],
    [
      'the floor is kept when Retry-After is shorter',
      report(202, { retryAfterSeconds: 1 }),
      'operation in 10',
    ],
    ['200 with InProgress means not yet', report(200, { status: 'InProgress' }), 'operation in 10'],
    ['Succeeded is followed by the proof at once', report(200, { status: 'Succeeded' }), 'proof in 0'],
    ['an empty 200 is followed by the proof at once', report(200), 'proof in 0'],
    ['204 is followed by the proof at once', report(204), 'proof in 0'],
    [
      'Failed is not believed before the connection was read',
      report(200, { status: 'Failed' }),
      'proof in 0',
    ],
    [
      'an operation that was forgotten leaves the connection to tell',
      trouble('ARM_NOT_FOUND'),
      'proof in 10',
    ],
    [
      'a role that may not read operations leaves the connection to tell',
      trouble('ARM_FORBIDDEN'),
      'proof in 10',
    ],
    ['throttling moves the poll by what ARM says', trouble('ARM_THROTTLED', 324), 'operation in 324'],
    ['no answer is asked for again', trouble('ARM_UNREACHABLE'), 'operation in 10'],
    ['a token that is not there is waited for', trouble('ARM_UNAUTHENTICATED', 50), 'operation in 50'],
    [
      'a refusal is the bad end of an operation: the proof follows at once',
      trouble('ARM_REFUSED'),
      'proof in 0',
    ],
    ...['Succeeded', 'Ready', 'completed'].map((status): [string, Reply, string] => [
      `${status} is an end`,
      report(202, { status }),
      'proof in 0',
    ]),
    ...['failed', 'Canceled', 'Cancelled', 'TimedOut'].map((status): [string, Reply, string] => [
      `${status} is an end`,
      report(202, { status }),
      'proof in 0',
    ]),
  ];
  test.each(cases)('%s', (_, reply, expected) => {
    expect(summary(nextStep(inOperation, reply, now))).toBe(expected);
  });

  test('throttled past its deadline it does not expire: nobody was let to look', () => {
    const late = { ...inOperation, deadlineAt: '2026-01-05T11:59:59Z' };
    expect(nextStep(late, trouble('ARM_THROTTLED', 40), now)).toEqual({
      kind: 'wait',
      delaySeconds: 40,
      ticket: {
        ...late,
        polls: 4,
        deadlineAt: '2026-01-05T12:00:50.000Z',
        throttledUntil: '2026-01-06T11:59:59.000Z',
      },
    });
  });

  test('throttled for a day it has expired: nobody waits for ever', () => {
    let current: Ticket = inOperation;
    let instant = now;
    for (let poll = 0; poll < 30; poll += 1) {
      const step = nextStep(current, trouble('ARM_THROTTLED', 3600), instant);
      if (step.kind !== 'wait') return expect([step.kind, poll]).toEqual(['expired', 25]);
      instant = new Date(instant.getTime() + step.delaySeconds * 1000);
      current = step.ticket;
    }
    throw new Error('it never ends');
  });

  test('an operation that ended shows within five minutes, or has expired', () => {
    const step = nextStep(inOperation, report(200), now);
    expect(step).toMatchObject({ ticket: { deadlineAt: '2026-01-05T12:05:00.000Z' } });
    const last = { ...inOperation, deadlineAt: '2026-01-05T12:01:00.000Z' };
    expect(nextStep(last, report(200), now)).toMatchObject({ ticket: { deadlineAt: last.deadlineAt } });
  });

  test.each(['Failed', 'Canceled', 'Cancelled', 'TimedOut'])(
    '%s without an error is told by that word',
    (status) => {
      const step = nextStep(inOperation, report(200, { status }), now);
      expect(step).toMatchObject({ ticket: { reportedError: `the operation ended as ${status}` } });
    },
  );

  test.each([
    ...['InProgress', 'Running', 'Accepted', 'NotStarted', 'Started', 'Creating', 'Updating', 'Deleting'],
  ])('%s is no reason to read the connection as well', (status) => {
    expect(nextStep({ ...inOperation, polls: 0 }, report(200, { status }), now)).toEqual({
      kind: 'wait',
      delaySeconds: 10,
      ticket: { ...inOperation, polls: 1 },
    });
  });

  test('a refusal is carried into the proof as the error of the operation', () => {
    expect(nextStep(inOperation, trouble('ARM_REFUSED'), now)).toMatchObject({
      ticket: { phase: 'proof', operationUrl: undefined, reportedError: 'ARM_REFUSED: trouble' },
    });
  });

  test('throttled long before its deadline it keeps the deadline', () => {
    expect(nextStep(inOperation, trouble('ARM_THROTTLED', 40), now)).toMatchObject({
      delaySeconds: 40,
      ticket: { deadlineAt: inOperation.deadlineAt },
    });
  });

  test('an operation that ended gives the old status six floors to change', () => {
    expect(nextStep(inOperation, report(204), now)).toMatchObject({
      ticket: { answersBy: '2026-01-05T12:01:00.000Z' },
    });
  });

  test('a new operation URL replaces the old one', () => {
    const step = nextStep(inOperation, report(202, { nextUrl: 'https://arm/other' }), now);
    expect(step).toMatchObject({ ticket: { operationUrl: 'https://arm/other', polls: 4 } });
  });

  test('the error that was reported is carried into the proof', () => {
    const error = { code: 'Conflict', message: 'boom' };
    const step = nextStep(inOperation, report(200, { status: 'Failed', error }), now);
    expect(step).toMatchObject({ ticket: { reportedError: 'Conflict: boom', operationUrl: undefined } });
  });
});

test('one refusal to show the connection ends nothing; at the deadline the trouble is named', () => {
  expect(summary(nextStep(ticket, trouble('ARM_FORBIDDEN'), now))).toBe('proof in 10');
  const late = new Date(ticket.deadlineAt);
  expect(nextStep(ticket, trouble('ARM_FORBIDDEN'), late)).toEqual({
    kind: 'expired',
    error: 'ARM_FORBIDDEN: trouble',
  });
});

describe('an operation URL that never ends', () => {
  const waiting = (reply: Reply, polls = 0): Extract<Step, { kind: 'wait' }> => {
    const step = nextStep({ ...inOperation, polls }, reply, now);
    if (step.kind !== 'wait') throw new Error(`it ended: ${step.kind}`);
    return step;
  };

  test('makes the connection tell with every fourth look, and with each one that says what nobody knows', () => {
    expect([0, 1, 2, 3, 7].map((polls) => waiting(report(202), polls).glance)).toEqual([
      undefined,
      undefined,
      undefined,
      true,
      true,
    ]);
    expect(waiting(report(200, { status: 'Waiting' })).glance).toBe(true);
  });

  test('is over when the connection is as wanted', () => {
    const step = waiting(report(202), 3);
    const view = { status: 'Approved', message: '', provisioningState: 'Succeeded' };
    expect(summary(afterGlance(step, view, now))).toBe('applied');
    expect(summary(afterGlance(step, { ...view, provisioningState: 'Updating' }, now))).toBe(
      'operation in 10',
    );
    expect(summary(afterGlance(step, { ...view, status: 'Rejected' }, now))).toBe('operation in 10');
    expect(summary(afterGlance(step, undefined, now))).toBe('operation in 10');
  });

  test('is over when two looks have not found what is to be deleted', () => {
    const first = afterGlance(waiting(report(202), 3), undefined, now);
    expect(first).toMatchObject({ ticket: { missingSince: now.toISOString() } });
    const step = nextStep(
      { ...inOperation, effect: 'delete', polls: 7, missingSince: now.toISOString() },
      report(202),
      new Date('2026-01-05T12:01:00Z'),
    );
    if (step.kind !== 'wait') throw new Error('it ended');
    expect(summary(afterGlance(step, undefined, new Date('2026-01-05T12:01:00Z')))).toBe('applied');
  });

  test.each(['Cancelled', 'TimedOut', 'Failed'])('that says %s is followed by the proof', (status) => {
    expect(waiting(report(200, { status }))).toMatchObject({
      delaySeconds: 0,
      ticket: { reportedError: `the operation ended as ${status}` },
    });
  });

  test('has a reading of the connection before its deadline ends it', () => {
    const late = new Date(inOperation.deadlineAt);
    for (const reply of [report(202), trouble('ARM_UNREACHABLE'), trouble('ARM_FORBIDDEN')]) {
      expect(summary(nextStep(inOperation, reply, late))).toBe('proof in 0');
    }
  });
});

test('past its deadline an operation that would wait has expired, and one that is proven is done', () => {
  const late = new Date(ticket.deadlineAt);
  expect(summary(nextStep(ticket, connection('Pending'), late))).toBe('expired');
  expect(summary(nextStep(ticket, connection('Approved'), late))).toBe('applied');
});

describe('over any sequence of replies', () => {
  const states = fc.constantFrom('Succeeded', 'Updating', 'Failed', 'Creating', 'Zzz', undefined);
  const statuses = fc.constantFrom('Pending', 'Approved', 'Rejected', 'Disconnected', 'Approving');
  const replies: fc.Arbitrary<Reply> = fc.oneof(
    fc
      .record({ status: statuses, message: fc.string(), provisioningState: states })
      .map((view) => ({ kind: 'connection' as const, connection: view })),
    fc.constant(gone),
    fc
      .record({
        httpStatus: fc.constantFrom(200, 201, 202, 204),
        status: fc.constantFrom('Succeeded', 'Failed', 'InProgress', 'Canceled', undefined),
        retryAfterSeconds: fc.option(fc.nat(500), { nil: undefined }),
      })
      .map((r) => ({ kind: 'operation' as const, report: r })),
    fc
      .constantFrom<ArmErrorCode>(
        'ARM_THROTTLED',
        'ARM_FORBIDDEN',
        'ARM_NOT_FOUND',
        'ARM_UNREACHABLE',
        'ARM_UNAUTHENTICATED',
      )
      .map((code) => trouble(code)),
  );
  const effects = fc.constantFrom<Ticket['effect']>('approve', 'reject', 'delete');

  test('applied is only ever said of a connection that was read as wanted', () => {
    fc.assert(
      fc.property(replies, effects, fc.boolean(), (reply, effect, proving) => {
        const step = nextStep({ ...(proving ? ticket : inOperation), effect }, reply, now);
        if (step.kind !== 'done' || step.outcome !== 'applied') return;
        expect(reply.kind).toBe('connection');
        const view = reply.kind === 'connection' ? reply.connection : undefined;
        const wanted = { approve: 'Approved', reject: 'Rejected', delete: undefined }[effect];
        expect(view?.status).toBe(wanted);
        expect(view?.provisioningState).toBe('Succeeded');
      }),
      { numRuns: 1000 },
    );
  });

  test('every operation ends: polls keep the floor and stop at the deadline', () => {
    fc.assert(
      fc.property(fc.array(replies, { minLength: 400, maxLength: 400 }), effects, (script, effect) => {
        let current: Ticket = { ...inOperation, effect, polls: 0 };
        let instant = now;
        for (const reply of script) {
          // In the proof only the connection is asked.
          if (current.phase === 'proof' && reply.kind === 'operation') continue;
          const step = nextStep(current, reply, instant);
          if (step.kind !== 'wait') return;
          expect(step.ticket.polls).toBe(current.polls + 1);
          if (step.delaySeconds > 0) expect(step.delaySeconds).toBeGreaterThanOrEqual(10);
          else expect([current.phase, step.ticket.phase]).toEqual(['operation', 'proof']);
          instant = new Date(instant.getTime() + step.delaySeconds * 1000);
          current = step.ticket;
        }
        throw new Error(`400 replies and no end at ${instant.toISOString()}`);
      }),
      { numRuns: 300 },
    );
  });
});
