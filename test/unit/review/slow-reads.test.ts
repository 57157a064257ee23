import { ArmError, PosternError } from '../../../src/base/errors';
import { createRig, fakePolicy, type FakePolicy, type Rig } from '../../support/rigs/rig';

const targetDetails = { provisioningState: 'Succeeded', kind: undefined, location: 'westeurope', tags: {} };
const details = { location: 'westeurope', tags: {}, subnetId: undefined, targetIds: [] };

/** Rules read facts of the endpoint, and everything is approved. */
function readsEndpoints(): FakePolicy {
  const policy = fakePolicy();
  return Object.assign(policy, { reads: { target: false, endpoint: true } });
}

/** A target with Pending connections that the policy approves; each write ends at once. */
function rigWith(names: readonly string[], policy = readsEndpoints()): Rig {
  const rig = createRig({ policy });
  for (const name of names) {
    const { endpoint } = rig.arm.seed({ name });
    rig.arm.endpoints.set(endpoint!.key, details);
    rig.policy.effects.set(name, 'approve');
  }
  return rig;
}

const written = (rig: Rig): readonly string[] => rig.arm.writes.map(({ connection }) => connection.id.name);

describe('an endpoint that cannot be read now', () => {
  test('keeps only its own connection waiting, for as long as ARM asks', async () => {
    const rig = rigWith(['one', 'two']);
    const [key] = [...rig.arm.endpoints.keys()];
    rig.arm.endpoints.set(key!, new ArmError('ARM_THROTTLED', 'slow down', { retryAfterSeconds: 77 }));
    await rig.takeRequest(rig.request());
    expect(written(rig)).toEqual(['two']);
    expect(rig.ledger.ofKind('decided').map(({ connection }) => connection)).toEqual([
      expect.stringMatching(/two$/),
    ]);
    expect(rig.reviews.pending).toMatchObject([{ delaySeconds: 77 }]);
  });

  test('is not taken for one that may not be read: nothing is decided without its facts', async () => {
    const rig = rigWith(['one']);
    const [key] = [...rig.arm.endpoints.keys()];
    rig.arm.endpoints.set(key!, new ArmError('ARM_UNAVAILABLE', '503'));
    await rig.takeRequest(rig.request());
    expect(rig.ledger.records).toEqual([]);
    rig.arm.endpoints.set(key!, new ArmError('ARM_FORBIDDEN', 'no'));
    await rig.run(60);
    expect(written(rig)).toEqual(['one']);
  });

  test.each([
    'ARM_UNAUTHENTICATED',
    'ARM_UNTRUSTED_URL',
    'ARM_UNREADABLE',
    'ARM_THROTTLED',
    'ARM_CONFLICT',
  ] as const)('trouble with one endpoint (%s) keeps only its own connection waiting', async (code) => {
    const rig = rigWith(['one', 'two']);
    const [key] = [...rig.arm.endpoints.keys()];
    rig.arm.endpoints.set(key!, new ArmError(code, 'odd'));
    await rig.takeRequest(rig.request());
    expect(written(rig)).toEqual(['two']);
    expect(rig.reviews.pending).toHaveLength(1);
  });

  test.each(['ARM_FORBIDDEN', 'ARM_FOREIGN_TENANT', 'ARM_NOT_FOUND', 'ARM_REFUSED'] as const)(
    'what may not be read (%s) is absent, and waited for by nobody',
    async (code) => {
      const rig = rigWith(['one']);
      const [key] = [...rig.arm.endpoints.keys()];
      rig.arm.endpoints.set(key!, new ArmError(code, 'no'));
      await rig.takeRequest(rig.request());
      expect(written(rig)).toEqual(['one']);
      expect(rig.reviews.pending).toEqual([]);
    },
  );

  test('a connection whose endpoint cannot be read is told of once a day, and decided when it can', async () => {
    const rig = rigWith(['one']);
    const [key] = [...rig.arm.endpoints.keys()];
    rig.arm.endpoints.set(key!, new ArmError('ARM_UNAVAILABLE', '503'));
    await rig.takeRequest(rig.request());
    await rig.run(25 * 3600);
    expect(rig.ledger.records).toMatchObject([
      { kind: 'waited', status: 'Pending', reason: 'Not decided: its endpoint could not be read' },
      { kind: 'waited', reason: 'Not decided: its endpoint could not be read' },
    ]);
    rig.arm.endpoints.delete(key!);
    rig.arm.appliesWrites = true;
    await rig.run(16 * 60);
    expect(written(rig)).toEqual(['one']);
  });
});

