import { noReads } from '../../../src/policy/cel/costly-reads';
import { ArmError, PosternError } from '../../../src/base/errors';
import { createRig, fakePolicy, targetIds, type FakePolicy, type Rig } from '../../support/rigs/rig';

const targetDetails = { provisioningState: 'Succeeded', kind: undefined, location: 'westeurope', tags: {} };
const details = { location: 'westeurope', tags: {}, subnetId: undefined, targetIds: [] };

/** Rules read facts of the endpoint, and everything is approved. */
function readsEndpoints(): FakePolicy {
  const policy = fakePolicy();
  return Object.assign(policy, {
    reads: { ...noReads, endpoint: true },
  });
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
    const write = rig.arm.write.bind(rig.arm);
    rig.arm.write = async (...order) => {
      rig.clock.advance(21);
      return write(...order);
    };
    await rig.takeRequest(rig.request());
    expect(rig.arm.writes).toEqual([]);
    expect(rig.operation('one')).toMatchObject({ state: 'planned', startedAt: undefined });
    rig.arm.write = write;
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

describe('the facts of a decision', () => {
  const whole = { ...targetDetails, tags: { b: '2', a: '1' } };
  async function writtenAfter(
    seconds: number,
    change: (rig: Rig) => void,
    groups: readonly string[] = [],
  ): Promise<number> {
    const policy = Object.assign(fakePolicy(), {
      reads: { ...noReads, target: true, endpoint: true },
    });
    const rig = rigWith(['one'], policy);
    rig.arm.change('one', { groupIds: groups });
    rig.arm.targetDetails = whole;
    const read = rig.arm.readEndpoint.bind(rig.arm);
    rig.arm.readEndpoint = async (id) => {
      const found = await read(id);
      rig.clock.advance(seconds);
      change(rig);
      rig.arm.readEndpoint = read;
      return found;
    };
    rig.clock.advance(1_000);
    await rig.takeRequest(rig.request());
    return rig.arm.writes.length;
  }

  test('are good for twenty seconds', async () => {
    const changed = (rig: Rig): void => rig.arm.change('one', { message: 'another one' });
    expect(await writtenAfter(20, changed)).toBe(1);
    expect(await writtenAfter(20.001, changed)).toBe(0);
  });

  test.each<[number, string, (rig: Rig) => void]>([
    [1, 'nothing has', () => undefined],
    [
      1,
      'only the order of tags has',
      (rig) => (rig.arm.targetDetails = { ...whole, tags: { a: '1', b: '2' } }),
    ],
    [
      1,
      'only the target’s state has',
      (rig) => (rig.arm.targetDetails = { ...whole, provisioningState: 'Updating' }),
    ],
    [0, 'a tag has', (rig) => (rig.arm.targetDetails = { ...whole, tags: { a: '1' } })],
    [0, 'the target is gone', (rig) => (rig.arm.targetDetails = undefined)],
  ])('are good later, too, for %d write, if %s changed', async (writes, _, change) => {
    expect(await writtenAfter(21, change)).toBe(writes);
  });

  test.each<[number, readonly string[], readonly string[]]>([
    [1, ['a', 'b'], ['a', 'b']],
    [1, [], ['a']],
    [1, ['a'], []],
    [0, ['a', 'b'], ['b', 'a']],
    [0, ['a', 'b'], ['ab']],
  ])('are good for %d write if the groups %j are read as %j', async (writes, before, groupIds) => {
    expect(await writtenAfter(21, (rig) => rig.arm.change('one', { groupIds }), before)).toBe(writes);
  });
});

describe('facts that cost a call are read', () => {
  const calls = async (
    arrange: (rig: Rig) => void,
    reads: Partial<FakePolicy['reads']> = { target: true, endpoint: true },
  ) => {
    const all = { target: false, endpoint: false, tenant: false, ...reads };
    const rig = createRig({ policy: Object.assign(fakePolicy(), { reads: all }) });
    arrange(rig);
    await rig.takeRequest(rig.request());
    return rig.arm.calls.filter((call) => call.startsWith('read'));
  };

  test.each<[readonly string[], string, (rig: Rig) => void]>([
    [[], 'without connections', () => undefined],
    [['readTarget', 'readEndpoint'], 'for one that a rule concerns', (rig) => rig.arm.seed({ name: 'one' })],
    [[], 'not for another status', (rig) => rig.arm.seed({ name: 'one', status: 'Approved' })],
    [[], 'not while Azure is at work', (rig) => rig.arm.seed({ name: 'one', provisioningState: 'Updating' })],
    [
      ['readTarget', 'readEndpoint'],
      'for one of several statuses',
      (rig) => {
        Object.assign(rig.policy, { statuses: ['Pending', 'Rejected'] });
        rig.arm.seed({ name: 'one', status: 'Rejected' });
      },
    ],
    [
      ['readTarget', 'readEndpoint', 'readEndpoint'],
      'once for the target, once for each endpoint',
      (rig) => ['one', 'two'].forEach((name) => rig.arm.seed({ name })),
    ],
  ])('as %j: %s', async (expected, _, arrange) => {
    expect(await calls(arrange)).toEqual(expected);
  });

  test('only if some rule is open without them', async () => {
    const one = (rig: Rig): void => void rig.arm.seed({ name: 'one' });
    expect(await calls(one, { target: false, endpoint: false })).toEqual([]);
    expect(await calls(one, { target: true, endpoint: false })).toEqual(['readTarget']);
    const some = (rig: Rig): void => {
      one(rig);
      rig.arm.seed({ name: 'two' });
      rig.policy.leavesOpen = ({ connection }) => ({
        ...noReads,
        target: connection.name === 'two',
      });
    };
    expect(await calls(some)).toEqual(['readTarget']);
  });

  test('of the target if it may be locked, although no rule reads them', async () => {
    const rig = createRig({ target: targetIds.apiManagement });
    await rig.takeRequest(rig.request());
    expect(rig.arm.calls).toEqual(['list']);
    rig.arm.seed({ name: 'one' });
    rig.clock.advance(60);
    await rig.takeRequest(rig.request());
    expect(rig.arm.calls).toEqual(['list', 'list', 'readTarget']);
  });

  test('and the log says which could not be', async () => {
    const rig = rigWith(['one', 'two']);
    const [first, second] = [...rig.arm.endpoints.keys()];
    rig.arm.endpoints.set(first!, new ArmError('ARM_THROTTLED', 'slow'));
    rig.arm.endpoints.set(second!, new ArmError('ARM_FORBIDDEN', 'no'));
    await rig.takeRequest(rig.request());
    const [fact, endpoint] = rig.lines;
    expect(endpoint).toMatch(
      /\/pe-one could not be read; its connections are not decided now\. ARM_THROTTLED: slow$/,
    );
    expect(fact).toBe('A fact could not be read and stays absent. ARM_FORBIDDEN: no');
    rig.arm.endpoints.set(first!, new TypeError('a bug'));
    rig.clock.advance(60);
    await expect(rig.takeRequest(rig.request({ origin: 'person' }))).rejects.toThrow('a bug');
  });
});

describe('a policy that is replaced while a review works by the old one', () => {
  function replacedAfterDecision(change: (rig: Rig) => void): Rig {
    const rig = createRig();
    rig.arm.appliesWrites = true;
    rig.arm.seed({ name: 'one' });
    rig.policy.effects.set('one', 'approve');
    const append = rig.ledger.append.bind(rig.ledger);
    rig.ledger.append = async (records) => {
      rig.ledger.append = append;
      const added = await append(records);
      change(rig);
      return added;
    };
    return rig;
  }

  test.each<[string, (rig: Rig) => void]>([
    [
      'by one that holds',
      (rig) => {
        rig.load.current = { kind: 'loaded', policy: { ...fakePolicy(), digest: 'e'.repeat(64) } };
      },
    ],
    [
      'by the other mode',
      (rig) => {
        const policy = Object.assign(fakePolicy(), { mode: 'audit' as const });
        rig.load.current = { kind: 'loaded', policy };
      },
    ],
    [
      'by one that does not load',
      (rig) => {
        rig.load.current = { kind: 'refused', digest: 'f'.repeat(64), problems: [] };
      },
    ],
  ])('%s, sends nothing', async (_, change) => {
    const rig = replacedAfterDecision(change);
    await rig.takeRequest(rig.request());
    expect(rig.arm.writes).toEqual([]);
    await rig.run(300);
    expect(rig.arm.writes).toEqual([]);
    expect(rig.ledger.ofKind('decided')[0]).toMatchObject({ effect: 'approve' });
  });

  test('by the same one, sends what was decided', async () => {
    const rig = replacedAfterDecision((same) => {
      same.load.current = { kind: 'loaded', policy: { ...same.policy } };
    });
    await rig.takeRequest(rig.request());
    expect(rig.arm.writes).toHaveLength(1);
  });
});
