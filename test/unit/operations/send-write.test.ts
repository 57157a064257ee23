import { ArmError, PosternError, type ArmErrorCode } from '../../../src/base/errors';
import type { WriteReply } from '../../../src/connections/connection-store';
import type { Effect } from '../../../src/policy/decision';
import { createRig, fakePolicy, targetIds, type Rig } from '../../support/rigs/rig';

const url = 'https://management.azure.com/operations/1';

/** Reviews one connection that is to be written to, with what ARM replies. */
async function written(
  reply: WriteReply | Error,
  { effect = 'approve', target }: { effect?: Effect; target?: string } = {},
): Promise<Rig> {
  const rig = createRig(target === undefined ? {} : { target });
  rig.arm.seed({ name: 'one', message: 'CHG 1' });
  rig.policy.effects.set('one', effect);
  rig.arm.writeReplies.push(reply);
  await rig.takeRequest(rig.request());
  return rig;
}

function noteOf(rig: Rig): string | undefined {
  return rig.telemetry.emitted.find(({ kind }) => kind === 'requested')?.reason;
}

const accepted = (httpStatus: number, more: object = {}): WriteReply => ({
  kind: 'accepted',
  httpStatus,
  ...more,
});

describe('a reply that shows the connection as wanted and settled', () => {
  const shows = { status: 'Approved', provisioningState: 'Succeeded' };

  async function writtenThen(
    reply: WriteReply,
    change: Parameters<Rig['arm']['change']>[1] | Error,
  ): Promise<Rig> {
    const rig = createRig();
    rig.arm.seed({ name: 'one', message: 'CHG 1' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push(reply);
    const { write } = rig.arm;
    rig.arm.write = async (...args) => {
      const accepted = await write.apply(rig.arm, args);
      if (change instanceof Error) rig.arm.getFailure = change;
      else rig.arm.change('one', { message: args[0].description, ...change });
      return accepted;
    };
    await rig.takeRequest(rig.request());
    return rig;
  }

  test('is proven at once, by reading the connection', async () => {
    const rig = await writtenThen(accepted(200, { shows }), { status: 'Approved' });
    expect(rig.arm.calls).toEqual(['list', 'write', 'get']);
    expect(rig.alarm.history).toEqual([]);
    expect(rig.operation('one')).toMatchObject({
      state: 'applied',
      lastHttpStatus: 200,
      ticket: { polls: 1 },
    });
    expect(rig.ledger.ofKind('applied')[0]?.operation).toMatchObject({ attempt: 1, polls: 1 });
  });

  test.each<[string, WriteReply, Parameters<Rig['arm']['change']>[1] | Error, readonly string[]]>([
    ['the connection does not show it yet', accepted(200, { shows }), {}, ['list', 'write', 'get']],
    [
      'the connection is still being changed',
      accepted(200, { shows }),
      { status: 'Approved', provisioningState: 'Updating' },
      ['list', 'write', 'get'],
    ],
    [
      'it cannot be read',
      accepted(200, { shows }),
      new ArmError('ARM_THROTTLED', 'slow'),
      ['list', 'write', 'get'],
    ],
    [
      'the reply shows the old status',
      accepted(200, { shows: { ...shows, status: 'Pending' } }),
      { status: 'Approved' },
      ['list', 'write'],
    ],
    [
      'the reply says that work goes on',
      accepted(200, { shows: { ...shows, provisioningState: 'Updating' } }),
      { status: 'Approved' },
      ['list', 'write'],
    ],
    ['the reply shows nothing', accepted(200), { status: 'Approved' }, ['list', 'write']],
  ])('is not believed if %s: it is polled as ever', async (_, reply, change, calls) => {
    const rig = await writtenThen(reply, change);
    expect(rig.arm.calls).toEqual(calls);
    expect(rig.operation('one')).toMatchObject({ state: 'running', ticket: { polls: 0, confirmed: true } });
    expect(rig.alarm.pending).toMatchObject([{ delaySeconds: 10, message: { poll: 0 } }]);
  });

  test('a connection that is gone at that moment is not taken for gone', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push(accepted(200, { shows }));
    jest.spyOn(rig.arm, 'get').mockResolvedValueOnce(undefined);
    await rig.takeRequest(rig.request());
    expect(rig.operation('one')?.ticket?.missingSince).toBeUndefined();
    expect(rig.operation('one')?.state).toBe('running');
  });
});

describe('the first poll after a write', () => {
  const disk = targetIds.diskAccess;
  test.each<[string, WriteReply, Parameters<typeof written>[1], number, boolean]>([
    ['202 from a vault', accepted(202), {}, 10, true],
    ['202 that asks for patience', accepted(202, { retryAfterSeconds: 100 }), {}, 100, true],
    ['202 that asks for haste', accepted(202, { retryAfterSeconds: 1 }), {}, 10, true],
    ['200 from a vault, which is still at work', accepted(200), {}, 10, true],
    ['200 to a delete', accepted(200), { effect: 'delete' }, 1, true],
    ['204 to a delete', accepted(204), { effect: 'delete' }, 1, true],
    ['202 to a delete', accepted(202), { effect: 'delete' }, 10, true],
    ['200 from a disk access, which may have done nothing', accepted(200), { target: disk }, 1, false],
    ['204 from a disk access', accepted(204), { target: disk }, 1, true],
    ['202 from a disk access', accepted(202), { target: disk }, 10, true],
    ['200 to a delete of a disk access', accepted(200), { target: disk, effect: 'delete' }, 1, true],
    ['200 with an operation URL', accepted(200, { operationUrl: url }), { target: disk }, 10, true],
    ['204 with an operation URL', accepted(204, { operationUrl: url }), { target: disk }, 10, true],
    ['202 from API Management', accepted(202), { target: targetIds.apiManagement }, 60, true],
  ])('follows %s when the reply asks for it', async (_, reply, options, delaySeconds, confirmed) => {
    const rig = await written(reply, options);
    expect(rig.alarm.pending).toMatchObject([{ delaySeconds, message: { poll: 0 } }]);
    const dueAt = new Date(rig.clock.now().getTime() + delaySeconds * 1000).toISOString();
    expect(rig.operation('one')).toMatchObject({ state: 'running', dueAt, ticket: { confirmed, polls: 0 } });
  });

  test('asks the operation URL if there is one, and the connection otherwise', async () => {
    const withUrl = await written(accepted(202, { operationUrl: url }));
    expect(withUrl.operation('one')?.ticket).toMatchObject({ phase: 'operation', operationUrl: url });
    const without = await written(accepted(202));
    expect(without.operation('one')?.ticket).toMatchObject({ phase: 'proof', operationUrl: undefined });
  });

  test('knows what it is to find, and until when', async () => {
    const vault = await written(accepted(202));
    const { startedAt } = vault.operation('one')!;
    const after = (seconds: number) =>
      new Date(new Date(startedAt!).getTime() + seconds * 1000).toISOString();
    expect(vault.operation('one')?.ticket).toMatchObject({
      connectionId: `${vault.target.id}/privateEndpointConnections/one`,
      effect: 'approve',
      statusBefore: 'Pending',
      pollFloorSeconds: 10,
      endpointKey: expect.stringMatching(/\/pe-one$/),
      namedDecision: vault.operation('one')?.decisionId,
      answersBy: after(60),
      deadlineAt: after(15 * 60),
    });
    const disk = await written(accepted(202), { target: targetIds.diskAccess });
    expect(disk.operation('one')?.ticket?.answersBy).toBeUndefined();
    const lost = await written(new ArmError('ARM_UNREACHABLE', 'no reply'));
    expect(lost.operation('one')?.ticket?.answersBy).toBeUndefined();
    expect(lost.operation('one')?.ticket?.deadlineAt).toBe(after(60));
  });
});

describe('the record of a write', () => {
  test.each<[string, WriteReply | Error, string]>([
    ['ARM’s answer', accepted(202), 'ARM answered 202'],
    [
      'a URL that was not trusted',
      accepted(202, { refusedUrl: 'https://evil.test/' }),
      'ARM answered 202; its operation URL is outside ARM and was not called',
    ],
    [
      'a connection that is gone',
      { kind: 'gone', httpStatus: 404 },
      'ARM answered 404: the connection is gone if the next poll does not find it either',
    ],
    [
      'an answer that did not come',
      new ArmError('ARM_UNREACHABLE', 'reset'),
      'No definite answer; the next poll reads the connection. ARM_UNREACHABLE: reset',
    ],
  ])('says %s', async (_, reply, note) => {
    expect(noteOf(await written(reply))).toBe(note);
  });

  test('carries the trace of the request that led to it', async () => {
    const rig = createRig();
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    await rig.takeRequest(rig.request({ traceId: 'abc' }));
    expect(rig.alarm.pending).toMatchObject([{ message: { traceId: 'abc' } }]);
  });
});

describe('a write that ARM answers with an error', () => {
  const error = (code: ArmErrorCode, retryAfterSeconds?: number): ArmError =>
    new ArmError(code, 'trouble', { httpStatus: 499, retryAfterSeconds });

  test.each<ArmErrorCode>(['ARM_UNAVAILABLE', 'ARM_UNREACHABLE', 'ARM_UNREADABLE'])(
    'may have been done after %s: the connection is read, not before ARM wants it',
    async (code) => {
      const rig = await written(error(code));
      expect(rig.operation('one')).toMatchObject({
        state: 'running',
        lastHttpStatus: 499,
        ticket: { confirmed: false },
      });
      expect(rig.alarm.pending).toMatchObject([{ delaySeconds: 10 }]);
      expect((await written(error(code, 77))).alarm.pending).toMatchObject([{ delaySeconds: 77 }]);
    },
  );

  test.each<ArmErrorCode>(['ARM_THROTTLED', 'ARM_CONFLICT', 'ARM_UNAUTHENTICATED'])(
    'was not done after %s: the same attempt is still to be made',
    async (code) => {
      const rig = await written(error(code));
      const { state, ticket, startedAt, attempt } = rig.operation('one')!;
      expect([state, ticket, startedAt, attempt]).toEqual(['planned', undefined, undefined, 1]);
      expect(rig.alarm.pending).toEqual([]);
    },
  );

  test.each<ArmErrorCode>([
    'ARM_FORBIDDEN',
    'ARM_FOREIGN_TENANT',
    'ARM_REFUSED',
    'ARM_NOT_FOUND',
    'ARM_UNTRUSTED_URL',
  ])('has failed after %s, and is tried again later', async (code) => {
    const rig = await written(error(code));
    expect(rig.operation('one')).toMatchObject({ state: 'failed', retryAt: expect.any(String) });
    expect(rig.ledger.ofKind('failed')).toMatchObject([
      {
        reason: 'Azure refused the write',
        operation: { error: `${code}: trouble`, lastHttpStatus: 499, polls: 0 },
      },
    ]);
    expect(rig.reviews.pending).toMatchObject([{ message: { because: 'retry' } }]);
  });

  test.each(['LEASE_LOST', 'READING_STALE'] as const)('is left to others after %s', async (code) => {
    const rig = await written(new PosternError(code, 'too late'));
    expect(rig.operation('one')).toMatchObject({ state: 'planned', attempt: 1 });
    expect([rig.alarm.pending, rig.ledger.ofKind('failed')]).toEqual([[], []]);
  });

  test('fails loudly after what nobody expects', async () => {
    await expect(written(new Error('a bug'))).rejects.toThrow('a bug');
  });
});

describe('a description that a provider refuses', () => {
  const refusal = (message: string, armCode?: string, httpStatus = 400): ArmError =>
    new ArmError('ARM_REFUSED', message, { httpStatus, armCode });

  async function refused(...errors: Error[]): Promise<Rig> {
    const rig = createRig();
    rig.arm.seed({ name: 'one', message: 'CHG 1 ' });
    rig.policy.effects.set('one', 'approve');
    rig.arm.writeReplies.push(...errors);
    await rig.takeRequest(rig.request());
    return rig;
  }

  test('is sent with less and less of a note', async () => {
    const tooLong = refusal('The description is too long');
    const rig = await refused(tooLong, tooLong);
    expect(rig.arm.writes.map(({ description }) => description)).toEqual([
      expect.stringMatching(/^CHG 1 \[Postern approved: rule-approve; [0-9a-f]{8}\]$/),
      expect.stringMatching(/^CHG 1 \[Postern approved; [0-9a-f]{8}\]$/),
      'CHG 1 ',
    ]);
    expect(rig.operation('one')).toMatchObject({ state: 'running', attempt: 1 });
    expect(rig.operation('one')?.ticket?.namedDecision).toBeUndefined();
  });

  test('has failed when it is refused without a note as well', async () => {
    const tooLong = refusal('The description is too long');
    const rig = await refused(tooLong, tooLong, tooLong);
    expect(rig.arm.writes).toHaveLength(3);
    expect(rig.operation('one')?.state).toBe('failed');
  });

  test.each([
    ['Invalid descriptions', undefined],
    ['Bad Message', undefined],
    ['the comment is not allowed', undefined],
    ['Wrong length', undefined],
    ['it is too long', undefined],
    ['it is toolong', undefined],
    ['only 140 characters', undefined],
    ['over the maximum', undefined],
    ['no', 'DescriptionInvalid'],
  ])('may be what ARM means by "%s" (%s)', async (message, code) => {
    const rig = await refused(refusal(message, code));
    expect(rig.arm.writes).toHaveLength(2);
    expect(rig.operation('one')?.state).toBe('running');
  });

  test.each([
    ['another reason', refusal('The endpoint is not known', 'Conflict')],
    ['another HTTP status', refusal('The description is too long', undefined, 409)],
    ['another error', new ArmError('ARM_FORBIDDEN', 'no description for you', { httpStatus: 400 })],
  ])('is not the reason of %s', async (_, error) => {
    const rig = await refused(error);
    expect(rig.arm.writes).toHaveLength(1);
    expect(rig.operation('one')?.state).toBe('failed');
  });
});

describe('what a write carries', () => {
  test('a delete carries no words', async () => {
    const rig = await written(accepted(200), { effect: 'delete' });
    expect(rig.arm.writes).toMatchObject([{ effect: 'delete', description: '' }]);
    expect(rig.operation('one')?.ticket?.namedDecision).toBeUndefined();
  });

  test('an approval has one note: the note of an earlier answer gives way, a request’s own words do not', async () => {
    const message = 'CHG 1 [Postern rejected: old; 00000000]';
    for (const status of ['Pending', 'Rejected']) {
      const rig = createRig({ policy: fakePolicy(['Pending', 'Rejected']) });
      rig.arm.seed({ name: 'one', message, status });
      rig.policy.effects.set('one', 'approve');
      await rig.takeRequest(rig.request());
      const words = status === 'Pending' ? message : 'CHG 1';
      expect(rig.arm.writes[0]?.description.startsWith(`${words} [Postern approved`)).toBe(true);
    }
  });

  test('a time-limited approval belongs to the write that makes it, not to a later one that ends it', async () => {
    const rig = createRig({ policy: fakePolicy(['Pending', 'Approved']) });
    rig.policy.expireAfterSeconds = 30 * 24 * 3600;
    rig.arm.appliesWrites = true;
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    await rig.takeRequest(rig.request());
    const approvalOf = () => rig.operations.rows(rig.target)[0]?.approval;
    const { decisionId } = rig.operation('one')!;
    expect(approvalOf()).toMatchObject({ decisionId, endpointKey: expect.stringMatching(/\/pe-one$/) });
    await rig.run(60);
    rig.policy.effects.set('one', 'reject');
    rig.policy.digest = 'e'.repeat(64);
    rig.clock.advance(60);
    await rig.takeRequest(rig.request());
    expect(rig.arm.writes.map(({ effect }) => effect)).toEqual(['approve', 'reject']);
    expect(approvalOf()?.decisionId).toBe(decisionId);
  });
});

test('a repeated attempt does not count for the spacing of writes', async () => {
  const rig = await written(new ArmError('ARM_FORBIDDEN', 'no'));
  const writesOf = () => rig.operations.rows(rig.target)[0]?.writes;
  expect(writesOf()).toHaveLength(1);
  await rig.run(16 * 60);
  expect(rig.arm.writes).toHaveLength(2);
  expect(writesOf()).toHaveLength(1);
});