describe('when reading takes long', () => {
  /** Each endpoint takes so many seconds, one after the other. */
  function slow(rig: Rig, seconds: number): void {
    const read = rig.arm.readEndpoint.bind(rig.arm);
    rig.arm.readEndpoint = async (id) => {
      rig.clock.advance(seconds);
      return read(id);
    };
  }

  test('the connection is read again right before its write, and written to when it is as it was', async () => {
    const rig = rigWith(Array.from({ length: 64 }, (_, index) => `pe-${index}`));
    slow(rig, 0.35);
    await rig.takeRequest(rig.request());
    expect(written(rig)).toHaveLength(1);
    expect(rig.arm.calls.slice(-3)).toEqual(['get', 'readEndpoint', 'write']);
  });

  test.each([
    ['its status', { status: 'Approved' }],
    ['its message', { message: 'another one' }],
    ['its endpoint', { endpointText: undefined }],
    ['its provisioning state', { provisioningState: 'Updating' }],
    ['its group', { groupIds: ['other'] }],
  ])('a connection that changed %s meanwhile is not written to, but decided anew', async (_, change) => {
    const rig = rigWith(['one']);
    if ('groupIds' in change) rig.arm.change('one', { groupIds: ['one'] });
    const read = rig.arm.readEndpoint.bind(rig.arm);
    rig.arm.readEndpoint = async (id) => {
      rig.clock.advance(21);
      rig.arm.change('one', change);
      return read(id);
    };
    await rig.takeRequest(rig.request());
    expect(rig.arm.calls).toEqual(['list', 'readEndpoint', 'get']);
    expect(rig.reviews.pending).toHaveLength(1);
  });

  test.each([
    ['of the target', { target: true, endpoint: true }],
    ['of the endpoint', { target: false, endpoint: true }],
  ] as const)('a fact %s that changed meanwhile is decided anew', async (_, reads) => {
    const policy = Object.assign(fakePolicy(), { reads });
    const rig = rigWith(['one'], policy);
    rig.arm.appliesWrites = true;
    const read = rig.arm.readEndpoint.bind(rig.arm);
    rig.arm.readEndpoint = async (id) => {
      const answer = await read(id);
      if (policy.seen.length > 0) return answer;
      rig.clock.advance(21);
      if (reads.target) rig.arm.targetDetails = { ...targetDetails, tags: { env: 'prod' } };
      else rig.arm.endpoints.set(id.toLowerCase(), { ...details, tags: { app: 'other' } });
      return answer;
    };
    await rig.takeRequest(rig.request());
    expect(rig.arm.writes).toEqual([]);
    await rig.run(30);
    expect(written(rig)).toEqual(['one']);
    const tags = policy.seen.map(({ target, endpoint }) => (reads.target ? target.tags : endpoint?.tags));
    expect(tags.slice(0, 2)).toEqual([{}, reads.target ? { env: 'prod' } : { app: 'other' }]);
  });

  test('a connection that went away meanwhile is not written to', async () => {
    const rig = rigWith(['one']);
    const read = rig.arm.readEndpoint.bind(rig.arm);
    rig.arm.readEndpoint = async (id) => {
      rig.clock.advance(21);
      rig.arm.remove('one');
      return read(id);
    };
    await rig.takeRequest(rig.request());
    expect(rig.arm.writes).toEqual([]);
  });

  test('facts that are ten minutes old are read again, later and later', async () => {
    const rig = rigWith(['one']);
    slow(rig, 601);
    await rig.takeRequest(rig.request());
    await rig.takeRequest(rig.request({ attempt: 3 }));
    expect(rig.arm.writes).toEqual([]);
    const delays = rig.reviews.pending.map(({ delaySeconds }) => delaySeconds);
    expect(delays).toEqual([10, 80]);
  });

  test('a write whose way to the wire took too long does not leave, and is made later', async () => {
    const rig = rigWith(['one'], fakePolicy());
    const save = rig.operations.save.bind(rig.operations);
    rig.operations.save = async (...order) => {
      rig.clock.advance(21);
      return save(...order);
    };
    await rig.takeRequest(rig.request());
    expect(rig.arm.writes).toEqual([]);
    expect(rig.operation('one')).toMatchObject({ state: 'planned', startedAt: undefined });
    rig.operations.save = save;
    await rig.run(60);
    expect(written(rig)).toEqual(['one']);
  });
});

test('a row whose operation has another effect than the decision says is not carried out', async () => {
  const rig = rigWith(['one'], fakePolicy());
  rig.arm.appliesWrites = true;
  rig.policy.effects.set('one', 'reject');
  rig.arm.writeReplies.push(new ArmError('ARM_THROTTLED', 'slow', { retryAfterSeconds: 30 }));
  await rig.takeRequest(rig.request());
  const [row] = rig.operations.rows(rig.target);
  await rig.operations.save(rig.target, [{ ...row!, operation: { ...row!.operation!, effect: 'approve' } }]);
  await rig.run(120);
  expect(rig.arm.writes.map(({ effect }) => effect)).toEqual(['reject', 'reject']);
});

test('rows that conflict again and again are tried more and more seldom', async () => {
  const rig = rigWith(['one'], fakePolicy());
  const conflict = (): void => rig.operations.failNext(new PosternError('STORE_CONFLICT', 'changed'));
  conflict();
  await rig.takeRequest(rig.request({ attempt: 7 }));
  const [first] = rig.reviews.pending;
  for (const attempt of [first!.message.attempt, 3, 20]) {
    conflict();
    await rig.takeRequest({ ...first!.message, attempt });
  }
  expect(rig.reviews.pending.map(({ delaySeconds }) => delaySeconds)).toEqual([1, 2, 8, 300]);
});
